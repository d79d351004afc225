/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "contract.h"

#define FILE_ONE CONTRACT_FOLDER "\\one.bin"
#define FILE_TWO CONTRACT_FOLDER "\\two.bin"
#define CONTENT                                                                                                        \
    "line\r\n\0\xFF"                                                                                                   \
    "end"

enum { LIMIT = 4096, CONTENT_SIZE = sizeof(CONTENT) - 1 };

static bool query(struct contract *contract, const char *path, struct file_facts *ret_facts)
{
    *ret_facts = (struct file_facts){0};
    return contract->ops->file->query(contract->backend, path, contract->arena, ret_facts, &contract->err);
}

static bool read_file(struct contract *contract, const char *path, size_t limit, struct file_bytes *ret_bytes)
{
    *ret_bytes = (struct file_bytes){0};
    return contract->ops->file->read(contract->backend, path, limit, contract->arena, ret_bytes, &contract->err);
}

static bool list(struct contract *contract, const char *path, struct file_names *ret_names)
{
    *ret_names = (struct file_names){0};
    return contract->ops->file->list(contract->backend, path, contract->arena, ret_names, &contract->err);
}

static bool write_file(struct contract *contract, const char *path, const char *bytes, size_t size)
{
    return contract->ops->file->write(contract->backend, path, bytes, size, &contract->err);
}

static bool delete_file(struct contract *contract, const char *path)
{
    return contract->ops->file->remove(contract->backend, path, &contract->err);
}

static bool holds(struct contract *contract, const char *path, const char *bytes, size_t size)
{
    struct file_bytes got;
    return read_file(contract, path, LIMIT, &got) && got.exists && got.size == size &&
           memcmp(got.bytes, bytes, size) == 0;
}

static bool is_absent(struct contract *contract, const char *path)
{
    struct file_facts facts;
    return query(contract, path, &facts) && !facts.exists;
}

static void absent(struct contract *contract)
{
    struct file_bytes bytes;
    struct file_names names;
    EXPECT(contract, is_absent(contract, FILE_ONE) && is_absent(contract, CONTRACT_FOLDER "\\no\\such.bin"));
    EXPECT(contract, read_file(contract, FILE_ONE, LIMIT, &bytes) && !bytes.exists);
    EXPECT(contract, list(contract, CONTRACT_FOLDER "\\no", &names) && !names.exists && names.count == 0);
    EXPECT(contract, delete_file(contract, FILE_ONE));
}

static void folders(struct contract *contract)
{
    struct file_facts facts;
    struct file_names names;
    struct file_bytes bytes;
    EXPECT(contract, query(contract, "%SystemRoot%", &facts) && facts.exists && facts.form == FILE_IS_FOLDER);
    EXPECT(contract, query(contract, CONTRACT_FOLDER, &facts) && facts.exists && facts.form == FILE_IS_FOLDER);
    EXPECT(contract, list(contract, CONTRACT_FOLDER, &names) && names.exists && names.count == 0);
    bool read = read_file(contract, CONTRACT_FOLDER, LIMIT, &bytes);
    EXPECT(contract, !read && contract->err.code == ERR_INVALID);
}

static void round_trip(struct contract *contract)
{
    struct file_facts facts;
    EXPECT(contract, write_file(contract, FILE_ONE, CONTENT, CONTENT_SIZE));
    EXPECT(contract, holds(contract, FILE_ONE, CONTENT, CONTENT_SIZE));
    EXPECT(contract, holds(contract, CONTRACT_SAME_FOLDER "\\ONE.bin", CONTENT, CONTENT_SIZE));
    EXPECT(contract, holds(contract, "c:/azmend-contract/one.bin", CONTENT, CONTENT_SIZE));
    EXPECT(contract, query(contract, FILE_ONE, &facts) && facts.form == FILE_IS_REGULAR);
    EXPECT(contract, facts.size_bytes == CONTENT_SIZE);
    int64_t age = contract->ops->clock->utc_ms(contract->backend) / 1000 - facts.changed_at;
    EXPECT(contract, age >= -1 && age < 60);
    EXPECT(contract, write_file(contract, FILE_ONE, "shorter", 7) && holds(contract, FILE_ONE, "shorter", 7));
    EXPECT(contract, write_file(contract, FILE_ONE, "", 0) && holds(contract, FILE_ONE, "", 0));
    EXPECT(contract, delete_file(contract, FILE_ONE) && is_absent(contract, FILE_ONE));
}

/* No temporary stays behind a write. */
static void names_sorted(struct contract *contract)
{
    struct file_names names;
    EXPECT(contract, write_file(contract, FILE_TWO, "2", 1) && write_file(contract, FILE_ONE, "1", 1));
    EXPECT(contract, write_file(contract, FILE_ONE, "3", 1));
    EXPECT(contract, list(contract, CONTRACT_FOLDER, &names) && names.exists && names.count == 2);
    EXPECT(contract, names.count == 2 && text_same(names.items[0], "one.bin") && text_same(names.items[1], "two.bin"));
    EXPECT(contract, delete_file(contract, FILE_ONE) && delete_file(contract, FILE_TWO));
}

static void limits(struct contract *contract)
{
    struct file_bytes bytes;
    EXPECT(contract, write_file(contract, FILE_ONE, "12345678", 8));
    EXPECT(contract, read_file(contract, FILE_ONE, 8, &bytes) && bytes.size == 8);
    bool read = read_file(contract, FILE_ONE, 7, &bytes);
    EXPECT(contract, !read && contract->err.code == ERR_LIMIT);
    EXPECT(contract, delete_file(contract, FILE_ONE));
}

static void renames(struct contract *contract)
{
    EXPECT(contract, write_file(contract, FILE_ONE, "1", 1) && write_file(contract, FILE_TWO, "2", 1));
    bool renamed = contract->ops->file->rename(contract->backend, FILE_ONE, FILE_TWO, &contract->err);
    EXPECT(contract, !renamed && contract->err.code != ERR_NONE);
    EXPECT(contract, holds(contract, FILE_ONE, "1", 1) && holds(contract, FILE_TWO, "2", 1));
    EXPECT(contract, delete_file(contract, FILE_TWO));
    EXPECT(contract, contract->ops->file->rename(contract->backend, FILE_ONE, FILE_TWO, &contract->err));
    EXPECT(contract, is_absent(contract, FILE_ONE) && holds(contract, FILE_TWO, "1", 1));
    EXPECT(contract, delete_file(contract, FILE_TWO));
    renamed = contract->ops->file->rename(contract->backend, FILE_ONE, FILE_TWO, &contract->err);
    EXPECT(contract, !renamed && contract->err.code == ERR_NOT_FOUND);
}

static void no_folder(struct contract *contract)
{
    bool written = write_file(contract, CONTRACT_FOLDER "\\no\\such.bin", "1", 1);
    EXPECT(contract, !written && contract->err.code == ERR_NOT_FOUND);
    EXPECT(contract, is_absent(contract, CONTRACT_FOLDER "\\no"));
    written = write_file(contract, CONTRACT_FOLDER, "1", 1);
    EXPECT(contract, !written && contract->err.code == ERR_INVALID);
}

static void paths_refused(struct contract *contract)
{
    static const char *const paths[] = {
        "", "one.bin", "\\one.bin", "C:one.bin", "\\\\a\\b\\c", "\\\\.\\NUL", FILE_ONE ":stream", "%NoSuch%\\one.bin"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct file_facts facts;
        bool answered = query(contract, paths[i], &facts);
        contract_expect(contract, !answered && contract->err.code == ERR_INVALID, paths[i], __LINE__);
    }
}

const struct contract_row contract_file[] = {
    {"file: absent", absent},
    {"file: folders", folders},
    {"file: round trip", round_trip},
    {"file: names sorted", names_sorted},
    {"file: a limit refuses, never cuts", limits},
    {"file: rename never overwrites", renames},
    {"file: no folder to write to", no_folder},
    {"file: paths without a drive, and streams", paths_refused},
    {NULL, NULL},
};
