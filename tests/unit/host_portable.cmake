azmend_unit(host_portable
  ROOMS host
  SOURCES test_decode.c test_event_xml.c test_registry.c test_replacing.c test_smbios.c test_swept.c)
