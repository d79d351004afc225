# The shipped playbook outbound-network, judged for every combination of what its looks can see.
if(TARGET azmend_intake AND TARGET azmend_engine)
  azmend_unit(outbound ROOMS engine intake
    SOURCES test_outbound_truth.c)
  target_sources(unit_outbound PRIVATE truth_table.c)
endif()
