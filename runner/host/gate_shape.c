/* SPDX-License-Identifier: MIT */
/* What the target of a change looks like, for each noun that has a way back: undo writes to nothing else. */
#include <string.h>

#include "base/text.h"
#include "host/gate.h"
#include "json/value.h"

enum { THUMBPRINT_DIGITS = 40 };

/* No character that could end a line or a path early. */
static bool is_printable(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7F) {
            return false;
        }
    }
    return text[0] != '\0';
}

/* Parts divided by one backslash each, none of them empty, "." or "..". */
static bool is_chain(const char *text)
{
    for (const char *at = text;;) {
        size_t size = strcspn(at, "\\");
        bool is_dots = size > 0 && size <= 2 && strspn(at, ".") >= size;
        if (size == 0 || is_dots) {
            return false;
        }
        if (at[size] == '\0') {
            return true;
        }
        at += size + 1;
    }
}

/* "HKLM\\...|NAME" */
static bool is_value(const char *target)
{
    return (text_starts(target, "HKLM\\") || text_starts(target, "HKU\\")) && strchr(target, '|') != NULL;
}

static bool is_service(const char *target)
{
    return strpbrk(target, "\\/") == NULL;
}

/* "C:\\...", "%SystemRoot%\\...": with a drive or a folder of the system, without a stream. */
static bool is_file(const char *target)
{
    bool has_drive = ((target[0] | 0x20) >= 'a' && (target[0] | 0x20) <= 'z') && target[1] == ':' && target[2] == '\\';
    const char *rest = has_drive ? target + 3 : target;
    return (has_drive || target[0] == '%') && strpbrk(rest, ":/*?\"<>|") == NULL && is_chain(rest);
}

static bool is_licensing(const char *target)
{
    static const char product[] = "SoftwareLicensingProduct|";
    return text_same(target, "SoftwareLicensingService") ||
           (text_starts(target, product) && shape_accepts(SHAPE_GUID, target + strlen(product)));
}

static bool is_rule(const char *target)
{
    static const char rule[] = "firewall rule|";
    return text_starts(target, rule) && target[strlen(rule)] != '\0';
}

/* "certificate|STORE|THUMBPRINT" */
static bool is_certificate(const char *target)
{
    const char *thumbprint = strrchr(target, '|');
    return text_starts(target, "certificate|") && thumbprint != NULL && strlen(thumbprint + 1) == THUMBPRINT_DIGITS &&
           strspn(thumbprint + 1, "0123456789ABCDEFabcdef") == THUMBPRINT_DIGITS;
}

static bool is_task(const char *target)
{
    return target[0] == '\\' && is_chain(target + 1);
}

bool gate_is_target(enum noun noun, const char *target)
{
    static bool (*const shapes[NOUN_COUNT])(const char *target) = {
        [NOUN_REGISTRY] = is_value,      [NOUN_SERVICE] = is_service, [NOUN_FILE] = is_file,
        [NOUN_LICENSING] = is_licensing, [NOUN_FIREWALL] = is_rule,   [NOUN_CERTIFICATE] = is_certificate,
        [NOUN_TASK] = is_task,
    };
    return shapes[noun] != NULL && is_printable(target) && shapes[noun](target);
}
