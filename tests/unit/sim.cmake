# The simulated machine: its document, and every noun behind it.
if(TARGET azmend_host)
  azmend_unit(sim ROOMS host
    SOURCES test_sim_document.c)
endif()
