/* SPDX-License-Identifier: MIT */
/* Where stage.exe leaves, in the prefix's registry, what Wine itself has no place for; the stand-ins read it there. */
#ifndef AZMEND_TESTS_STAGED_H
#define AZMEND_TESTS_STAGED_H

#define STAGED_KEY L"SOFTWARE\\azmend-standins"
#define STAGED_SKU L"Sku" /* DWORD, as GetProductInfo answers */
/* Below STAGED_KEY a key for each service, with DWORDs: */
#define STAGED_DELAYED L"Delayed"      /* SERVICE_DELAYED_AUTO_START_INFO */
#define STAGED_PROTECTED L"Protected"  /* SERVICE_LAUNCH_PROTECTED_INFO */
#define STAGED_FIXED L"Fixed"          /* 1: the service manager denies every change of its configuration */
#define STAGED_HALF_FIXED L"HalfFixed" /* 1: it denies the start type, and takes the delayed start */

#endif
