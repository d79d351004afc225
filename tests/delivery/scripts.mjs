// SPDX-License-Identifier: MIT
// The scripts and commands of the package: PowerShell by a parser, the limits of who runs them, and the hash they check. There is
// no PowerShell here: what runs the script on a VM is not run.
import { test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { bytes, dist, files, here, json, load, text, validator } from "./library.mjs";

const { Parser, Language } = load("@vscode/tree-sitter-wasm");
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(load.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm")));

const hash = createHash("sha256").update(bytes(dist, "azmend.exe")).digest("hex");
const script = text(dist, "run-command/azmend.ps1");

// What Windows PowerShell 5.1 does not read: the grammar is of a later one in these two.
function laterThan51(node) {
    if (["&&", "||"].includes(node.type)) return `${node.type} at line ${node.startPosition.row + 1}`;
    for (let i = 0; i < node.childCount; i++) {
        const found = laterThan51(node.child(i));
        if (found) return found;
    }
    return null;
}

function wrongOf(source) {
    const root = parser.parse(source).rootNode;
    return root.hasError ? "does not parse" : laterThan51(root);
}

for (const name of files(dist, ".ps1")) {
    test(`${name}: parses, in the language of 5.1`, () => assert.equal(wrongOf(text(dist, name)), null));
    test(`${name}: ASCII, which 5.1 reads without a mark`, () => assert.ok(bytes(dist, name).every((byte) => byte < 128)));
}

const LATER = ["$a = $b ?? 3", "$a = $x ? 1 : 2", "azmend && exit 0", "$x?.y", "if ($a { }", "try { 1 } catch {"];
for (const source of LATER) test(`refused: ${source}`, () => assert.ok(wrongOf(source)));

test("the line that the script itself would print is a result", () => {
    // The function's one expression: texts as they stand, variables as sample values.
    const sample = { $Command: "check", $Code: "io", $plain: "SHA-256 of azmend.exe is other" };
    const body = /function Write-Failure[\s\S]*?\n(    '\{[\s\S]*?)\n\}/.exec(script.replaceAll("\r", ""))[1];
    const line = [...body.matchAll(/'([^']*)'|(\$\w+)/g)].map(([, literal, name]) => literal ?? sample[name]).join("");
    const schema = JSON.parse(execFileSync(process.env.AZMEND_NATIVE, ["schema", "result"]));
    const check = validator(schema);
    assert.equal(check(JSON.parse(line)), null);
    assert.ok(check({ ...JSON.parse(line), verdict: "fine" }));
});

test("a download runs from one path, in a folder made for SYSTEM and Administrators alone, checked and held open", () => {
    assert.match(script, /\$own = Join-Path \$above 'run-command'/);
    assert.match(script, /\$path = Join-Path \$own \$program/);
    assert.ok(script.includes("'O:BAG:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'"));
    assert.match(script, /CreateDirectory\(\$Path, \$security\)[\s\S]*?Test-Own \$Path/);
    const order = ["Set-OwnFolder $own", "Open-Checked $path", "Save-Program $address", "Install-Program $new $path", "& $path $arguments", "$file.Dispose() }"];
    const places = order.map((text) => script.lastIndexOf(text));
    assert.deepEqual(places, [...places].sort((a, b) => a - b));
    assert.ok(places.every((place) => place >= 0));
});
test("a new name is nobody's path to allow: only what waits to be checked, or makes way, has one", () =>
    assert.deepEqual([...script.matchAll(/'([\w.-]*)' \+ \[Guid\]/g)].map((match) => match[1]).sort(), [".foreign-", "new-", "old-"]));
// What a reason says is the last one given before the step that failed.
const main = script.slice(script.indexOf("$folder = $null"));
const REASONS = [
    ["no program beside the script, and no address", "no Uri is given", "not_found"],
    ["a folder that cannot be made", "Set-OwnFolder $own", "io"],
    ["an address that is none", "Get-Plain $Uri 'https://'", "invalid"],
    ["a download that fails", "Save-Program $address", "network"],
    ["another program's bytes", "expected $expectedHash", "invalid"],
    ["a place that cannot be written", "Install-Program $new", "io"],
    ["options that are none", "Get-Plain $Options", "invalid"],
    ["a program that a policy does not let start", "& $path $arguments", "denied"],
];
for (const [about, step, reason] of REASONS) {
    test(`azmend.ps1: the reason for ${about} is ${reason}`, () => {
        const before = main.slice(0, main.indexOf(step));
        assert.ok(before.length < main.length && before.length > 0, "the step is there");
        assert.equal([...before.matchAll(/\$reason = '(\w+)'/g)].at(-1)?.[1], reason);
    });
}
test("azmend.ps1: every reason is a code that a result can have", () => {
    const codes = text(here, "../../runner/base/err.c");
    assert.deepEqual([...main.matchAll(/\$reason = '(\w+)'/g)].map((match) => match[1]).filter((code) => !codes.includes(`"${code}"`)), []);
});
test("azmend.ps1: App Control, AppLocker, antivirus, an HTTP status and a hash are told apart", () => {
    for (const word of ["4551 {", "1260 {", "225 {", "'HTTP ' + [int]$answer.StatusCode", "SHA-256 of azmend.exe is $hash"]) assert.ok(script.includes(word), word);
    // An address can hold a SAS: no message of a web error goes out.
    assert.ok(!/Save-Program[\s\S]*?\$_\.Exception\.Message[\s\S]*?\n}/.test(script.slice(script.indexOf("function Save-Program"), script.indexOf("# Why Windows did not"))));
});
test("azmend.ps1: an exit code of an earlier program is not taken for this one's", () =>
    assert.match(main, /\$global:LASTEXITCODE = \$null\s+try \{ & \$path \$arguments \}/));

test("the exit code of the program is the script's", () => assert.match(script, /\$code = \$LASTEXITCODE[\s\S]*exit \$code\s*$/));
test("every parameter that the templates give is one of the script's", () => {
    const declared = [...script.matchAll(/^ {4}.*\[string\] \$(\w+) =/gm)].map((match) => match[1]);
    const given = ["run-command/managed.json", "run-command/arc.json", "run-command/action.json", "run-command/managed-vmss.json"]
        .flatMap((name) => [...text(dist, name).matchAll(/'name', '(\w+)', 'value'|"name": "([A-Z]\w+)",\s*"value"/g)].map((match) => match[1] ?? match[2]));
    assert.ok(given.length >= 12);
    assert.deepEqual(given.filter((name) => !declared.includes(name)), []);
});

const SIZES = [
    ["a VM Application's command: 4,096 characters", 4096, () => [json(dist, "vm-application/gallery.json")].flatMap((made) => [made.variables.installOfPackage, made.resources[2].properties.publishingProfile.manageActions.remove])],
    ["cmd.exe's line: 8,191 characters", 8191, () => [json(dist, "custom-script-extension/settings.protected.json").commandToExecute]],
    ["a Run Command's script: 256 KiB", 262144, () => [script]],
];
for (const [about, limit, values] of SIZES) test(about, () => values().forEach((value) => assert.ok(value.length > 40 && value.length <= limit, value)));

test("no smart quotes and no line breaks in commands", () => SIZES.slice(0, 2).flatMap(([, , values]) => values()).forEach((value) =>
    assert.ok(/^[\x20-\x7e]+$/.test(value), value)));

const HOLDS_HASH = ["run-command/azmend.ps1", "run-command/managed.json", "run-command/managed-vmss.json", "run-command/arc.json", "run-command/action.json",
    "custom-script-extension/settings.protected.json", "custom-script-extension/vm.json", "custom-script-extension/vmss.json",
    "provisioning/vm-with-custom-script.json", "policy/run-command.json", "policy/arc.json", "policy/definitions.json", "vm-application/gallery.json", "images/image-builder-steps.json", "images/image-template.json", "images/azmend.pkr.hcl", "azmend.spdx.json", "azmend.provenance.json"];
for (const name of HOLDS_HASH) {
    test(`${name}: the SHA-256 filled in is the program's, and no other is there`, () =>
        assert.deepEqual([...new Set(text(dist, name).match(/\b[0-9a-f]{64}\b/g))], [hash]));
}
test("files that name the program's hash are all listed above", () =>
    assert.deepEqual(files(dist).filter((name) => /\.(json|ps1|cmd|xml|hcl)$/.test(name) && name !== "manifest.json" && text(dist, name).includes(hash)), [...HOLDS_HASH].sort()));

test("the program's hash byte by byte, as certutil of Server 2012 R2 writes it", () =>
    assert.ok(json(dist, "custom-script-extension/settings.protected.json").commandToExecute.includes(hash.match(/../g).join(" "))));

test("nothing is left to be filled in", () =>
    assert.deepEqual(files(dist).filter((name) => /\.(json|ps1|cmd|xml|kql|md)$/.test(name) && /@AZMEND_|"@(file|with|as)"/.test(text(dist, name))), []));

test("manifest of hashes: lists every file, and each hash is right", () => {
    const manifest = json(dist, "manifest.json");
    assert.equal(validator(json(here, "schemas/manifest.json"))(manifest), null);
    assert.deepEqual(manifest.files.map((row) => row.path).sort(), files(dist).filter((name) => !["manifest.json", "SHA256SUMS"].includes(name)));
    for (const row of manifest.files) assert.equal(createHash("sha256").update(bytes(dist, row.path)).digest("hex"), row.sha256, row.path);
    execFileSync("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: dist });
});

for (const name of files(dist).filter((one) => /\.(cmd|ps1)$/.test(one))) {
    test(`${name}: lines end as Windows ends them`, () => assert.ok(!/(^|[^\r])\n/.test(text(dist, name))));
}
