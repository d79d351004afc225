# The shipped playbook outbound-network, judged for every combination of what its looks can see.
if(TARGET azmend_intake AND TARGET azmend_engine)
  azmend_unit(outbound ROOMS engine intake
    SOURCES test_outbound_truth.c)
  target_sources(unit_outbound PRIVATE truth_table.c)
  target_compile_definitions(unit_outbound PRIVATE ACTUAL="${CMAKE_CURRENT_BINARY_DIR}/outbound-truth-table.txt")
endif()
# All that is in playbooks/, together.
if(TARGET azmend_intake)
  azmend_unit(shipped ROOMS plan intake
    SOURCES test_shipped.c)
endif()
if(NOT CMAKE_CROSSCOMPILING)
  add_test(NAME route_template COMMAND ${CMAKE_SOURCE_DIR}/tests/net/route_template)
  # Needs the program, which is made elsewhere.
  if(NOT AZMEND_SANITIZE) # what is printed does not depend on the sanitizers, and the scenarios run the same looks under them
    add_test(NAME hand_overs COMMAND ${CMAKE_SOURCE_DIR}/tests/net/hand_overs ${CMAKE_BINARY_DIR}/azmend)
    set_tests_properties(hand_overs PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
  endif()
  add_test(NAME outbound_network COMMAND ${CMAKE_SOURCE_DIR}/tests/net/outbound_network ${CMAKE_BINARY_DIR}/azmend)
  add_test(NAME attestation_network COMMAND ${CMAKE_SOURCE_DIR}/tests/net/attestation ${CMAKE_BINARY_DIR}/azmend)
  set_tests_properties(outbound_network attestation_network PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endif()
if(TARGET azmend_kinds)
  azmend_unit(hosts_entry ROOMS kinds
    SOURCES test_kinds_hosts_entry.c)
endif()
