# Certificates and what is signed or encrypted with them.
if(TARGET azmend_host)
  azmend_unit(crypto ROOMS host
    SOURCES test_base64.c test_certificate.c)
endif()
