# What goes out besides stdout: the page, the evidence, the event.
azmend_unit(sinks
  ROOMS report
  SOURCES test_event_log.c test_evidence.c test_html.c test_redact.c test_sinks_secrets.c
  LIBRARIES record_fixture)
