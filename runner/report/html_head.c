/* SPDX-License-Identifier: MIT */
/* How a page begins and ends, and how it looks. */
#include "report/html_parts.h"
#include "report/version.h"

/* Colours tell what needs somebody: red now, amber a decision, green nothing. */
static const char style[] =
    ":root{--text:#1b1b1f;--paper:#fff;--page:#f3f4f6;--line:#d5d8de;--faint:#5c6370;--good:#0f7b3e;--bad:#b3261e;"
    "--wait:#8a5a00;--plain:#3b5b92}\n"
    "@media(prefers-color-scheme:dark){:root{--text:#e6e7ea;--paper:#22252b;--page:#16181c;--line:#3b4049;"
    "--faint:#a2a9b4;--good:#5ecb8d;--bad:#ff8a80;--wait:#f0b74a;--plain:#8fb3f0}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--page);color:var(--text);font:15px/1.55 'Segoe UI','Yu Gothic UI','Meiryo',"
    "'Noto Sans CJK JP',system-ui,sans-serif}\n"
    "main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 3rem}\n"
    "h1{font-size:1.15rem;font-weight:600;color:var(--faint);margin:0 0 .75rem}\n"
    "h2{font-size:1.1rem;margin:2rem 0 .5rem}\n"
    "h3{font-size:1.05rem;margin:0}\n"
    "h5{font-size:.8rem;margin:.75rem 0 .25rem;color:var(--faint)}\n"
    "h4{font-size:.85rem;margin:1rem 0 .25rem;color:var(--faint)}\n"
    "p{margin:.4rem 0;overflow-wrap:anywhere}\n"
    "section,header,.box{background:var(--paper);border:1px solid var(--line);border-left:5px solid var(--mark);"
    "border-radius:6px;padding:1rem 1.1rem;margin:.75rem 0;--mark:var(--plain)}\n"
    ".box{border-left-width:1px;border-left-color:var(--line)}\n"
    ".verdict{font-size:1.4rem;font-weight:600;margin:0;color:var(--mark)}\n"
    ".verdict::first-letter,h4::first-letter{text-transform:uppercase}\n"
    ".healthy,.fixed{--mark:var(--good)}\n"
    ".failed,.not_fixed,.needs_azure_change,.handed_off{--mark:var(--bad)}\n"
    ".needs_decision,.undetermined,.needs_reboot,.would_fix,.refused,.pending_reboot,.unknown{--mark:var(--wait)}\n"
    ".state{display:inline-block;font-size:.8rem;font-weight:600;color:var(--mark);border:1px solid var(--mark);"
    "border-radius:999px;padding:0 .6rem;margin-right:.6rem}\n"
    ".id{color:var(--faint);font-size:.85rem}\n"
    ".id span::before{content:'\\00b7';margin:0 .45rem}\n"
    ".todo{font-weight:600}\n"
    "table{border-collapse:collapse;width:100%;font-size:.88rem}\n"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-top:1px solid var(--line);"
    "overflow-wrap:anywhere}\n"
    "tr:first-child>*{border-top:0}\n"
    "th{font-weight:600;color:var(--faint);width:12rem}\n"
    ".changes{table-layout:fixed}\n"
    ".changes th{width:26%}\n"
    ".changes th:first-child{width:28%}\n"
    ".changes th:last-child{width:20%}\n"
    "code,pre,.seen td,.changes td{font-family:Consolas,'Cascadia Mono','DejaVu Sans Mono','MS Gothic',monospace}\n"
    "pre{background:var(--page);border:1px solid var(--line);border-radius:4px;padding:.6rem .7rem;margin:.5rem 0;"
    "font-size:.85rem;white-space:pre-wrap;overflow-wrap:anywhere}\n"
    "footer{color:var(--faint);font-size:.82rem;margin-top:2rem}\n"
    "@media print{body{background:none}section,header,.box{break-inside:avoid}}\n";

/* The policy forbids the page whatever it does not have. */
void html_begin(struct buf *buf, enum language language, const char *title, const char *more_style)
{
    buf_format(buf, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
               language_names[language]);
    buf_text(buf, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                  "'unsafe-inline'; form-action 'none'; base-uri 'none'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width\">\n<title>azmend: ");
    html_text(buf, title);
    buf_text(buf, "</title>\n<style>\n");
    buf_text(buf, style);
    buf_text(buf, more_style);
    buf_text(buf, "</style>\n</head>\n<body>\n<main>\n");
}

void html_end(struct buf *buf)
{
    buf_format(buf, "<footer>azmend %s %s</footer>\n</main>\n</body>\n</html>\n", version_number, version_commit);
}
