# Version and manifest of the program; included where the target `azmend` is made.
enable_language(RC)
set(AZMEND_MANIFEST ${CMAKE_CURRENT_LIST_DIR}/azmend.exe.manifest)
configure_file(${CMAKE_CURRENT_LIST_DIR}/azmend.rc.in ${CMAKE_BINARY_DIR}/azmend.rc @ONLY)
set_source_files_properties(${CMAKE_BINARY_DIR}/azmend.rc PROPERTIES OBJECT_DEPENDS ${AZMEND_MANIFEST})
target_sources(azmend PRIVATE ${CMAKE_BINARY_DIR}/azmend.rc)
