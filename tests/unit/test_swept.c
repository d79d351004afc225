/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "host/swept.h"
#include "unit.h"

static void a_folder_is_swept_once(void)
{
    CU_ASSERT(swept_first("/a/", 3));
    CU_ASSERT(!swept_first("/a/", 3));
    CU_ASSERT(swept_first("/a/b/", 5) && swept_first("/b/", 3));
    CU_ASSERT(!swept_first("/a/b/", 5) && !swept_first("/b/", 3) && !swept_first("/a/", 3));
    CU_ASSERT(swept_first("", 0) && !swept_first("", 0));
}

/* Those that have no place any more are swept each time, as all were before. */
static void more_folders_than_are_remembered(void)
{
    char path[32];
    for (int i = 0; i < 2 * SWEPT_FOLDERS; i++) {
        (void)snprintf(path, sizeof path, "/many/%d/", i);
        CU_ASSERT(swept_first(path, strlen(path)));
    }
    CU_ASSERT(swept_first(path, strlen(path)));
    CU_ASSERT(!swept_first("/many/0/", 8));
}

void suite_swept(void);
void suite_swept(void)
{
    UNIT_SUITE("swept", UNIT_TEST(a_folder_is_swept_once), UNIT_TEST(more_folders_than_are_remembered));
}
