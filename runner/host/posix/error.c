/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "host/posix/posix.h"

static const struct {
    int number;
    enum err_code code;
} codes[] = {
    {EACCES, ERR_DENIED},    {EPERM, ERR_DENIED},       {EROFS, ERR_DENIED},       {ELOOP, ERR_DENIED},
    {ENOENT, ERR_NOT_FOUND}, {ENOTDIR, ERR_NOT_FOUND},  {ENOMEM, ERR_MEMORY},      {EMFILE, ERR_LIMIT},
    {ENFILE, ERR_LIMIT},     {ENAMETOOLONG, ERR_LIMIT}, {EFBIG, ERR_LIMIT},        {EAGAIN, ERR_BUSY},
    {EBUSY, ERR_BUSY},       {ETXTBSY, ERR_BUSY},       {ETIMEDOUT, ERR_TIMEOUT},  {EINVAL, ERR_INVALID},
    {EISDIR, ERR_INVALID},   {ENXIO, ERR_INVALID},      {ENOSYS, ERR_UNSUPPORTED}, {EOPNOTSUPP, ERR_UNSUPPORTED},
};

bool posix_failed(struct err *err, int number, const char *verb, const char *path)
{
    enum err_code code = ERR_IO;
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (codes[i].number == number) {
            code = codes[i].code;
        }
    }
    return err_set(err, code, (uint32_t)number, "%s %s: %s", verb, path, strerror(number));
}
