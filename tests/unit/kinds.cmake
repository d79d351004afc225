# Kinds: looks fed with replies, and looks and sets on the simulated machine.
if(TARGET azmend_kinds)
  azmend_unit(kinds ROOMS kinds
    SOURCES test_artefacts.c test_kinds_catalog.c test_kinds_clock.c test_kinds_dns_servers.c test_kinds_event_logs.c test_kinds_memory.c test_kinds_kms_events.c test_kinds_license.c
      test_kinds_license_store.c test_kinds_license_rebuild.c test_kinds_security.c test_kinds_imds.c
      test_kinds_network.c test_kinds_event_log.c test_kinds_machine.c test_kinds_kms_host.c test_kinds_kms_target.c test_kinds_hostile.c)
endif()
