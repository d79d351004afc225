/* SPDX-License-Identifier: MIT */
#include "report/words.h"

#include "base/text.h"
#include "engine/truth.h"

const enum finding_state words_worst_first[STATES_TOLD] = {
    FINDING_NOT_FIXED, FINDING_HANDED_OFF, FINDING_REFUSED, FINDING_PENDING_REBOOT, FINDING_WOULD_FIX,
    FINDING_FIXED,     FINDING_UNKNOWN,    FINDING_PRESENT, FINDING_EXPLAINED,
};

static const struct spoken phrases[PHRASE_COUNT] = {
    [PHRASE_VERDICT] = {"Result", "結果"},
    [PHRASE_NOTHING_FOUND] = {"nothing found", "異常なし"},
    [PHRASE_NOT_APPLICABLE] = {"does not apply to this VM", "対象外"},
    [PHRASE_APPLIES_UNKNOWN] = {"cannot tell whether it applies", "対象かどうか不明"},
    [PHRASE_EXPLAINED_BY] = {"Caused by", "原因となる検出項目"},
    [PHRASE_REASON] = {"why", "理由"},
    [PHRASE_CHOICE] = {"Your decision", "判断が必要な操作"},
    [PHRASE_THEN] = {"If you do", "行った場合"},
    [PHRASE_OTHERWISE] = {"If you don't", "行わない場合"},
    [PHRASE_WOULD] = {"would ", "予定: "},
    [PHRASE_ONE_WAY] = {" (cannot be undone)", " (元に戻せません)"},
    [PHRASE_COSTLY] = {" (cannot be undone, may cost)", " (元に戻せず、費用が生じる場合があります)"},
    [PHRASE_FAILED] = {"failed to ", "失敗: "},
    [PHRASE_UNSURE] = {"Timed out, outcome not known: ", "タイムアウト (結果は未確認): "},
    [PHRASE_NO_VALUE] = {"(none)", "(なし)"},
    [PHRASE_OUTSIDE] = {"Do in Azure", "Azure 側で行う操作"},
    [PHRASE_MAY_FOLLOW] = {"may also change afterwards", "その後に変更する可能性のある項目"},
    [PHRASE_IF_SO] = {"Not confirmed; if present", "未確認。該当する場合"},
    [PHRASE_AFTER_THAT] = {"after that, as far as can be told now", "その後の変更 (現時点で判明している範囲)"},
    [PHRASE_BY_A_PERSON] = {"Do on this VM", "VM 内で行う操作"},
    [PHRASE_NO_COMMAND] = {"no command", "コマンドなし"},
    [PHRASE_STOPPED] = {"Stopped", "中止"},
    [PHRASE_WAS_NOT_FOUND] = {"not found", "が見つかりません"},
    [PHRASE_AZ_FAILED] = {"az failed", "az が失敗しました"},
    [PHRASE_WHY] = {"Why", "理由"},
    [PHRASE_EFFECT] = {"Effect", "影響と費用"},
    [PHRASE_WAY_BACK] = {"To take it back", "元に戻す方法"},
    [PHRASE_PRINT_IT] = {"To print the commands", "コマンドの表示"},
    [PHRASE_LEFT_OUT] = {"more lines. To see all: --json or --result FILE",
                         "行を省略。全体は --json または --result FILE で表示"},
    [PHRASE_CHANGES] = {"Changes made", "変更件数"},
    [PHRASE_LICENSE] = {"License", "ライセンス"},
    [PHRASE_EXPIRES_IN] = {"expires in ", "有効期限まであと "},
    [PHRASE_DAYS] = {" days", " 日"},
    [PHRASE_REBOOT] = {"A restart is needed.", "再起動が必要です。"},
    [PHRASE_NOT_AZURE] = {"Not shown to be an Azure VM: nothing is changed here.",
                          "Azure VM と確認できないため、変更は行いません。"},
    [PHRASE_UNDONE_RUN] = {"Run", "実行"},
    [PHRASE_PROVISIONED] = {"This VM is already provisioned. Previous result:",
                            "この VM はプロビジョニング済みです。前回の結果:"},
    [PHRASE_SEALED] = {"Ready for an image, records removed", "記録を削除し、イメージの準備が整いました"},
    [PHRASE_NOTHING_TO_SEAL] = {"Ready for an image, no records found", "イメージの準備は整っています (記録なし)"},
    [PHRASE_OTHER_RUNS] = {"Changes made on another VM, left as they are", "別の VM で行われた変更 (そのまま残します)"},
    [PHRASE_DAMAGED_RUN] = {"Can't be undone, journal damaged or from another release",
                            "復元不可 (ジャーナルが破損しているか、別のリリースのもの)"},
    [PHRASE_SET_ASIDE] = {"Made by another user, not read", "別のユーザーが作成 (読み取らない)"},
    [PHRASE_NO_KEY] =
        {"This VM has no product key: a rebuild of the license store was cut off, and azmend fix finishes it. Cut off",
         "この VM にはプロダクト キーがありません。中断されたライセンス ストアの再構築は azmend fix "
         "で完了できます。中断された実行"},
    [PHRASE_MAY_HAVE_NO_KEY] = {"This VM may have no product key: a rebuild of the license store was cut off, and "
                                "azmend fix finishes it. Cut off",
                                "この VM にはプロダクト キーがない可能性があります。中断されたライセンス "
                                "ストアの再構築は azmend fix で完了できます。中断された実行"},
    [PHRASE_FINISH_BY_HAND] = {"To finish it without azmend, follow", "azmend を使わずに完了する手順"},
    [PHRASE_RENAMED_TO] = {"Renamed to", "変更後の名前"},
    [PHRASE_APPROVE] = {"To make exactly these changes: azmend fix --approved",
                        "この計画どおりに変更するには: azmend fix --approved"},
    [PHRASE_NOT_APPROVED] = {"This is not the approved plan, and nothing was changed. New or different",
                             "承認された計画と異なるため、何も変更していません。新しい、または異なる項目"},
    [PHRASE_GONE] = {"Approved, and not due any more as it was", "承認されたが、その内容では不要になった項目数"},
    [PHRASE_NARROWED] = {"azmend may do no more here than", "この VM で azmend に許可されている操作"},
    [PHRASE_CLOUDS] = {"Clouds also known from", "追加のクラウド定義"},
    [PHRASE_DENIED] = {"Denied here", "この VM で拒否されている修正"},
    [PHRASE_CHANGED_SINCE] = {" (changed since)", " (その後の変更あり)"},
    [PHRASE_TRACE] = {"Trace of", "判定の内訳:"},
    [PHRASE_OUTRANKED] = {"its group says instead", "同じグループの診断"},
    [PHRASE_NOT_SET] = {"(not set)", "(未設定)"},
    [PHRASE_NOT_KNOWN] = {"(unknown)", "(不明)"},
    [PHRASE_NOT_LOOKED] = {"not looked at", "未実施"},
    [PHRASE_LOOKS] = {"looks", "回"},
    [PHRASE_MORE_ROWS] = {"more rows", "行を省略"},
    [PHRASE_MORE_PARTS] = {"more parts", "項目を省略"},
    [PHRASE_NO_ROOM] = {"left out: too little memory is left", "メモリ不足のため省略"},
};

static const struct spoken verdicts[VERDICT_COUNT] = {
    [VERDICT_FAILED] = {"azmend error", "azmend のエラーにより中断しました"},
    [VERDICT_NOT_FIXED] = {"Not fixed: the problem remains", "未解決: 修正を試みましたが解消していません"},
    [VERDICT_NEEDS_AZURE_CHANGE] = {"Change required in Azure", "Azure 側の設定変更が必要です"},
    [VERDICT_NEEDS_DECISION] = {"Manual step or decision required", "管理者による操作または判断が必要です"},
    [VERDICT_UNDETERMINED] = {"Inconclusive: some checks couldn't run", "確認できない項目があります"},
    [VERDICT_NEEDS_REBOOT] = {"Restart required to finish", "完了するには再起動が必要です"},
    [VERDICT_WOULD_FIX] = {"Problems found; azmend fix can correct them", "azmend fix で修正できる問題があります"},
    [VERDICT_FIXED] = {"Fixed and verified", "問題を修正し、解消を確認しました"},
    [VERDICT_HEALTHY] = {"No problems found", "問題は見つかりませんでした"},
    [VERDICT_OFF] = {"Off: azmend is switched off on this VM and checked nothing",
                     "無効: この VM では azmend が無効に設定されているため、何も確認していません"},
};

/* What an undo can come to; the rest is as of any run. */
static const struct spoken undo_verdicts[VERDICT_COUNT] = {
    [VERDICT_NOT_FIXED] = {"not everything is put back", "元に戻せなかった変更があります"},
    [VERDICT_FIXED] = {"what can be undone is put back", "元に戻せる変更をすべて元に戻しました"},
    [VERDICT_HEALTHY] = {"there is nothing to put back", "元に戻す変更はありません"},
};

static const struct spoken undo_outcomes[UNDO_OUTCOME_COUNT] = {
    [UNDO_RESTORED] = {"Restored", "復元済み"},
    [UNDO_UNNEEDED] = {"Already as before", "復元不要"},
    [UNDO_KEPT] = {"Can't be undone", "復元不可"},
    [UNDO_DIVERGED] = {"Left as is", "復元せず"},
    [UNDO_FAILED] = {"Failed", "失敗"},
};

static const struct spoken states[FINDING_STATE_COUNT] = {
    [FINDING_ABSENT] = {"Absent", "なし"},
    [FINDING_UNKNOWN] = {"Not checked", "確認不可"},
    [FINDING_EXPLAINED] = {"Other cause", "別の原因"},
    [FINDING_REFUSED] = {"Not changed", "修正見送り"},
    [FINDING_HANDED_OFF] = {"Azure action", "Azure 側対応"},
    [FINDING_PRESENT] = {"Found", "検出"},
    [FINDING_WOULD_FIX] = {"Fixable", "修正可能"},
    [FINDING_FIXED] = {"Fixed", "修正済み"},
    [FINDING_PENDING_REBOOT] = {"Restart pending", "再起動待ち"},
    [FINDING_NOT_FIXED] = {"Not fixed", "未修正"},
};

static const struct spoken outcomes[STEP_OUTCOME_COUNT] = {
    [STEP_UNNEEDED] = {"not needed", "不要"},
    [STEP_WOULD_CHANGE] = {"would change", "変更予定"},
    [STEP_CHANGED] = {"changed", "変更済み"},
    [STEP_NOT_CONVERGED] = {"changed, but not as wanted", "変更したが望む値にならない"},
    [STEP_FAILED] = {"failed", "失敗"},
    [STEP_UNKNOWN] = {"unknown", "不明"},
    [STEP_NOT_RUN] = {"not run", "未実行"},
    [STEP_CONFLICT] = {"conflict", "競合"},
};

static const struct spoken trace_words[TRACE_FORM_COUNT] = {
    [TRACE_ALL] = {"all of", "すべて"},
    [TRACE_ANY] = {"any of", "いずれか"},
    [TRACE_NOT] = {"not", "否定"},
    [TRACE_NAMED] = {"condition", "条件"},
    [TRACE_COMPARE] = {"", ""},
    [TRACE_COUNT] = {"count of", "件数"},
    [TRACE_ROW] = {"row", "行"},
    [TRACE_CASE] = {"case", "場合"},
    [TRACE_PART] = {"gives", "結果"},
    [TRACE_APPLIES] = {"applies", "対象"},
    [TRACE_CONDITION] = {"condition", "条件"},
    [TRACE_VALUE] = {"value", "値"},
    [TRACE_FACT] = {"look", "検査"},
};

static const struct spoken truths[] = {
    [TRUTH_FALSE] = {"false", "偽"}, [TRUTH_TRUE] = {"true", "真"}, [TRUTH_UNKNOWN] = {"unknown", "不明"}};

static const struct spoken severities[SEVERITY_COUNT] = {
    [SEVERITY_ERROR] = {"error", "エラー"},
    [SEVERITY_WARNING] = {"warning", "警告"},
    [SEVERITY_INFO] = {"information", "情報"},
};

/* What the gate calls a change, where that is no plain word. */
static const struct {
    const char *verb;
    struct spoken said;
} verbs[] = {
    {"set", {"set", "設定:"}},
    {"add", {"add", "追加:"}},
    {"delete", {"delete", "削除:"}},
    {"start", {"start", "開始:"}},
    {"stop", {"stop", "停止:"}},
    {"run", {"run", "実行:"}},
    {"rename", {"rename", "名前の変更:"}},
    {"write", {"write", "書き込み:"}},
    {"set_start", {"set the start type of", "スタートアップの種類:"}},
    {"set_enabled", {"set whether it may run:", "有効/無効:"}},
    {"set_kms", {"set the KMS host in", "KMS ホスト:"}},
    {"install_key", {"install the product key in", "プロダクト キー:"}},
    {"install_licenses", {"install the license files:", "ライセンス ファイルのインストール:"}},
    {"activate", {"activate", "ライセンス認証:"}},
};

const char *words_verb(const char *verb, enum language language)
{
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        if (text_same(verbs[i].verb, verb)) {
            return words_say(verbs[i].said, language);
        }
    }
    return verb;
}

const char *words_say(struct spoken spoken, enum language language)
{
    return language == LANGUAGE_JA && spoken.ja != NULL ? spoken.ja : spoken.en;
}

const char *words_phrase(enum phrase phrase, enum language language)
{
    return words_say(phrases[phrase], language);
}

const char *words_class(enum op_class class, enum language language)
{
    static const int phrases_of[] = {[OP_REVERSIBLE] = -1, [OP_ONE_WAY] = PHRASE_ONE_WAY, [OP_COSTLY] = PHRASE_COSTLY};
    return phrases_of[class] >= 0 ? words_phrase((enum phrase)phrases_of[class], language) : "";
}

void words_preview(struct buf *buf, const struct step_record *step, enum language language)
{
    const char *effect = words_say(step->preview->effect, language);
    if (effect != NULL) {
        buf_format(buf, "%s%s: ", effect, words_class(step->preview->class, language));
    }
    buf_format(buf, "%s %s", step->ensure, step->preview->wants);
}

const char *words_choice(struct buf *buf, const struct choice_record *choice, enum language language)
{
    if (choice->parameter == NULL) {
        return words_say(choice->step, language);
    }
    buf_format(buf, "--parameter %s", choice->parameter);
    return buf_string(buf);
}

void words_no_command(struct buf *buf, const char *why, enum language language)
{
    bool is_english = language == LANGUAGE_EN;
    buf_text(buf, is_english ? "" : "値を取得できないか、コマンドに使用できない文字が含まれています (詳細: ");
    buf_text(buf, why);
    buf_text(buf, is_english ? "" : ")");
}

const char *words_verdict(enum verdict verdict, enum language language)
{
    return words_say(verdicts[verdict], language);
}

const char *words_undo_verdict(enum verdict verdict, enum language language)
{
    return undo_verdicts[verdict].en != NULL ? words_say(undo_verdicts[verdict], language)
                                             : words_verdict(verdict, language);
}

const char *words_undo_outcome(enum undo_outcome outcome, enum language language)
{
    return words_say(undo_outcomes[outcome], language);
}

const char *words_state(enum finding_state state, enum language language)
{
    return words_say(states[state], language);
}

const char *words_finding(const struct finding_record *finding, enum language language)
{
    static const struct spoken manual = {"Manual step", "手動対応"};
    bool is_in_azure = finding->state != FINDING_HANDED_OFF;
    for (size_t i = 0; i < finding->handoff_count; i++) {
        is_in_azure = is_in_azure || finding->handoffs[i].count > 0;
    }
    return is_in_azure ? words_state(finding->state, language) : words_say(manual, language);
}

const char *words_outcome(enum step_outcome outcome, enum language language)
{
    return words_say(outcomes[outcome], language);
}

const char *words_severity(enum severity severity, enum language language)
{
    return words_say(severities[severity], language);
}

const char *words_trace(enum trace_form form, enum language language)
{
    return words_say(trace_words[form], language);
}

const char *words_truth(const char *truth, enum language language)
{
    int word = truth != NULL ? text_word(truth_names, truth) : -1;
    return word >= 0 ? words_say(truths[word], language) : NULL;
}
