/* SPDX-License-Identifier: MIT */
/* What this program is, as CMake knew it when it was configured. */
#ifndef AZMEND_REPORT_VERSION_H
#define AZMEND_REPORT_VERSION_H

extern const char version_number[];    /* "0.1.0" */
extern const char version_commit[];    /* "" when built outside git */
extern const char version_libraries[]; /* "libcurl 7.88.1, ..." */

#endif
