/* SPDX-License-Identifier: MIT */
/*
 * The chassis asset tag out of a raw SMBIOS table. Pure and portable: the bytes are the firmware's, so nothing in them
 * is trusted.
 * Source: https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getsystemfirmwaretable (RawSMBIOSData)
 * and DMTF DSP0134: 6.1.2 structure header, 6.1.3 text strings, 7.4 chassis (type 3).
 */
#ifndef AZMEND_HOST_SMBIOS_H
#define AZMEND_HOST_SMBIOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * bytes: what GetSystemFirmwareTable('RSMB') gives, its eight-byte header included. ret_tag: the first chassis' tag in
 * printable ASCII (anything else is '?'), "" when the chassis names none. ERR_INVALID: a malformed table;
 * ERR_NOT_FOUND: no chassis.
 */
bool smbios_asset_tag(const uint8_t *bytes, size_t size, struct arena *arena, const char **ret_tag, struct err *err)
    MUST_CHECK;

#endif
