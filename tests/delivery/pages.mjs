// SPDX-License-Identifier: MIT
// The pages, walked as an administrator would: every az line in one folder, in bash and as PowerShell reads it, given to Azure's own
// client (Debian's azure-cli) with canned answers; what the client would deploy is turned into resources by the stand-in for Resource Manager.
import { after, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Deployment } from "./arm.mjs";
import { dist, files, here, json, load, text } from "./library.mjs";

const WALK_SECONDS = 280, VM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm";
// What an administrator puts for the words in capitals that have a form of their own.
const PUT = { "VERSION-ID": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/gal/applications/azmend/versions/0.1.0",
    "IDENTITY-ID": "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/azmend-reader",
    "STORAGE-ACCOUNT-ID": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/account", "VM-ID": VM,
    "IMAGE-ID": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/gal/images/i",
    "PRINCIPAL-ID": "33333333-2222-4333-8444-555555555555" };
// Commands of extensions, which are not in the client itself. Sources: Azure/azure-cli-extensions 07a8e47 (resource-graph); learn.microsoft.com/cli/azure,
// monitor data-collection rule association (monitor-control-service), read November 2026.
const EXTENSIONS = {
    "graph query": ["--graph-query", "--q", "-q", "--first", "--skip", "--subscriptions", "-s", "--management-groups", "--skip-token", "--allow-partial-scopes", "-a"],
    "monitor data-collection rule association create": ["--association-name", "--name", "-n", "--resource", "--resource-uri", "--rule-id", "--data-collection-rule-id", "--endpoint-id",
        "--data-collection-endpoint-id", "--description"],
};
const OF_ALL = ["--query", "--output", "-o", "--subscription", "--only-show-errors", "--debug", "--verbose"];

const { Parser, Language } = load("@vscode/tree-sitter-wasm");
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(load.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm")));

const folder = mkdtempSync(join(tmpdir(), "azmend-pages-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const work = join(folder, "dist");
cpSync(dist, work, { recursive: true });

// --- a line, by two shells ---

const put = (line) => Object.entries(PUT).reduce((made, [word, value]) => made.replaceAll(word, value), line);

// The words that bash gives to az, for each az line of the block; it runs where the files are, and a redirection gets its file.
function bashWords(block) {
    const told = join(folder, "words");
    writeFileSync(told, "");
    const az = `az() { printf '%s\\0' "$@" >>"$TOLD"; printf '\\036\\0' >>"$TOLD"; [[ $1 != graph ]] || printf '["${VM}"]\\n'; }`;
    execFileSync("bash", ["-euo", "pipefail", "-c", `${az}\n${block}`], { cwd: work, env: { PATH: process.env.PATH, TOLD: told }, stdio: ["ignore", "ignore", "pipe"] });
    return readFileSync(told, "utf8").split("\x1e\0").slice(0, -1).map((words) => words.split("\0").slice(0, -1));
}

function elementOf(node) {
    const word = node.text;
    if (["generic_token", "command_parameter"].includes(node.type) || /^\d+$/.test(word)) return word;
    if (node.type === "array_literal_expression" && /^'[^']*'$/.test(word)) return word.slice(1, -1);
    if (node.type === "array_literal_expression" && /^"[^"$`]*"$/.test(word)) return word.slice(1, -1);
    throw new Error(`PowerShell takes ${word} for something else`);
}

// The words that PowerShell gives to az. On Windows that is a batch file: what PowerShell hands over without quotes, cmd.exe reads again.
function powershellWords(line) {
    const root = parser.parse(line).rootNode;
    if (root.hasError) throw new Error(`PowerShell does not read ${line}`);
    const command = root.descendantsOfType("command")[0], elements = command.childForFieldName("command_elements") ?? command.descendantsOfType("command_elements")[0];
    const words = [];
    for (let i = 0; i < elements.childCount; i++) {
        const node = elements.child(i);
        if (!["command_argument_sep", "redirection"].includes(node.type)) words.push(elementOf(node));
    }
    const torn = words.find((word) => (/\s/.test(word) ? /["%]/ : /[&|<>^%"]/).test(word));
    if (torn) throw new Error(`cmd.exe does not hand on ${torn} as it is`);
    return words;
}

// --- the pages ---

const pages = [["README.md", text(here, "../../README.md")], ...files(dist, ".md").map((name) => [name, text(dist, name)])];
const blocks = pages.flatMap(([page, content]) => [...content.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map((match) => ({ page, block: match[1] })))
    .filter(({ block }) => /^az /m.test(block));
const lines = blocks.flatMap(({ page, block }) => {
    const typed = put(block).split("\n").filter((line) => /^az /.test(line)), words = bashWords(put(block));
    assert.equal(words.length, typed.length, `${page}: an az command is one line`);
    return typed.map((line, i) => ({ page, line, words: words[i] }));
});

const extensionOf = (words) => Object.keys(EXTENSIONS).find((name) => words.join(" ").startsWith(`${name} `));
const optionOf = (words, ...names) => words[words.findIndex((word) => names.includes(word)) + 1];
const templateOf = (words) => (words.includes("--template-file") ? optionOf(words, "--template-file") : null);

// A password is asked for at the prompt.
function typedToo(words) {
    const secret = Object.entries(templateOf(words) ? json(work, templateOf(words)).parameters : {}).filter(([, one]) => one.type === "securestring" && !("defaultValue" in one))
        .map(([name]) => name).filter((name) => name === "adminPassword");
    return [...words, ...secret.map((name) => `${name}=typed`)];
}

function client(commands) {
    const out = execFileSync("/usr/bin/python3", [join(here, "client.py")], { cwd: work, input: JSON.stringify(commands), timeout: WALK_SECONDS * 1000, maxBuffer: 64 << 20, stdio: ["pipe", "pipe", "ignore"] });
    return JSON.parse(out);
}

// The client puts the template's text into its request as it is, behind a name without quotes, which Azure reads.
const documentOf = (body) => JSON.parse(body.replace(/([{,]\s*)template\s*:\s*\{/, '$1"template":{'));

// --- what must be so ---

const REFUSED = [
    ["a word that the command does not have", ["vmss", "application", "set", "-g", "G", "--vmss-name", "SET", "--app-version-ids", "ID"]],
    ["a template that is not in the folder", ["deployment", "group", "create", "-g", "G", "--name", "n", "--template-file", "gallery.json"]],
    ["a template without a parameter that it needs", ["deployment", "group", "create", "-g", "G", "--name", "n", "--template-file", "vm-application/vm.json", "--parameters", "vmName=VM"]],
];
const asked = lines.filter(({ words }) => !extensionOf(words));
const outcomes = client([...asked.map(({ words }) => typedToo(words)), ...REFUSED.map(([, words]) => words)]);

test("the pages' lines were found", () => assert.ok(lines.length >= 30 && blocks.length >= 10, `${lines.length} lines`));

for (const { page, line, words } of lines) {
    test(`${page}: ${line.slice(0, 90)}: PowerShell gives az the same words as bash`, () => assert.deepEqual(powershellWords(line), words));
    test(`${page}: ${line.slice(0, 90)}: every file is in the one folder`, () =>
        assert.deepEqual(words.flatMap((word) => /^(?:\w+=)?@(.+)$/.exec(word)?.[1] ?? []).filter((name) => !existsSync(join(work, name))), []));
    const extension = extensionOf(words);
    if (extension) {
        test(`${page}: ${line.slice(0, 90)}: the extension has these options`, () =>
            assert.deepEqual(words.filter((word) => /^-/.test(word) && ![...EXTENSIONS[extension], ...OF_ALL].includes(word)), []));
    }
    if (words[0] === "deployment") {
        test(`${page}: ${line.slice(0, 90)}: the deployment has a name of its own`, () => {
            const target = words.map((word) => /^(?:vmName|vmssName|machineName)=(.*)$/.exec(word)?.[1]).find(Boolean);
            assert.match(optionOf(words, "--name", "-n"), new RegExp(`^azmend-${target ?? "\\w"}`));
        });
    }
}

// Debian's client comes with another version of a library than it was made for: role assignment create reads its words, and then ends inside the
// client, before a request. Its words are all that is shown.
const IS_DEBIANS = /'RoleAssignmentsOperations' object has no attribute 'config'/, DEBIANS_MAX = 1;
asked.forEach(({ page, line, words }, i) => {
    test(`${page}: ${line.slice(0, 90)}: the client takes it`, () => {
        const { parsed, code, said, requests } = outcomes[i];
        assert.ok(parsed, said);
        assert.ok(code === 0 || IS_DEBIANS.test(said), `exit code ${code}: ${said.slice(0, 1500)}`);
        assert.ok(code !== 0 || requests.length > 0, "it asked Azure for nothing");
    });
    if (!templateOf(words)) return;
    test(`${page}: ${line.slice(0, 90)}: what is sent makes resources`, () => {
        const sent = outcomes[i].requests.map(({ body }) => (body ? documentOf(body).properties : null)).filter((one) => one?.template).at(-1);
        const given = Object.fromEntries(Object.entries(sent.parameters).map(([name, { value }]) => [name, value]));
        const made = new Deployment(sent.template, given).resources();
        assert.ok(made.length > 0);
        assert.ok(!/ fix | provision /.test(JSON.stringify(made.map((one) => one.properties.protectedSettings ?? one.properties.parameters))), "a page's line looks only");
    });
});

test("few commands end inside Debian's client", () => {
    const ended = asked.filter((_, i) => outcomes[i].code !== 0).map(({ line }) => line);
    assert.ok(ended.length <= DEBIANS_MAX, ended.join("\n"));
});

// What the lines do with the answers: the machine of the canned answers has a Custom Script Extension "other", and a run that ended with a verdict.
const DOES = [
    [/^az vm extension list /, "tells of the extension that is there", ({ out }) => out.trim() === "other"],
    [/^az vm extension set /, "the client itself takes the place of the other extension, as the page says", ({ requests }) => requests.some(({ method, url }) => method === "PUT" && url.includes("/extensions/other?"))],
    [/^az vm run-command show .*instanceView.output/, "prints the result of a run that failed", ({ out }) => out.includes("verdict")],
    [/^az vmss application set /, "gives the set the version", ({ requests }) => requests.some(({ method, body }) => method === "PATCH" && body.includes(PUT["VERSION-ID"]))],
    [/^az vmss show /, "tells the upgrade policy", ({ out }) => out.trim() === "Manual"],
    [/^az vmss update-instances /, "means every instance, not the files of the folder", ({ requests }) => requests.some(({ url, body }) => url.includes("/manualupgrade?") && JSON.parse(body).instanceIds.join() === "*")],
    [/^az rest /, "sends the action's body, to its own apiVersion", ({ requests }) => requests.some(({ method, url, body }) => method === "POST" && url.endsWith("?api-version=2024-07-01") && JSON.parse(body).commandId === "RunPowerShellScript")],
    [/^az vm run-command invoke /, "sends the script", ({ requests }) => requests.some(({ body }) => body?.includes("$expectedHash"))],
    [/^az vm identity assign /, "gives the VM the identity", ({ requests }) => requests.some(({ method, body }) => method === "PATCH" && body.includes(PUT["IDENTITY-ID"]))],
    [/^az policy state trigger-scan/, "begins a scan", ({ requests }) => requests.some(({ method, url }) => method === "POST" && url.includes("/triggerEvaluation?"))],
    [/^az deployment group create .*package.parameters.json/, "takes the address from its file", ({ requests }) => requests.some(({ body }) => body?.includes("azmend.exe?SAS"))],
    [/^az deployment sub create .*wave.json/, "names the machines of the query", ({ requests }) => requests.some(({ body }) => documentOf(body ?? "{}").properties?.parameters.resourceIds.value.join() === VM)],
];
for (const [which, about, right] of DOES) {
    test(`the client: ${which.source}: ${about}`, () => {
        const at = asked.flatMap(({ line }, i) => (which.test(line) ? [i] : []));
        assert.ok(at.length > 0, "no page has such a line");
        at.forEach((i) => assert.ok(right(outcomes[i]), JSON.stringify(outcomes[i]).slice(0, 3000)));
    });
}

REFUSED.forEach(([about, words], i) => test(`refused by the client: ${about}`, () => {
    const { code, said } = outcomes[asked.length + i];
    assert.ok(code !== 0 && !IS_DEBIANS.test(said), said.slice(0, 500));
    assert.ok(words.length > 0);
}));

for (const line of ["az vm extension set --settings @settings.public.json", "az x --url https://account/c/azmend.exe?sv=1&sig=2", "az x --url 'https://account/c/azmend.exe?sv=1&sig=2'",
    "az x --parameters instanceIds=[0,3]", "az graph query -q \"$(grep -v '^//' fleet-runs.kql)\""]) {
    test(`refused in PowerShell: ${line}`, () => assert.throws(() => powershellWords(line)));
}
