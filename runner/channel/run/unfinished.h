/* SPDX-License-Identifier: MIT */
/*
 * A rebuild of the license store that an earlier run began and was ended in, so that every later run, whatever it was
 * asked for, says that this VM may have no product key. What tells is its recover.txt, which goes when the key is
 * there.
 */
#ifndef AZMEND_CHANNEL_RUN_UNFINISHED_H
#define AZMEND_CHANNEL_RUN_UNFINISHED_H

#include "channel/run/state.h"

/*
 * At the end of a run: fills rebuild_run, rebuild_note and has_no_key of the history, or leaves them. Asks for the
 * keyed products only where a recover.txt is left. In a run that changes the machine those that are not needed any more
 * are removed. state: its owner is this VM as the run knows it.
 */
void unfinished_tell(const struct state *state, struct host *host, struct arena *arena, struct history_record *history);

#endif
