# The network, shared by every backend. Paths are relative to runner/host.
set(AZMEND_NET_SOURCES
    net/kms_rpc.c
    net/net.c
    net/net_dns.c
    net/net_hosts.c
    net/net_http.c
    net/net_outcome.c
    net/net_reach.c
    net/net_resolver.c
    net/net_tcp.c)
# What it asks of the system: names.
if(WIN32)
  list(APPEND AZMEND_NET_SOURCES windows/names.c)
else()
  list(APPEND AZMEND_NET_SOURCES posix/names.c)
endif()
