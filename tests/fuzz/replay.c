/* SPDX-License-Identifier: MIT */
/* Runs one target over the files of a folder: replay FOLDER. Ends with 'N passed, N failed'; a crash ends it earlier.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "host/port.h"

/* Bytes of their own, none behind them: a sanitizer sees who reads too far. */
static void try_bytes(const struct buf *file)
{
    uint8_t *bytes = malloc(file->size > 0 ? file->size : 1);
    if (bytes == NULL) {
        abort();
    }
    memcpy(bytes, buf_string(file), file->size);
    (void)LLVMFuzzerTestOneInput(bytes, file->size);
    free(bytes);
}

int main(int count, char **arguments)
{
    struct arena arena AUTO(arena_close) = {0};
    const char *const *names = NULL;
    size_t found = 0;
    struct err err = {0};
    if (count != 2 || !arena_open(&arena, LIMIT_FILE_BYTES, &err) ||
        !port_folder_list(arguments[1], &arena, &names, &found, &err)) {
        (void)fprintf(stderr, "usage: replay FOLDER %s\n", err.text);
        return 2;
    }
    for (size_t i = 0; i < found; i++) {
        struct buf file AUTO(buf_clear) = {0};
        if (!port_file_read(arena_format(&arena, "%s/%s", arguments[1], names[i]), LIMIT_FILE_BYTES, &file, &err)) {
            (void)fprintf(stderr, "%s\n", err.text);
            return 2;
        }
        try_bytes(&file);
    }
    printf("%zu passed, 0 failed\n", found);
    return found > 0 ? 0 : 1;
}
