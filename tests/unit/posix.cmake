# What only the POSIX port has to show.
if(NOT WIN32)
  azmend_unit(posix
    ROOMS host
    SOURCES test_posix.c)
  target_compile_definitions(unit_posix PRIVATE _XOPEN_SOURCE=700)
endif()
