# x86_64 Windows with Debian's mingw-w64 gcc, win32 thread variant.
# AZMEND_DEPS (cache or environment): the prefix printed by scripts/deps-windows.

if(NOT AZMEND_DEPS AND DEFINED ENV{AZMEND_DEPS})
  set(AZMEND_DEPS "$ENV{AZMEND_DEPS}")
endif()
if(NOT AZMEND_DEPS)
  message(FATAL_ERROR "set AZMEND_DEPS to the prefix printed by scripts/deps-windows")
endif()
set(AZMEND_DEPS "${AZMEND_DEPS}" CACHE PATH "prefix printed by scripts/deps-windows")

set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(AZMEND_TRIPLET x86_64-w64-mingw32)

# The posix variant would import libwinpthread-1.dll.
set(CMAKE_C_COMPILER ${AZMEND_TRIPLET}-gcc-win32)
set(CMAKE_RC_COMPILER ${AZMEND_TRIPLET}-windres)
# -static: no libssp-0.dll or libgcc_s_seh-1.dll beside the program. No time stamp: the same sources give the same bytes.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -Wl,--no-insert-timestamp")

# try_compile starts a project of its own and would not know the prefix.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES AZMEND_DEPS)

set(CMAKE_FIND_ROOT_PATH "${AZMEND_DEPS}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# pkg-config knows nothing of root paths: without this it answers with the build machine's libraries.
set(ENV{PKG_CONFIG_LIBDIR} "${AZMEND_DEPS}/lib/pkgconfig")
