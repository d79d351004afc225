# Debian's -dev packages as targets; windows-deps.cmake defines the same names.

find_package(PkgConfig REQUIRED)

function(azmend_add_package name module)
  pkg_check_modules(${name}_package REQUIRED IMPORTED_TARGET GLOBAL ${module})
  add_library(${name} INTERFACE IMPORTED GLOBAL)
  target_link_libraries(${name} INTERFACE PkgConfig::${name}_package)
endfunction()

azmend_add_package(azmend_curl libcurl)
azmend_add_package(azmend_cares libcares)
azmend_add_package(azmend_cjson libcjson)
azmend_add_package(azmend_expat expat)
azmend_add_package(azmend_archive libarchive)
azmend_add_package(azmend_crypto libcrypto)
azmend_add_package(azmend_cunit cunit)
