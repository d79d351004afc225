# The simulated machine. Paths are relative to runner/host.
set(AZMEND_SIM_SOURCES
    sim/sim.c sim/sim_ground.c
    sim/activation.c
    sim/sim_answer.c
    sim/sim_asked.c
    sim/sim_attested.c
    sim/event_filter.c
    sim/file_load.c
    sim/file_place.c
    sim/file_security.c
    sim/sim_hex.c
    sim/sim_hosts.c
    sim/sim_imds.c
    sim/licensing_load.c
    sim/licensing_scope.c
    sim/sim_network.c
    sim/sim_ops.c
    sim/sim_recording.c
    sim/registry_value.c
    sim/sim_schema.c
    sim/sim_sections.c
    sim/license_store.c
    sim/sim_told.c
    sim/sim_tree.c
    sim/sim_usual.c
    sim/sim_write.c)
if(WIN32)
  list(APPEND AZMEND_SIM_SOURCES sim/crypto_absent.c)
else()
  list(APPEND AZMEND_SIM_SOURCES sim/crypto_chain.c sim/crypto_key.c)
endif()
