# The simulated machine: its document, and every noun behind it.
if(TARGET azmend_host)
  set(sim_tests test_restore.c test_sim_activation.c test_sim_document.c test_sim_event.c test_sim_file.c test_sim_imds.c test_sim_licensing.c test_sim_net.c test_sim_program.c
      test_sim_registry.c test_sim_service.c test_sim_store.c test_sim_usual.c)
  if(NOT WIN32)
    list(APPEND sim_tests test_sim_links.c)
  endif()
  azmend_unit(sim ROOMS host SOURCES ${sim_tests})
endif()
