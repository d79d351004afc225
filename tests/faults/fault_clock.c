/* SPDX-License-Identifier: MIT */
/* The wall clock jumps; the monotonic ones do not. */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "faults.h"

int clock_gettime(clockid_t clock, struct timespec *ret_now)
{
    int failed = (int)syscall(SYS_clock_gettime, clock, ret_now);
    if (clock == CLOCK_REALTIME && fault_strikes(&fault_clock)) {
        ret_now->tv_sec += fault_clock.what;
    }
    return failed;
}
