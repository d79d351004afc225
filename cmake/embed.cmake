# Turns playbooks and tables into one C file, so that the program needs nothing beside it. Run at build time:
#   cmake -DOUTPUT=embedded.c -DPLAYBOOKS=a.json;b.json -DCOMMON=common.json -DTEXTS=texts/a.en.json -DTABLES=c.json "-DLANGUAGES=en;ja" -P embed.cmake
# The bytes go in as they are: line numbers in messages stay those of the file in the tree.

# One `static const unsigned char` array a file; appends its rows to `ret_rows`.
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

# What every playbook says, in every language; that no text of a file is missing is for `azmend validate`, which runs
# right after the link.
foreach(playbook ${PLAYBOOKS} ${COMMON})
  get_filename_component(folder ${playbook} DIRECTORY)
  get_filename_component(name ${playbook} NAME_WE)
  foreach(language ${LANGUAGES})
    if(NOT EXISTS ${folder}/texts/${name}.${language}.json)
      message(FATAL_ERROR "playbooks/texts/${name}.${language}.json is missing")
    endif()
  endforeach()
endforeach()

embed_files(playbook "${PLAYBOOKS}" playbook_arrays playbook_rows)
embed_files(common "${COMMON}" common_arrays common_rows)
embed_files(text "${TEXTS}" text_arrays text_rows)
embed_files(table "${TABLES}" table_arrays table_rows)
file(WRITE ${OUTPUT} "/* Made by cmake/embed.cmake from playbooks/. */
#include \"intake/embedded.h\"

${playbook_arrays}${common_arrays}${text_arrays}${table_arrays}
const struct embedded embedded_playbooks[] = {
${playbook_rows}    {NULL, NULL, 0},
};
const struct embedded embedded_common[] = {
${common_rows}    {NULL, NULL, 0},
};
const struct embedded embedded_texts[] = {
${text_rows}    {NULL, NULL, 0},
};
const struct embedded embedded_tables[] = {
${table_rows}    {NULL, NULL, 0},
};
")
