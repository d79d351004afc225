/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "host/port.h"
#include "host/posix/posix.h"

static int64_t read_ms(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t port_now_ms(void)
{
    return read_ms(CLOCK_BOOTTIME);
}

int64_t port_utc_ms(void)
{
    return read_ms(CLOCK_REALTIME);
}

void port_sleep_ms(int64_t duration_ms)
{
    if (duration_ms <= 0) {
        return;
    }
    struct timespec left = {.tv_sec = (time_t)(duration_ms / 1000), .tv_nsec = (long)(duration_ms % 1000) * 1000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
    }
}

bool port_random(void *bytes, size_t size, struct err *err)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = getrandom((char *)bytes + done, size - done, 0);
        if (got < 0 && errno != EINTR) {
            return posix_failed(err, errno, "read", "the system's random generator");
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

struct worker {
    void (*run)(void *);
    void *argument;
};

static void *work(void *argument)
{
    struct worker worker = *(struct worker *)argument;
    free(argument);
    worker.run(worker.argument);
    return NULL;
}

bool port_thread_start(void (*run)(void *), void *argument, struct err *err)
{
    struct worker *worker = malloc(sizeof *worker);
    if (worker == NULL) {
        return err_set(err, ERR_MEMORY, 0, "no memory for a worker thread");
    }
    *worker = (struct worker){run, argument};
    pthread_t thread;
    int failure = pthread_create(&thread, NULL, work, worker);
    if (failure != 0) {
        free(worker);
        return err_set(err, ERR_MEMORY, (uint32_t)failure, "the system gives no worker thread");
    }
    (void)pthread_detach(thread);
    return true;
}

int64_t port_process_id(void)
{
    return (int64_t)getpid();
}
