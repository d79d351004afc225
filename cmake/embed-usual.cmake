# Turns what machines usually have into one C file. Run at build time:
#   cmake -DOUTPUT=usual_bytes.c "-DUSUAL=a.json;b.json" -P embed-usual.cmake

# One array a file. As bytes, and not as trees like the playbooks: they are read with a machine document alone.
function(embed_files prefix files ret_arrays ret_rows)
  set(arrays "")
  set(rows "")
  set(index 0)
  foreach(file ${files})
    get_filename_component(name ${file} NAME)
    file(SIZE ${file} size)
    file(READ ${file} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND arrays "static const unsigned char ${prefix}_${index}[] = {${bytes}0x00};\n")
    string(APPEND rows "    {\"${name}\", (const char *)${prefix}_${index}, ${size}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  set(${ret_arrays} "${arrays}" PARENT_SCOPE)
  set(${ret_rows} "${rows}" PARENT_SCOPE)
endfunction()

embed_files(usual "${USUAL}" arrays rows)
file(WRITE ${OUTPUT} "/* Made by cmake/embed-usual.cmake from playbooks/usual/. */
#include \"host/sim/sim_usual.h\"

${arrays}
const struct sim_usual sim_usual_documents[] = {
${rows}    {NULL, NULL, 0},
};
")
