# azmend_delay_import(<target> <dll>...): calls into these DLLs load them at the first call instead of before wmain.
# Name the DLLs on the target whose code makes the calls, so that the linker meets them after that code.
# What this protects against, and its limits: README.md in this folder.

# The DLL's import library as it comes with the compiler.
function(azmend_find_import_library dll ret_path)
  execute_process(
    COMMAND ${CMAKE_C_COMPILER} -print-file-name=lib${dll}.a
    OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  if(NOT EXISTS "${path}")
    message(FATAL_ERROR "the compiler has no import library for ${dll}")
  endif()
  set(${ret_path} "${path}" PARENT_SCOPE)
endfunction()

# dlltool names only functions it finds in a .def file; the import library knows them all.
function(azmend_write_def path import_library)
  execute_process(
    COMMAND ${CMAKE_NM} ${import_library}
    OUTPUT_VARIABLE symbols ERROR_QUIET COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL " I __imp_[^\r\n]+" imports "${symbols}")
  list(TRANSFORM imports REPLACE " I __imp_" "")
  list(SORT imports)
  list(JOIN imports "\n" lines)
  file(WRITE "${path}" "EXPORTS\n${lines}\n")
endfunction()

function(azmend_add_delay_library dll)
  set(folder "${CMAKE_BINARY_DIR}/delay-import")
  azmend_find_import_library(${dll} import_library)
  azmend_write_def("${folder}/${dll}.def" ${import_library})
  execute_process(
    COMMAND ${CMAKE_DLLTOOL} --identify-strict --identify ${import_library}
    OUTPUT_VARIABLE dll_name OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  # A relative output name: dlltool writes it into the archive's members.
  execute_process(
    COMMAND ${CMAKE_DLLTOOL} --deterministic-libraries --input-def ${dll}.def --dllname ${dll_name}
            --output-delaylib libdelay_${dll}.a
    WORKING_DIRECTORY "${folder}" COMMAND_ERROR_IS_FATAL ANY)
  add_library(azmend_delay_${dll} STATIC IMPORTED GLOBAL)
  # The import library follows for what is not imported: ws2_32 also holds in6addr_any and the like.
  set_target_properties(azmend_delay_${dll} PROPERTIES
    IMPORTED_LOCATION "${folder}/libdelay_${dll}.a"
    INTERFACE_LINK_LIBRARIES ${dll})
endfunction()

function(azmend_delay_import target)
  get_target_property(is_imported ${target} IMPORTED)
  get_target_property(type ${target} TYPE)
  set(scope PRIVATE)
  if(is_imported OR type STREQUAL "INTERFACE_LIBRARY")
    set(scope INTERFACE)
  endif()
  foreach(dll IN LISTS ARGN)
    if(NOT TARGET azmend_delay_${dll})
      azmend_add_delay_library(${dll})
    endif()
    target_link_libraries(${target} ${scope} azmend_delay_${dll})
  endforeach()
endfunction()
