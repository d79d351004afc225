/* SPDX-License-Identifier: MIT */
/*
 * How Azure shows itself to every VM, the same in all clouds. None of it is in a playbook that somebody could replace:
 * the asset tag is a safety switch, and what the addresses say is believed.
 */
#ifndef AZMEND_HOST_PLATFORM_H
#define AZMEND_HOST_PLATFORM_H

/* The SMBIOS chassis asset tag of every VM. Source: https://learn.microsoft.com/azure/virtual-machines/ (instance
 * metadata and "Azure VM asset tag"). */
#define PLATFORM_ASSET_TAG "7783-7084-3265-9085-8269-3286-77"
/* Answered by the host that the VM runs on: instance metadata; DNS, and the wire server that agents talk to. Source:
 * https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service,
 * https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16. */
#define PLATFORM_IMDS "169.254.169.254"
#define PLATFORM_HOST "168.63.129.16"

#endif
