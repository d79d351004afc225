/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "host/port.h"

/* Without it the first file opened would become stdout of a caller that closed its own. */
static void fill_standard_streams(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        if (fcntl(descriptor, F_GETFD) == -1) {
            (void)open("/dev/null", O_RDWR);
        }
    }
}

int main(int argument_count, char **arguments)
{
    fill_standard_streams();
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN); /* a file at its limit is a write that fails */
    return azmend_main(argument_count, arguments);
}
