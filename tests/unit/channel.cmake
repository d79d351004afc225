add_library(record_fixture STATIC record_fixture.c)
azmend_warnings(record_fixture)
target_link_libraries(record_fixture PUBLIC azmend_report)
azmend_unit(report
  ROOMS report
  SOURCES test_quote.c test_runbook.c test_result.c test_console.c
  LIBRARIES record_fixture)
azmend_unit(channel
  ROOMS channel
  SOURCES test_options.c test_exit_code.c test_emergency.c test_splay.c)
# FIFOs and temporary folders under POSIX.
if(NOT WIN32)
  azmend_unit(intake
    ROOMS intake
    SOURCES test_fetch.c test_intake.c test_journal.c test_journal_read.c)
endif()
