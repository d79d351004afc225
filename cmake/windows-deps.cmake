# The libraries of scripts/deps-windows as targets; linux-deps.cmake defines the same names.

include("${CMAKE_CURRENT_LIST_DIR}/delay-import.cmake")

if(NOT EXISTS "${AZMEND_DEPS}/stamp")
  message(FATAL_ERROR "AZMEND_DEPS is not a finished prefix of scripts/deps-windows: '${AZMEND_DEPS}'")
endif()

# gcc's libssp asks advapi32 for random bytes before wmain, and that loads rsaenh, bcrypt and their kin from the
# program's own folder. These three symbols keep libssp out of the program.
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/stack-guard.c" @ONLY CONTENT [=[
#define _WIN32_WINNT 0x0603
#include <windows.h>
#include <intrin.h>
#include <stdint.h>

extern uintptr_t __stack_chk_guard;
_Noreturn void __stack_chk_fail(void);
_Noreturn void __chk_fail(void);

uintptr_t __stack_chk_guard;

/* The same sources as Microsoft's own cookie; no call here may load a DLL.
 * Protected, this would compare the guard before with the guard after. */
__attribute__((constructor, no_stack_protector)) static void guard_init(void)
{
    LARGE_INTEGER ticks;
    FILETIME now;
    QueryPerformanceCounter(&ticks);
    GetSystemTimePreciseAsFileTime(&now);
    uintptr_t mixed = (uintptr_t)&ticks ^ (uintptr_t)ticks.QuadPart << 24 ^ (uintptr_t)__rdtsc() << 16;
    mixed ^= (uintptr_t)now.dwHighDateTime << 32 ^ (uintptr_t)now.dwLowDateTime << 8;
    mixed ^= (uintptr_t)GetCurrentProcessId() << 40 ^ (uintptr_t)GetCurrentThreadId() << 12;
    /* The odd factor spreads the few changing bits; a zero byte stops a string that runs over its array. */
    __stack_chk_guard = mixed * 0x9e3779b97f4a7c15U & ~(uintptr_t)0xff;
}

/* __fastfail, which mingw-w64 10 lacks: ends the process without running any more of its code. */
_Noreturn static void fail_fast(unsigned code)
{
    __asm__ volatile("int $0x29" : : "c"(code));
    __builtin_unreachable();
}

void __stack_chk_fail(void)
{
    fail_fast(FAST_FAIL_STACK_COOKIE_CHECK_FAILURE);
}

void __chk_fail(void)
{
    fail_fast(FAST_FAIL_RANGE_CHECK_FAILURE);
}
]=])
add_library(azmend_stack_guard STATIC "${CMAKE_BINARY_DIR}/stack-guard.c")
# Of libssp itself only the checked string functions of _FORTIFY_SOURCE are left to link.
target_link_libraries(azmend_stack_guard INTERFACE ssp)

function(azmend_add_static_library name archive)
  add_library(${name} STATIC IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES
    IMPORTED_LOCATION "${AZMEND_DEPS}/lib/${archive}"
    INTERFACE_INCLUDE_DIRECTORIES "${AZMEND_DEPS}/include"
    INTERFACE_COMPILE_DEFINITIONS "${ARGN}"
    INTERFACE_LINK_LIBRARIES azmend_stack_guard)
endfunction()

azmend_add_static_library(azmend_zlib libz.a)
azmend_add_static_library(azmend_curl libcurl.a CURL_STATICLIB)
azmend_add_static_library(azmend_cares libcares.a CARES_STATICLIB)
azmend_add_static_library(azmend_cjson libcjson.a CJSON_HIDE_SYMBOLS)
azmend_add_static_library(azmend_expat libexpat.a XML_STATIC)
azmend_add_static_library(azmend_archive libarchive.a LIBARCHIVE_STATIC)
azmend_add_static_library(azmend_cunit libcunit.a)

# advapi32, kernel32 and msvcrt are the compiler's own defaults. secur32 and iphlpapi are loaded at run time.
target_link_libraries(azmend_archive INTERFACE azmend_zlib)
azmend_delay_import(azmend_curl bcrypt crypt32 ws2_32)
azmend_delay_import(azmend_cares ws2_32)
