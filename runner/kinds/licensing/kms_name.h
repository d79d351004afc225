/* SPDX-License-Identifier: MIT */
/*
 * A KMS host as it is stored, and the name that is meant: people paste blanks, a scheme, a port, the dot of the root.
 * Use: const char *name = kms_name_meant(arena, "kms://azkms.core.windows.net.:1688"); is "azkms.core.windows.net".
 */
#ifndef AZMEND_KINDS_LICENSING_KMS_NAME_H
#define AZMEND_KINDS_LICENSING_KMS_NAME_H

#include "base/arena.h"

/*
 * stored: UTF-8. Without blanks and quotes around it, scheme, path, port, brackets of an IPv6 literal, dots at the end.
 * Where nothing would be left, as it is stored. Letters keep their case: comparing folds it. Memory: the arena.
 */
const char *kms_name_meant(struct arena *arena, const char *stored);

#endif
