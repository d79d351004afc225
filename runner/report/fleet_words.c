/* SPDX-License-Identifier: MIT */
#include "report/fleet_words.h"

const char *fleet_word(enum fleet_word word, enum language language)
{
    static const struct spoken words[FLEET_WORD_COUNT] = {
        [FLEET_WORD_TITLE] = {"Windows activation of many VMs", "複数の VM の Windows ライセンス認証"},
        [FLEET_WORD_RESULTS] = {"results read; the newest of each VM counts",
                                "件の結果を読み取り (VM ごとに最新の結果を集計)"},
        [FLEET_WORD_VMS] = {"VMs", "台の VM"},
        [FLEET_WORD_UNREAD] = {"Not read", "読み取れなかったもの"},
        [FLEET_WORD_FROM_TO] = {"Results from (UTC)", "結果の期間 (UTC)"},
        [FLEET_WORD_VERDICTS] = {"VMs by result", "結果ごとの VM 数"},
        [FLEET_WORD_RESULT] = {"Result", "結果"},
        [FLEET_WORD_NUMBER] = {"VMs", "VM 数"},
        [FLEET_WORD_SHARE] = {"Share", "割合"},
        [FLEET_WORD_ACTIONS] = {"What to do outside the VMs", "VM の外で行うこと"},
        [FLEET_WORD_ACTION] = {"Action", "操作"},
        [FLEET_WORD_FOR] = {"For findings", "対象の検出項目"},
        [FLEET_WORD_COMMANDS] = {"Commands of one VM; those of each other VM are in its own result",
                                 "1 台の VM のコマンド (他の VM のコマンドは各 VM の結果を参照)"},
        [FLEET_WORD_MACHINES] = {"VMs that need it", "対象の VM"},
        [FLEET_WORD_FIRST] = {"named here; all of them are in the JSON", "台を表示 (すべての VM は JSON を参照)"},
        [FLEET_WORD_NAME] = {"Name", "名前"},
        [FLEET_WORD_WHERE] = {"Azure resource", "Azure リソース"},
        [FLEET_WORD_EXPIRY] = {"Activation expires, by week", "ライセンス認証の有効期限 (週ごと)"},
        [FLEET_WORD_WEEK] = {"Week from Monday", "週 (月曜日)"},
        [FLEET_WORD_UNDATED] = {"no date known", "期限不明"},
        [FLEET_WORD_FINDINGS] = {"Findings", "検出項目"},
        [FLEET_WORD_FINDING] = {"Finding", "検出項目"},
        [FLEET_WORD_SEVERITY] = {"Severity", "重大度"},
        [FLEET_WORD_OPEN] = {"Open", "未解決"},
        [FLEET_WORD_FIXED] = {"Fixed", "修正済み"},
        [FLEET_WORD_EXPLAINED] = {"Caused by another", "他の検出項目が原因"},
        [FLEET_WORD_UNKNOWN] = {"Not checked", "確認できず"},
        [FLEET_WORD_SHORTENED] =
            {"VMs with problems sent a shortened result without actions: read their whole results as well",
             "台の問題のある VM の結果は短縮されており、操作を含みません。完全な結果も読み取ってください"},
        [FLEET_WORD_LEFT_OUT] = {"entries beyond the bounds of this report are left out",
                                 "件はこのレポートの上限を超えたため省略"},
        [FLEET_WORD_INPUT] = {"Input", "入力"},
        [FLEET_WORD_WHY] = {"Why", "理由"},
        [FLEET_WORD_MORE] = {"more; all of them are in the JSON", "件を省略 (すべて JSON を参照)"},
        [FLEET_WORD_NONE] = {"None", "なし"},
    };
    return words_say(words[word], language);
}
