azmend_unit(handler
  ROOMS channel
  SOURCES test_headline.c test_status.c test_handler_hold.c test_handler_place.c test_handler_settings.c
  LIBRARIES record_fixture)
