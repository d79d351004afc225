/* SPDX-License-Identifier: MIT */
/*
 * Text that comes from outside the program, in whatever encoding: what a child wrote, what a file of the machine holds.
 * In this order: UTF-16 by its byte order mark or by its zero bytes, UTF-8, else the machine's code page. Bytes that
 * are none of these are kept as hexadecimal digits, so that evidence has them and nothing downstream meets text that is
 * ill-formed. The hosts file is the exception: Windows reads it byte by byte, so hosts_find does.
 */
#ifndef AZMEND_HOST_DECODE_H
#define AZMEND_HOST_DECODE_H

#include "host/port.h"

struct outside {
    const void *bytes;
    size_t size;
    enum port_page page; /* what it is in when nothing else shows */
    bool is_cut;         /* more bytes followed that were not kept: the last character may lack its end */
    bool is_marked; /* UTF-8 without a byte order mark is not taken for UTF-8: as Windows Script Host reads files */
};

struct decoded {
    const char *text; /* never NULL; well-formed UTF-8 without a byte order mark */
    bool is_text;     /* false: "hex " and the bytes, in lower-case digits */
};

/* Memory: the arena, at most DECODE_GROWTH times the size and DECODE_ROOM. Line ends stay as they are. */
enum { DECODE_GROWTH = 6, DECODE_ROOM = 256 };
struct decoded decode_text(struct arena *arena, const struct outside *outside);

#endif
