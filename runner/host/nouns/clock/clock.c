/* SPDX-License-Identifier: MIT */
/* The calendar; the clock itself is the gate's. Howard Hinnant's published algorithms (chrono-compatible dates). */
#include "host/nouns/clock/clock.h"

#include <inttypes.h>
#include <string.h>

int64_t clock_days(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2 ? 1 : 0;
    int64_t era = year / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void civil_from_days(int64_t days, int64_t *ret_year, int64_t *ret_month, int64_t *ret_day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    *ret_day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *ret_month = shifted < 10 ? shifted + 3 : shifted - 9;
    *ret_year = year_of_era + era * 400 + (*ret_month <= 2 ? 1 : 0);
}

static int64_t digits(const char *text, size_t count)
{
    int64_t number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

int64_t clock_read_utc(const char *text)
{
    if (text == NULL || strlen(text) < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':') {
        return -1;
    }
    int64_t parts[] = {digits(text, 4),      digits(text + 5, 2),  digits(text + 8, 2),
                       digits(text + 11, 2), digits(text + 14, 2), digits(text + 17, 2)};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i] < 0) {
            return -1;
        }
    }
    int64_t seconds = clock_days(parts[0], parts[1], parts[2]) * 86400 + parts[3] * 3600 + parts[4] * 60 + parts[5];
    int64_t thousandths = text[19] == '.' ? digits(text + 20, strspn(text + 20, "0123456789") < 3 ? 1 : 3) : 0;
    return seconds * 1000 + (thousandths > 0 ? thousandths : 0);
}

const char *clock_format_utc(struct arena *arena, int64_t utc_ms)
{
    int64_t seconds = utc_ms >= 0 ? utc_ms / 1000 : (utc_ms - 999) / 1000;
    int64_t days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400;
    int64_t rest = seconds - days * 86400;
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    civil_from_days(days, &year, &month, &day);
    return arena_format(arena, "%04" PRId64 "-%02" PRId64 "-%02" PRId64 "T%02" PRId64 ":%02" PRId64 ":%02" PRId64 "Z",
                        year, month, day, rest / 3600, rest / 60 % 60, rest % 60);
}
