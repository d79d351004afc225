/* SPDX-License-Identifier: MIT */
#include "kinds/licensing/license_recover.h"

#include <string.h>

#include "base/limits.h"
#include "kinds/licensing/license_store.h"

#define SLMGR_FORMAT "    cscript //nologo %%SystemRoot%%\\System32\\slmgr.vbs "
#define EACH_FORMAT                                                                                                    \
    "    for /R \"%%SystemRoot%%\\System32\\spp\\tokens\" %%f in (*.xrm-ms) do "                                       \
    "cscript //nologo %%SystemRoot%%\\System32\\slmgr.vbs /ilc \"%%f\"\n"
#define KEYS_PAGE "https://learn.microsoft.com/windows-server/get-started/kms-client-activation-keys"

struct words {
    const char *head, *finish, *one_by_one, *no_key, *key_ends, *no_host, *restart, *back, *end;
};

static const struct words english = {
    .head = "azmend is about to rebuild the Windows license store (Tokens.dat) on this VM.\n"
            "\n"
            "You need this file only if azmend was ended by force (antivirus, power loss) and Windows has no product "
            "key now.\n"
            "The easiest way is to run \"azmend fix\" again: it finishes the rebuild.\n"
            "If azmend cannot be started any more, type the commands below into a Command Prompt that you opened with\n"
            "\"Run as administrator\". Go on if a command says that a service is already started or stopped.\n",
    .finish =
        "A. Finish the rebuild: install the licenses and the KMS client setup key again, then activate Windows.\n",
    .one_by_one = "Only if /rilc stops at a file that fails: install all others one by one.\n",
    .no_key = "Install the KMS client setup key of your edition with slmgr.vbs /ipk. The keys: " KEYS_PAGE "\n",
    .key_ends = "Install the KMS client setup key that ends in %s with slmgr.vbs /ipk. The keys: " KEYS_PAGE "\n",
    .no_host = "The KMS host was not set when azmend began. For Azure: slmgr.vbs /skms azkms.core.windows.net:1688\n",
    .restart = "Then restart the VM.\n",
    .back = "B. Or take the rebuild back: put the old Tokens.dat in its place again. It is damaged, but it has the old "
            "key.\n",
    .end =
        "Microsoft describes the rebuild here:\n"
        "https://learn.microsoft.com/troubleshoot/windows-server/licensing-and-activation/rebuild-tokens-dotdat-file\n",
};

static const struct words japanese = {
    .head =
        "azmend はこの VM の Windows ライセンス ストア (Tokens.dat ファイル) を再構築します。\n"
        "\n"
        "このファイルが必要になるのは、azmend が強制終了され (ウイルス対策ソフト、停電など)、Windows のプロダクト "
        "キーが\n"
        "ない状態になった場合だけです。最も簡単な方法は「azmend fix」の再実行です。再構築が最後まで行われます。\n"
        "azmend を起動できない場合は、「管理者として実行」したコマンド プロンプトで次のコマンドを実行してください。\n"
        "サービスが既に開始または停止しているというメッセージが表示された場合は、次のコマンドに進んでください。\n",
    .finish = "A. 再構築を完了する: ライセンスと KMS クライアント セットアップ "
              "キーを再インストールし、ライセンス認証を行います。\n",
    .one_by_one = "/rilc が途中のファイルで失敗して止まる場合のみ: 残りのライセンスを 1 つずつインストールします。\n",
    .no_key = "お使いのエディションの KMS クライアント セットアップ キーを slmgr.vbs /ipk "
              "でインストールします。キーの一覧: " KEYS_PAGE "\n",
    .key_ends =
        "末尾が %s の KMS クライアント セットアップ キーを slmgr.vbs /ipk でインストールします。キーの一覧: " KEYS_PAGE
        "\n",
    .no_host = "azmend の開始時に KMS ホストは設定されていませんでした。Azure の場合: slmgr.vbs /skms "
               "azkms.core.windows.net:1688\n",
    .restart = "その後、VM を再起動してください。\n",
    .back =
        "B. または再構築を取り消す: 元の Tokens.dat ファイルを戻します。破損していますが、元のキーが含まれています。\n",
    .end =
        "再構築の手順 (マイクロソフト):\n"
        "https://learn.microsoft.com/troubleshoot/windows-server/licensing-and-activation/rebuild-tokens-dotdat-file\n",
};

/* The words hold one %s: put together here, since no format may come from a variable. */
static void add_key(struct buf *buf, const struct recover *recover, const struct words *words)
{
    const char *gap = strstr(words->key_ends, "%s");
    if (recover->partial_key == NULL || gap == NULL) {
        buf_text(buf, words->no_key);
        return;
    }
    buf_add(buf, words->key_ends, (size_t)(gap - words->key_ends));
    buf_text(buf, recover->partial_key);
    buf_text(buf, gap + strlen("%s"));
}

/* claim: store.rilc-stops */
static void add_finish(struct buf *buf, const struct recover *recover, const struct words *words)
{
    buf_format(buf, "%s    net start sppsvc\n" SLMGR_FORMAT "/rilc\n%s" EACH_FORMAT, words->finish, words->one_by_one);
    add_key(buf, recover, words);
    if (recover->kms_host != NULL) {
        buf_format(buf, SLMGR_FORMAT "/skms %s\n", recover->kms_host);
    } else {
        buf_text(buf, words->no_host);
    }
    buf_format(buf, SLMGR_FORMAT "/ato\n%s", words->restart);
}

/* A new store may have been made by then; without one, the first of the three does nothing. */
static void add_back(struct buf *buf, const struct recover *recover, const struct words *words)
{
    buf_format(buf, "%s    net stop sppsvc\n", words->back);
    buf_format(buf, "    if exist \"%s\\" STORE_FILE "\" ren \"%s\\" STORE_FILE "\" \"" STORE_FILE ".new\"\n",
               recover->folder, recover->folder);
    buf_format(buf, "    ren \"%s\\%s\" \"" STORE_FILE "\"\n    net start sppsvc\n", recover->folder, recover->backup);
}

static void add_language(struct buf *buf, const struct recover *recover, const struct words *words)
{
    buf_format(buf, "%s\n", words->head);
    add_finish(buf, recover, words);
    buf_text(buf, "\n");
    add_back(buf, recover, words);
    buf_format(buf, "\n%s\n", words->end);
}

const char *license_recover_text(struct arena *arena, const struct recover *recover)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* or Notepad of older systems takes it for ANSI */
    struct buf plain AUTO(buf_clear) = {0};
    struct buf text AUTO(buf_clear) = {0};
    buf_init(&plain, LIMIT_NOTE_BYTES);
    buf_init(&text, LIMIT_NOTE_BYTES);
    add_language(&plain, recover, &english);
    add_language(&plain, recover, &japanese);
    buf_text(&text, mark);
    for (const char *at = buf_string(&plain); *at != '\0'; at++) {
        buf_add(&text, *at == '\n' ? "\r\n" : at, *at == '\n' ? 2 : 1);
    }
    return plain.failed || text.failed ? NULL : arena_text(arena, buf_string(&text));
}
