# One golden file: NAME.EXIT.golden. Its first line holds the arguments, the rest is what stdout must be.
#   cmake -DAZMEND=build/dev/azmend -DGOLDEN=tests/golden/check.12.golden [-DUPDATE=ON] -P run.cmake
# What differs from run to run stands as RUN_ID, STARTED, DURATION, VERSION and COMMIT. UPDATE writes the file anew: read the diff.
cmake_minimum_required(VERSION 3.21)
get_filename_component(folder ${GOLDEN} DIRECTORY)
get_filename_component(name ${GOLDEN} NAME)
string(REGEX REPLACE "^.*\\.([0-9]+)\\.golden$" "\\1" expected_exit ${name})

file(READ ${GOLDEN} golden)
string(FIND "${golden}" "\n" end)
string(SUBSTRING "${golden}" 0 ${end} line)
math(EXPR start "${end} + 1")
string(SUBSTRING "${golden}" ${start} -1 expected)
separate_arguments(arguments UNIX_COMMAND "${line}")

execute_process(
  COMMAND ${AZMEND} ${arguments}
  WORKING_DIRECTORY ${folder}
  RESULT_VARIABLE exit
  OUTPUT_VARIABLE output
  ERROR_VARIABLE errors)
string(REGEX REPLACE "[0-9]+T[0-9]+Z-[0-9a-f]+" "RUN_ID" output "${output}")
string(REGEX REPLACE "(\"startedAt\": ?)\"[^\"]*\"" "\\1\"STARTED\"" output "${output}")
string(REGEX REPLACE "(\"durationMs\": ?)[0-9]+" "\\1DURATION" output "${output}")
string(REGEX REPLACE "azmend [0-9]+\\.[0-9]+\\.[0-9]+" "azmend VERSION" output "${output}")
string(REGEX REPLACE "(\"version\": ?)\"[0-9.]+\",( *\n? *\"commit\": ?)\"[0-9a-f]*\"" "\\1\"VERSION\",\\2\"COMMIT\"" output
       "${output}")

if(UPDATE)
  file(WRITE ${GOLDEN} "${line}\n${output}")
endif()
if(NOT "${exit}" STREQUAL "${expected_exit}")
  message(FATAL_ERROR "${name}: exit code ${exit}\n${errors}${output}")
endif()
if(NOT UPDATE AND NOT "${output}" STREQUAL "${expected}")
  file(WRITE ${ACTUAL} "${line}\n${output}")
  execute_process(COMMAND diff -u ${GOLDEN} ${ACTUAL})
  message(FATAL_ERROR "${name}: stdout differs")
endif()
