azmend_unit(json
  ROOMS json
  SOURCES test_fields.c test_json.c test_json_memory.c test_scan.c test_shape.c test_value.c test_writer.c
  LIBRARIES azmend_cjson)
# test_json_memory.c lets the n-th allocation fail, of the buffers by this and of cJSON by its hooks.
target_link_options(unit_json PRIVATE -Wl,--wrap=realloc)
