# The warning set, all as errors, on gcc, clang and mingw-w64 gcc; and the hardening that goes with it.
set(AZMEND_WARNINGS
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes
    -Wold-style-definition -Wvla -Wundef -Wcast-qual -Wcast-align -Wwrite-strings -Wformat=2 -Wswitch-enum
    -Wimplicit-fallthrough -Wnull-dereference -Wpointer-arith -Wdouble-promotion)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  list(APPEND AZMEND_WARNINGS -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Walloca -Wstack-usage=8192
       -Warith-conversion)
endif()

function(azmend_warnings target)
  target_compile_options(${target} PRIVATE ${AZMEND_WARNINGS} -fstack-protector-strong)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_definitions(${target} PRIVATE _FORTIFY_SOURCE=2)
  endif()
  if(WIN32)
    target_compile_definitions(${target} PRIVATE __USE_MINGW_ANSI_STDIO=1 _WIN32_WINNT=0x0603 UNICODE _UNICODE)
  else()
    target_compile_definitions(${target} PRIVATE _POSIX_C_SOURCE=200809L)
  endif()
  if(AZMEND_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=address,undefined -fno-sanitize-recover=all
                                             -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=address,undefined)
  endif()
  if(AZMEND_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link -O1)
  endif()
endfunction()
