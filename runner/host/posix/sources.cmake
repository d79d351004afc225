# The POSIX port. Paths are relative to runner/host.
set(AZMEND_POSIX_SOURCES
    posix/clock.c
    posix/console.c
    posix/digest.c
    posix/entry.c
    posix/error.c
    posix/file.c
    posix/folder.c
    posix/lock.c
    posix/machine.c
    posix/message.c
    posix/names.c
    posix/page.c
    posix/path.c
    posix/process.c
    posix/reach.c
    posix/reader.c
    posix/replace.c
    posix/state.c
    posix/x509.c)
cmake_language(DEFER CALL target_link_libraries azmend_host PRIVATE azmend_crypto)
