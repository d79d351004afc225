/* SPDX-License-Identifier: MIT */
#include "channel/options/table.h"

#include "report/quote.h"

#define COMMAND_BIT(command) (1U << (unsigned)(command))

enum {
    FIXES = COMMAND_BIT(COMMAND_FIX) | COMMAND_BIT(COMMAND_PROVISION),
    RUNS = COMMAND_BIT(COMMAND_CHECK) | COMMAND_BIT(COMMAND_PLAN) | FIXES,
    UNDO = COMMAND_BIT(COMMAND_UNDO),
    HANDLER = COMMAND_BIT(COMMAND_HANDLER),
    RECORD = COMMAND_BIT(COMMAND_RECORD),
    KNOWS = COMMAND_BIT(COMMAND_LIST) | COMMAND_BIT(COMMAND_EXPLAIN),
    REPORT = COMMAND_BIT(COMMAND_REPORT),
    DSC = COMMAND_BIT(COMMAND_DSC),
    ALL = COMMAND_BIT(COMMAND_COUNT) - 1,
};

const char *const command_names[COMMAND_COUNT + 1] = {
    [COMMAND_CHECK] = "check",     [COMMAND_PLAN] = "plan",           [COMMAND_FIX] = "fix",
    [COMMAND_UNDO] = "undo",       [COMMAND_PROVISION] = "provision", [COMMAND_SEAL] = "seal",
    [COMMAND_LIST] = "list",       [COMMAND_VALIDATE] = "validate",   [COMMAND_SCHEMA] = "schema",
    [COMMAND_EXPLAIN] = "explain", [COMMAND_VERSION] = "version",     [COMMAND_HELP] = "help",
    [COMMAND_HANDLER] = "handler", [COMMAND_REPORT] = "report",       [COMMAND_RECORD] = "record",
    [COMMAND_DSC] = "dsc",
};

const struct command_row command_table[COMMAND_COUNT] = {
    [COMMAND_CHECK] = {"", 0, 0, {"look only, change nothing", "調べるだけで何も変更しない"}},
    [COMMAND_PLAN] = {"",
                      0,
                      0,
                      {"look, and show each change that fix would make, before and after",
                       "調べて、fix が行う変更を変更前後の値とともに示す"}},
    [COMMAND_FIX] = {"",
                     0,
                     0,
                     {"look, change what is wrong, look again (needs administrator rights)",
                      "調べて、誤りを直し、もう一度調べる (管理者権限が必要)"}},
    [COMMAND_UNDO] =
        {"[RUN]",
         0,
         1,
         {"put back what a fix changed, where nobody changed it since; RUN: its runId, else the newest "
          "run with changes (needs administrator rights)",
          "fix が行った変更を元に戻す。その後に変更されたものは保持する。RUN は runId、省略時は変更のあった"
          "最新の実行 (管理者権限が必要)"}},
    [COMMAND_PROVISION] =
        {"",
         0,
         0,
         {"fix once for each new VM: waits for the network and the licensing service; on the same VM "
          "a later start repeats the result (needs administrator rights)",
          "新しい VM ごとに 1 回だけ fix を行う。ネットワークとライセンス サービスを待つ。同じ VM での"
          "次回以降は前回の結果を示す (管理者権限が必要)"}},
    [COMMAND_RECORD] =
        {"[FILE]",
         0,
         1,
         {"look only, and write what was seen as a machine document, for check --machine at a desk; names, addresses "
          "and ids are replaced",
          "調べるだけで何も変更せず、見たものをマシン文書として書き出す (check --machine で再現できる)。名前、"
          "アドレス、ID は置き換える"}},
    [COMMAND_SEAL] =
        {"",
         0,
         0,
         {"remove all that azmend remembers, before a VM becomes an image: journals, results, and with them "
          "undo (needs administrator rights)",
          "VM をイメージにする前に、azmend の記録 (ジャーナル、結果) をすべて削除する。以後 undo はできない "
          "(管理者権限が必要)"}},
    [COMMAND_LIST] = {"[kinds]",
                      0,
                      1,
                      {"the playbooks and what they find; kinds: what a playbook can look at",
                       "プレイブックと検出項目の一覧。kinds はプレイブックで調べられるものの一覧"}},
    [COMMAND_VALIDATE] = {"FILE|DIR|ARCHIVE...",
                          1,
                          LIMIT_PARAMETERS,
                          {"load playbooks, run the scenarios beside them, and say what is wrong",
                           "プレイブックを読み込み、同じフォルダーのシナリオを実行し、誤りがあれば示す"}},
    [COMMAND_SCHEMA] = {"playbook|result|machine|report", 1, 1, {"print a JSON Schema", "JSON Schema を出力する"}},
    [COMMAND_EXPLAIN] = {"FINDING_ID|0xCODE|KIND",
                         1,
                         1,
                         {"what a finding or an error code means, what a playbook can look at and want with a kind",
                          "検出項目またはエラー コードの意味、または kind で調べられる項目と設定できる項目を示す"}},
    [COMMAND_REPORT] =
        {"DIR|FILE...",
         1,
         LIMIT_PARAMETERS,
         {"many results as one: files, folders, lines of append blobs, exported events; the newest of each VM counts. "
          "--html FILE writes the page, --json prints the document",
          "複数の結果を 1 つにまとめる。ファイル、フォルダー、追加 BLOB の行、エクスポートしたイベントを読み、VM "
          "ごとに最新の結果を集計する。--html FILE はページを書き出し、--json は JSON を出力する"}},
    [COMMAND_DSC] =
        {"get|test|set|schema",
         1,
         1,
         {"called by Microsoft DSC 3: one JSON object on stdin, one on stdout (exit 0 whenever a diagnosis was "
          "completed, 1, 2, 3, 4)",
          "Microsoft DSC 3 が呼び出す。標準入力から JSON を 1 つ読み、標準出力に 1 つ書く (診断が完了すれば"
          "終了コード 0、それ以外は 1、2、3、4)"}},
    [COMMAND_HANDLER] =
        {"install|enable|update|disable|uninstall",
         1,
         2,
         {"called by the guest agent, from the folder of a VM extension: settings in, status out (exit 0, 51, 52, 1)",
          "ゲスト エージェントが VM 拡張機能のフォルダーから呼び出す。設定を読み、状態を書く (終了コード "
          "0、51、52、1)"}},
    [COMMAND_VERSION] = {"", 0, 0, {"version, commit and libraries", "バージョン、コミット、ライブラリ"}},
    [COMMAND_HELP] = {"[COMMAND]", 0, 1, {"this text, or one command's options", "この説明、または各コマンドの説明"}},
};

const struct command_defaults command_defaults[COMMAND_COUNT] = {
    [COMMAND_PROVISION] = {LIMIT_PROVISION_WAIT_MS, EXIT_COMPLETED},
};

#define ROW(n, v, f, member, c, w, en, ja)                                                                             \
    {                                                                                                                  \
        .name = (n), .value = (v), .form = (f), .offset = offsetof(struct options, member), .commands = (c),           \
        .words = (w), .about = {(en), (ja)},                                                                           \
    }

const struct option option_table[] = {
    ROW("playbook", "ID|FILE|DIR|ARCHIVE|URL", OPTION_TEXTS, playbooks, RUNS | KNOWS, NULL,
        "run these instead of all built-in playbooks; may be repeated (zip, tar.gz; https with --sha256)",
        "組み込みの全プレイブックの代わりに実行するもの。複数指定可 (zip、tar.gz、https は --sha256 と併用)"),
    ROW("sha256", "HEX", OPTION_TEXT, sha256, RUNS | KNOWS, NULL,
        "refuse the --playbook FILE, ARCHIVE or URL unless its bytes have this SHA-256",
        "--playbook の FILE、ARCHIVE、URL の SHA-256 がこの値でなければ拒否する"),
    ROW("clouds", "FILE", OPTION_TEXT, clouds, RUNS | KNOWS, NULL,
        "also know the clouds of this file: their KMS hosts, IMDS signers and hosts to compare with "
        "(playbooks/README.md)",
        "このファイルのクラウド (KMS ホスト、IMDS の署名者、比較対象のホスト) も既知とする (playbooks/README.md)"),
    ROW("parameter", "[PLAYBOOK.]NAME=VALUE", OPTION_PAIRS, parameters, RUNS, NULL,
        "value of a playbook parameter; may be repeated", "プレイブックのパラメーターの値。複数指定可"),
    ROW("approved", "PLANID", OPTION_TEXT, approved, COMMAND_BIT(COMMAND_FIX), NULL,
        "make exactly the changes of the plan that ended with this planId, or none",
        "この planId の計画どおりの変更だけを行う。異なる場合は何も変更しない"),
    ROW("trace", "FINDING", OPTION_TEXTS, traces, RUNS & ~COMMAND_BIT(COMMAND_PROVISION), NULL,
        "say why this finding is as it is, absent or unknown ones too: its condition, each value and where it is from; "
        "may be repeated",
        "この検出項目の判定の内訳 (条件、各値とその取得元) を示す。検出されなかったものも可。複数指定可"),
    ROW("machine", "FILE", OPTION_TEXT, machine, RUNS | UNDO | HANDLER | RECORD | DSC, NULL,
        "work on this machine document, not on this computer", "このコンピューターではなく、マシン文書を対象とする"),
    ROW("connect-to", "HOST:PORT=ADDRESS:PORT", OPTION_TEXTS, connect_to, RUNS | UNDO | HANDLER | RECORD | DSC, NULL,
        "send this connection of the machine document to a real one on loopback; may be repeated",
        "マシン文書のこの接続を、ループバック上の実際の接続先に向ける。複数指定可"),
    ROW("save-machine", "FILE", OPTION_TEXT, save_machine, RUNS | UNDO | HANDLER | DSC, NULL,
        "write the machine document as it stands after the run (with --machine)",
        "実行後のマシン文書を書き出す (--machine と併用)"),
    ROW("from", "FILE|last", OPTION_TEXT, from, COMMAND_BIT(COMMAND_EXPLAIN), NULL,
        "also what this result, or the last fix or undo, said of the finding, with its commands for Azure",
        "この結果、または最後の fix や undo がその検出項目について示した内容と Azure 側のコマンドも示す"),
    ROW("state", "DIR", OPTION_TEXT, state,
        COMMAND_BIT(COMMAND_EXPLAIN) | COMMAND_BIT(COMMAND_SEAL) | RUNS | UNDO | HANDLER | DSC, NULL,
        "folder of the lock, the journals and the results of fix and undo",
        "fix と undo のロック、ジャーナル、結果を置くフォルダー"),
    ROW("result", "FILE", OPTION_TEXT, result, RUNS | UNDO, NULL, "write the whole result as JSON",
        "結果の全体を JSON で書き出す"),
    ROW("html", "FILE", OPTION_TEXT, html, RUNS | UNDO | REPORT, NULL, "write the result as a page for people",
        "結果を人が読むページとして書き出す"),
    ROW("evidence", "FILE.zip", OPTION_TEXT, evidence, RUNS | UNDO, NULL,
        "write what a support engineer asks for: result, journal, events, configuration; secrets are left out",
        "サポート担当者が必要とするもの (結果、ジャーナル、イベント、構成) を書き出す。秘密の値は含めない"),
    ROW("event-log", NULL, OPTION_FLAG, event_log, RUNS & ~(unsigned)FIXES, NULL,
        "write the result of this run to the Application event log too, as fix, undo and provision always do",
        "fix、undo、provision と同じく、この実行の結果もアプリケーション イベント ログに書き込む"),
    ROW("no-redact", NULL, OPTION_FLAG, no_redact, RECORD, NULL,
        "leave names, addresses, ids and domains as they are; secrets are left out all the same",
        "名前、アドレス、ID、ドメインをそのまま残す。秘密の値は含めない"),
    ROW("deadline", "TIME", OPTION_DURATION, deadline_ms, RUNS | UNDO | RECORD | DSC, NULL,
        "end by then, e.g. 10m (default 20m)", "実行時間の上限。例: 10m (既定値 20m)"),
    ROW("probe-timeout", "TIME", OPTION_DURATION, probe_ms, RUNS | HANDLER | RECORD, NULL,
        "bound of one network probe (default 5s)", "ネットワーク検査 1 回の上限 (既定値 5s)"),
    ROW("wait-network", "TIME", OPTION_DURATION, wait_network_ms, RUNS | RECORD, NULL,
        "first wait so long for IMDS or a DNS server to answer, as while a VM is provisioned (default 0s)",
        "検査の前に IMDS または DNS の応答を待つ時間の上限。VM のプロビジョニング中など (既定値 0s)"),
    ROW("splay", "TIME", OPTION_DURATION, splay_ms, FIXES | HANDLER, NULL,
        "first wait a part of this time that is this VM's own and always the same, so that a fleet does not ask a KMS "
        "all at once (default 0s)",
        "多数の VM が同時に KMS へ接続しないよう、この時間のうち VM ごとに決まった長さだけ先に待つ (既定値 0s)"),
    ROW("unattended", NULL, OPTION_FLAG, unattended, COMMAND_BIT(COMMAND_FIX) | HANDLER, NULL,
        "for runs that start by themselves: activation is tried again after 2 hours, doubled up to 24 while the answer "
        "is the same; a fix that cannot be undone is not repeated on the same evidence for 7 days; an event is written "
        "when the verdict changes, else once a day",
        "自動的に開始される実行向け。ライセンス認証の再試行は 2 時間後 (応答が同じ間は倍にして最大 24 "
        "時間)、元に戻せない修正は同じ根拠では 7 日間繰り返さず、"
        "イベントは判定が変わったとき、または 1 日 1 回だけ書き込む"),
    ROW("inline", "TIME", OPTION_DURATION, inline_ms, HANDLER, NULL,
        "how long enable waits for a run before it goes on without it (default 4m)",
        "enable が実行の完了を待つ時間。過ぎるとバックグラウンドで続行する (既定値 4m)"),
    ROW("exit-code", "plain|always-zero|completed|cloudbase", OPTION_WORD, exit_style, RUNS | UNDO, exit_style_names,
        "how the verdict becomes an exit code (default plain)", "判定を終了コードにする方法 (既定値 plain)"),
    ROW("json", NULL, OPTION_FLAG, json, RUNS | UNDO | KNOWS | REPORT, NULL,
        "print the whole result, or what is said of kinds, as JSON, no table",
        "表の代わりに結果の全体、または kind の説明を JSON で出力する"),
    ROW("quiet", NULL, OPTION_FLAG, quiet, RUNS | UNDO, NULL, "print only the last line", "最後の 1 行だけを出力する"),
    ROW("verbose", NULL, OPTION_FLAG, verbose, RUNS | UNDO | HANDLER | RECORD, NULL, "say on stderr what was done",
        "実行の詳細を標準エラー出力に示す"),
    ROW("lang", "en|ja", OPTION_WORD, language, ALL, language_names, "language of texts for people",
        "人向けの文章の言語"),
    ROW("shell", "bash|powershell", OPTION_WORD, shell, RUNS | COMMAND_BIT(COMMAND_EXPLAIN), shell_names,
        "shell of the commands for Azure that are printed (default bash)",
        "出力する Azure 用コマンドのシェル (既定値 bash)"),
    ROW("help", NULL, OPTION_FLAG, help, ALL, NULL, "help on the command", "コマンドの説明"),
    {.name = NULL},
};
