/* SPDX-License-Identifier: MIT */
#include "report/version.h"

const char version_number[] = AZMEND_VERSION;
const char version_commit[] = AZMEND_COMMIT;
const char version_libraries[] = AZMEND_LIBRARIES;
