if(TARGET azmend_host)
  # What needs no socket.
  azmend_unit(net_parse
    ROOMS host
    LIBRARIES azmend_curl azmend_cares
    SOURCES test_kms_rpc.c test_net_hosts.c)
  # Against servers that misbehave; the script starts them around the tests.
  find_package(Python3 COMPONENTS Interpreter)
  set(folder ${CMAKE_SOURCE_DIR}/tests/net)
  azmend_unit(net
    ROOMS host
    LAUNCHER ${Python3_EXECUTABLE} ${folder}/server.py ${CMAKE_CROSSCOMPILING_EMULATOR}
    SOURCES test_net_dns.c test_net_http.c test_net_loop.c test_net_tcp.c)
  target_sources(unit_net PRIVATE net_fixture.c)
  # A small program that asks, for scripts that make the network around it.
  add_executable(net_ask ${folder}/net_ask.c)
  azmend_warnings(net_ask)
  target_link_libraries(net_ask PRIVATE azmend_host)
  if(NOT WIN32)
    add_test(NAME net_blackhole COMMAND ${folder}/blackhole $<TARGET_FILE:net_ask>)
    add_test(NAME net_impacket COMMAND ${folder}/impacket_bind $<TARGET_FILE:net_ask>)
    set_tests_properties(net_blackhole net_impacket PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 120)
  endif()
endif()
