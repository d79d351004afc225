/* SPDX-License-Identifier: MIT */
/* Parts of machine documents around the licensing service, written with ' for "; XML's own quotes are \\\". */
#ifndef AZMEND_TESTS_LICENSING_FIXTURE_H
#define AZMEND_TESTS_LICENSING_FIXTURE_H

#include "kinds_fixture.h"

#define SPP "HKLM\\\\SOFTWARE\\\\Microsoft\\\\Windows NT\\\\CurrentVersion\\\\SoftwareProtectionPlatform"
#define WINDOWS SPP "\\\\55c92734-d682-4d71-983e-d6ec3f16059f"
#define SKU "ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03"
#define GVLK "WX4NM-KYWYW-QJJR4-XV3QB-6VM33"
#define STORE "%SystemRoot%\\\\System32\\\\spp\\\\store\\\\2.0"
#define LICENSES "%SystemRoot%\\\\System32\\\\spp\\\\tokens"

/* As documented for the log Application, without the members that nobody reads: one Data, fields separated by commas.
 */
#define SPP_EVENT(id, time, data)                                                                                      \
    "'<Event xmlns=\\\"http://schemas.microsoft.com/win/2004/08/events/event\\\"><System><Provider "                   \
    "Name=\\\"Microsoft-Windows-Security-SPP\\\" Guid=\\\"{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}\\\"/>"                \
    "<EventID Qualifiers=\\\"16384\\\">" id "</EventID><TimeCreated SystemTime=\\\"" time                              \
    "Z\\\"/><EventRecordID>4711</EventRecordID><Channel>Application</Channel></System><EventData>" data                \
    "</EventData></Event>'"
#define DATA(text) "<Data>" text "</Data>"
#define REQUEST(time, code)                                                                                            \
    SPP_EVENT("12288", time,                                                                                           \
              DATA(code                                                                                                \
                   ", 0x00000000, kms.example:1688, 36f27b39-0f71-4f4b-9a5e-0a4f3e2b1c00, 2026/01/14 08:00, 1, 5, "    \
                   "0, ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03, 5"))
#define RESPONSE(time, code, bound)                                                                                    \
    SPP_EVENT("12289", time, DATA(code ", 0x00000000, " bound ", 0, 50, 120, 10080, 2026/01/14 08:00"))

#define LICENSING_MACHINE(registry, events, files, licensing, network)                                                 \
    "{'machine': 'azmend.machine/1', 'clock': {'utc': '2026-01-15T08:00:00Z', 'uptimeSeconds': 3600},"                 \
    " 'system': {'name': 'vm', 'bootId': 'b', 'memoryBytes': 4294967296, 'major': 10, 'minor': 0, 'build': 20348},"    \
    " 'registry': {'" SPP "': {'KeyManagementServiceName': 'kms.example'}, '" WINDOWS "': {}" registry "},"            \
    " 'services': {'sppsvc': {'state': 'stopped', 'start': 'automatic', 'startMs': 500, 'stopMs': 500}},"              \
    " 'files': {" files "}, 'events': {'Application': [" events "]}, 'licensing': {" licensing "},"                    \
    " 'network': {'resolve': {'system': {'kms.example': ['10.0.0.1']}}, 'kms': {'10.0.0.1:1688': {'ms': 40}}" network  \
    "}}"

#define KEYS                                                                                                           \
    "'keys': [{'key': '" GVLK "', 'id': '" SKU "', 'family': 'ServerDatacenter', 'channel': 'Volume:GVLK',"            \
    " 'description': 'Windows(R) Operating System, VOLUME_KMSCLIENT channel'}]"
#define PRODUCT_OF(channel, status)                                                                                    \
    "'products': [{'id': '11111111-1111-4111-8111-111111111111', 'description': 'Windows, " channel                    \
    " channel', 'partialKey': 'XXXXX', 'status': " status "}]"
#define KMS_CLIENT(status)                                                                                             \
    "'products': [{'id': '" SKU "', 'description': 'Windows, VOLUME_KMSCLIENT channel', 'partialKey': '6VM33',"        \
    " 'status': " status ", 'graceMinutes': 230400}]"

#endif
