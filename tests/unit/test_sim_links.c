/* SPDX-License-Identifier: MIT */
/* Only where tests may make symbolic links. */
#include <unistd.h>

#include "sim_fixture.h"

void suite_sim_links(void);

static void no_link_leads_out_of_the_file_root(void)
{
    static const char *const files[] = {"/secret.txt",    "/root/C/plain.txt", "/root/C/file.txt",
                                        "/root/C/folder", "/root/C/inner.txt", NULL};
    static const char *const folders[] = {"/root/C", "/root", "", NULL};
    static const char *const paths[] = {"C:\\file.txt", "C:\\folder\\secret.txt", "C:\\inner.txt"};
    struct err err = {0};
    struct sim *sim = NULL;
    CU_ASSERT_FATAL(port_folder_create_private(sim_temporary("/root/C"), &err));
    CU_ASSERT_FATAL(port_file_replace(sim_temporary("/secret.txt"), "secret", 6, &err));
    CU_ASSERT_FATAL(port_file_replace(sim_temporary("/root/C/plain.txt"), "plain", 5, &err));
    CU_ASSERT_FATAL(symlink("../../secret.txt", sim_temporary("/root/C/file.txt")) == 0);
    CU_ASSERT_FATAL(symlink("../..", sim_temporary("/root/C/folder")) == 0);
    CU_ASSERT_FATAL(symlink("plain.txt", sim_temporary("/root/C/inner.txt")) == 0);
    CU_ASSERT_FATAL(sim_try(SIM_DOCUMENT(", 'fileRoot': 'root'"), sim_temporary("/machine.json"), &sim, &err));
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct file_bytes bytes = {0};
        struct err denied = {0};
        ROW_ASSERT(paths[i], !sim_ops.file->read(sim, paths[i], 100, &sim_arena, &bytes, &denied));
        ROW_ASSERT(paths[i], denied.code == ERR_DENIED);
        ROW_ASSERT(paths[i], !sim_ops.file->write(sim, paths[i], "x", 1, &denied) && denied.code == ERR_DENIED);
        ROW_ASSERT(paths[i], !sim_ops.file->remove(sim, paths[i], &denied) && denied.code == ERR_DENIED);
    }
    sim_close(sim);
    sim_temporary_clear(files, folders);
}

void suite_sim_links(void)
{
    SIM_SUITE("sim_links", UNIT_TEST(no_link_leads_out_of_the_file_root));
}
