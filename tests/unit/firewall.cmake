# The guest firewall: notation, evaluation, the gate and the kind on the simulated machine.
if(TARGET azmend_kinds)
  azmend_unit(firewall ROOMS kinds
    SOURCES test_firewall.c test_firewall_rule.c test_firewall_verdict.c test_kinds_firewall.c)
endif()
