/* SPDX-License-Identifier: MIT */
/* What every call to the licensing service meets first, and whose setting of a KMS host counts. */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "host/sim/licensing.h"

#define FACILITY_WIN32_FAILURE 0x80070000U

/* A call that takes longer than it may is abandoned, and nothing comes of it. */

static bool wait_for_answer(struct sim *sim, struct err *err)
{
    int64_t left_ms = sim_left_ms(sim, LIMIT_LICENSING_MS);
    int64_t answer_ms = sim->document.licensing.answer_ms;
    if (answer_ms > left_ms) {
        sim_sleep_ms(sim, left_ms);
        return err_set(err, ERR_TIMEOUT, 0, "the licensing provider does not answer within %lld ms: abandoned",
                       (long long)left_ms);
    }
    sim_sleep_ms(sim, answer_ms);
    return true;
}

bool sim_licensing_look(struct sim *sim, const char *look, bool is_there, bool *ret_told, struct err *err)
{
    if (!sim_is_recording(sim) || sim->document.licensing.is_changed) {
        return sim_licensing_enter(sim, err);
    }
    *ret_told = true;
    return sim_look(sim, err, "%s", look) && (is_there || sim_unlisted(sim, err, "%s", look));
}

bool sim_licensing_enter(struct sim *sim, struct err *err)
{
    const struct sim_licensing *licensing = &sim->document.licensing;
    if (!sim_enter(sim, err)) {
        return false;
    }
    if (licensing->json == NULL) {
        return sim_unlisted(sim, err, "licensing");
    }
    if (!wait_for_answer(sim, err)) {
        return false;
    }
    /* The provider is asked through WMI. claim: wmi.service-disabled */
    uint32_t wmi = sim_service_obstacle(sim, "Winmgmt");
    uint32_t obstacle = wmi != 0 ? wmi : sim_service_obstacle(sim, "sppsvc");
    uint32_t code = obstacle != 0 ? FACILITY_WIN32_FAILURE | obstacle : licensing->error_code;
    if (code != 0) {
        return sim_licensing_fail(code, err);
    }
    sim_store_settle(sim);
    sim->document.licensing.is_changed = true; /* every call but a look at a recording may change something */
    return true;
}

bool sim_licensing_scope(struct sim *sim, const char *key, struct arena *arena, const char **ret_host,
                         int64_t *ret_port, struct err *err)
{
    struct registry_value name = {0};
    struct registry_value port = {0};
    if (!sim_registry_look(sim, key, "KeyManagementServiceName", arena, &name, err) ||
        !sim_registry_look(sim, key, "KeyManagementServicePort", arena, &port, err)) {
        return false;
    }
    int64_t number = 0;
    bool has_port = port.text != NULL && text_to_int(port.text, &number) && number > 0 && number <= UINT16_MAX;
    *ret_host = name.text != NULL && name.text[0] != '\0' ? name.text : NULL;
    *ret_port = has_port ? number : 0;
    return true;
}

const char *sim_licensing_scope_key(struct arena *arena, const char *sku)
{
    return sku == NULL ? SIM_PLATFORM
                       : arena_format(arena, SIM_PLATFORM "\\" LICENSING_WINDOWS_APPLICATION "\\%s", sku);
}

/* claim: wmi.effective-kms-host, claim: wmi.service-port-reads-1688 */
bool sim_licensing_effective(struct sim *sim, const char *sku, struct arena *arena, const char **ret_host,
                             int64_t *ret_port, struct err *err)
{
    const char *const keys[] = {sku != NULL ? sim_licensing_scope_key(arena, sku) : SIM_PLATFORM,
                                SIM_PLATFORM "\\" LICENSING_WINDOWS_APPLICATION, SIM_PLATFORM};
    size_t count = sku != NULL ? COUNT_OF(keys) : 1;
    const char *host = NULL;
    int64_t port = 0;
    for (size_t i = 0; i < count && host == NULL; i++) {
        if (!sim_licensing_scope(sim, keys[i], arena, &host, &port, err)) {
            return false;
        }
    }
    *ret_host = host;
    *ret_port = port != 0 ? port : SIM_KMS_PORT;
    return true;
}
