azmend_unit(base
  ROOMS base
  SOURCES test_arena.c test_buf.c test_err.c test_map.c test_address.c test_text.c)
# An arena larger than memory is asked for on purpose.
set_tests_properties(unit_base PROPERTIES ENVIRONMENT ASAN_OPTIONS=allocator_may_return_null=1)
# A process that ends by must() is watched from outside, which needs fork.
if(NOT WIN32)
  azmend_unit(must
    ROOMS json
    SOURCES test_must.c)
endif()
