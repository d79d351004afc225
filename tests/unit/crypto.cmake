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
if(TARGET azmend_kinds AND NOT WIN32)
  azmend_unit(kinds_crypto ROOMS kinds
    SOURCES test_kinds_attestation.c test_kinds_certificate.c)
endif()
if(TARGET azmend_kinds)
  azmend_unit(proxy ROOMS kinds
    SOURCES test_kinds_proxy.c)
endif()
