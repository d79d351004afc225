/* SPDX-License-Identifier: MIT */
#include "host/windows/worker.h"

#include "host/port.h"

void worker_release(struct worker *worker)
{
    if (InterlockedDecrement(&worker->owners) <= 0) {
        drop_handle(&worker->done);
        worker->drop(worker);
    }
}

static void run(void *argument)
{
    struct worker *worker = argument;
    worker->succeeded = worker->work(worker, &worker->err);
    (void)SetEvent(worker->done);
    worker_release(worker);
}

bool worker_run(struct worker *worker, const char *what, int64_t timeout_ms, struct err *err)
{
    worker->owners = 1;
    worker->done = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (worker->done == NULL) {
        return windows_failed(err, GetLastError(), "make", "an event");
    }
    worker->owners = 2;
    if (!port_thread_start(run, worker, err)) {
        worker->owners = 1;
        return false;
    }
    if (WaitForSingleObject(worker->done, (DWORD)timeout_ms) != WAIT_OBJECT_0) {
        return err_set(err, ERR_TIMEOUT, 0, "%s: no answer within %lld ms, abandoned", what, (long long)timeout_ms);
    }
    if (!worker->succeeded) {
        *err = worker->err;
    }
    return worker->succeeded;
}
