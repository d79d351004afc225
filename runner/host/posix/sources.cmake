# The desk's port. Paths are relative to runner/host.
set(AZMEND_POSIX_SOURCES
    posix/clock.c
    posix/console.c
    posix/entry.c
    posix/error.c
    posix/file.c
    posix/folder.c
    posix/lock.c
    posix/machine.c
    posix/names.c
    posix/path.c)
