# The Windows port and backend. Paths are relative to runner/host.
set(AZMEND_WINDOWS_SOURCES
    windows/child_pipe.c
    windows/com.c
    windows/command_line.c
    windows/console.c
    windows/digest.c
    windows/entry.c
    windows/error.c
    windows/event_log.c
    windows/file_io.c
    windows/file_replace.c
    windows/file_security.c
    windows/firewall_com.c
    windows/firewall_store.c
    windows/folder.c
    windows/lock.c
    windows/machine.c
    windows/message.c
    windows/names.c
    windows/page.c
    windows/path.c
    windows/port_clock.c
    windows/port_file.c
    windows/port_process.c
    windows/reader.c
    windows/state.c
    windows/state_root.c
    windows/task_com.c
    windows/trust.c
    windows/wide.c
    windows/wmi.c
    windows/wmi_session.c
    windows/worker.c
    windows/x509.c)
# Loaded when first called, after wmain has closed the search path: most runs need few of them.
cmake_language(DEFER CALL azmend_delay_import azmend_host bcrypt crypt32 iphlpapi ncrypt netapi32 ole32 oleaut32 wevtapi ws2_32)
cmake_language(DEFER CALL target_link_libraries azmend_host PUBLIC advapi32)
