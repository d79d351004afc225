# Certificates and what is signed or encrypted with them.
if(TARGET azmend_host)
  azmend_unit(crypto ROOMS host
    SOURCES test_base64.c test_certificate.c)
endif()
# The simulated machine's chains are libcrypto's.
if(TARGET azmend_host AND NOT WIN32)
  azmend_unit(sim_crypto ROOMS host
    SOURCES test_sim_chain.c test_sim_crypto.c)
endif()
