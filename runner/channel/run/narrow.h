/* SPDX-License-Identifier: MIT */
/*
 * Where the owner of a VM says what azmend may do on it. Neither place is one that an ordinary user can write.
 *
 *   HKLM\SOFTWARE\Policies\azmend   Mode (REG_SZ: off, check, fix), DeniedFindings, DeniedNouns (REG_SZ, separated by
 *                                   commas). Group Policy, Intune or reg.exe.
 *   the VM's tag azmend             off, check, fix. Known only where IMDS answers.
 *
 * Source: keys below HKLM\SOFTWARE\Policies are writable for administrators and SYSTEM alone,
 * https://learn.microsoft.com/previous-versions/windows/desktop/policy/implementing-registry-based-policy
 */
#ifndef AZMEND_CHANNEL_RUN_NARROW_H
#define AZMEND_CHANNEL_RUN_NARROW_H

#include "engine/narrowing.h"
#include "host/host.h"

/* A value that is there and cannot be read leaves LEAVE_CHECK. */
void narrow_by_policy(struct host *host, struct arena *arena, struct narrowing *narrowing);
/* tag: its value; NULL: not there, or not known. */
void narrow_by_tag(const char *tag, struct arena *arena, struct narrowing *narrowing);

#endif
