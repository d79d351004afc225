# Archives: the script makes them and starts the test in their folder.
find_package(Python3 COMPONENTS Interpreter)
azmend_unit(pack
  ROOMS pack
  LAUNCHER ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/pack_archives.py ${CMAKE_CROSSCOMPILING_EMULATOR}
  SOURCES test_pack.c)
# What downloads are pinned by, by each system's own library.
azmend_unit(digest ROOMS host SOURCES test_digest.c)
