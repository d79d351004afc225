if(TARGET azmend_host)
  # Pure parts.
  azmend_unit(net_parse
    ROOMS host
    LIBRARIES azmend_curl azmend_cares
    SOURCES test_kms_rpc.c test_net_hosts.c)
  # Against servers that misbehave; the script starts them around the tests.
  find_package(Python3 COMPONENTS Interpreter)
  if(Python3_FOUND AND NOT CMAKE_CROSSCOMPILING)
    azmend_unit(net
      ROOMS host
      LAUNCHER ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tests/net/server.py
      SOURCES test_net_dns.c test_net_http.c test_net_loop.c test_net_tcp.c)
    target_sources(unit_net PRIVATE net_fixture.c)
  endif()
endif()
