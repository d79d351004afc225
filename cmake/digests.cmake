# Which bytes the built-in playbooks were read from, so that a result can name them. Run at build time:
#   cmake -DOUTPUT=digests.c "-DFILES=a.json;b.json" -P digests.cmake
set(rows "")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  file(SHA256 ${file} digest)
  string(APPEND rows "    {\"${name}\", \"${digest}\"},\n")
endforeach()
file(WRITE ${OUTPUT} "/* Made by cmake/digests.cmake from playbooks/. */
#include \"intake/embedded.h\"

const struct embedded_digest embedded_digests[] = {
${rows}    {NULL, NULL},
};
")
