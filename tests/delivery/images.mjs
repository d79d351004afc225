// SPDX-License-Identifier: MIT
// The image builds: the steps for Azure Image Builder and the file for Packer, against the published definitions of schemas/images.json
// (published-images.mjs), and in an order that ends sealed. HCL is read by HashiCorp's own parser. No image was built.
import { test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Deployment } from "./arm.mjs";
import { CASES } from "./cases.mjs";
import { bytes, changed, dist, here, json, load, text, validator } from "./library.mjs";

const { parse } = load("@cdktf/hcl2json");
const facts = json(here, "schemas/images.json");
const hash = createHash("sha256").update(bytes(dist, "azmend.exe")).digest("hex");

// --- steps of Azure Image Builder ---

const isStep = validator(facts.imageTemplate.properties.properties.properties.customize);
function wrongStep(steps) {
    const wrong = isStep(steps);
    if (wrong) return wrong;
    if (steps.some((step) => step.runAsSystem && !step.runElevated)) return "runAsSystem needs runElevated";
    if (steps.some((step) => step.inline && step.scriptUri)) return "inline and scriptUri exclude one another";
    if (steps.find((step) => step.type === "File")?.sha256Checksum !== hash) return "a program of any bytes";
    return steps.at(-1).inline?.[0].includes(" seal;") ? null : "what azmend remembers stays in the image";
}
const steps = json(dist, "images/image-builder-steps.json");
test("images/image-builder-steps.json: members and order", () => assert.equal(wrongStep(steps), null));
for (const [name, about, given] of CASES.filter(([name]) => name === "images/image-template.json")) {
    test(`${name}: ${about}: members and order`, () => assert.equal(wrongStep(new Deployment(json(dist, name), given).resources()[0].properties.customize), null));
}
const WRONG_STEPS = [
    ["a member that is not there", (s) => { s[1].validExitCode = [0]; }], ["a type that is not there", (s) => { s[2].type = "Restart"; }],
    ["an exit code that is a text", (s) => { s[1].validExitCodes = ["0"]; }],
    ["SYSTEM without elevation", (s) => { delete s[1].runElevated; }], ["a program without its hash", (s) => { s[0].sha256Checksum = ""; }],
    ["no seal at the end", (s) => { s.pop(); }],
];
for (const [about, change] of WRONG_STEPS) test(`refused: image steps with ${about}`, () => assert.ok(wrongStep(changed(steps, change))));

// --- Packer ---

const TYPE_OF = { String: "string", Bool: "boolean", Number: "number" };
const isOf = (type, value) => (/^List/.test(type) ? Array.isArray(value) && value.every((one) => isOf(/\.(\w+)\)/.exec(type)[1], one)) :
    /^\$\{.*\}$/s.test(value) || typeof value === TYPE_OF[type]); // an expression has the type of what it names

// What a block may not say, or null. A block that nests stands in a list.
function wrongOption(options, block, where) {
    for (const [name, value] of Object.entries(block)) {
        const type = options[name];
        if (!type) return `${where}: ${name} is no option`;
        const wrong = type.block ? value.map((one) => wrongOption(type.block, one, `${where}.${name}`)).find(Boolean) : isOf(type, value) ? null : `${where}: ${name} is no ${type}`;
        if (wrong) return wrong;
    }
    return null;
}

// What the plugin and the provisioners refuse by their own checks (config.go and provisioner.go at the commits of facts.source).
function wrongTogether(source, provisioners) {
    const target = source.shared_image_gallery_destination?.[0];
    if (!["image_publisher", "image_offer", "image_sku"].every((name) => source[name])) return "no image to start from";
    if (!source.os_type || !source.location) return "no os_type or location";
    if (!target || !["resource_group", "gallery_name", "image_name", "image_version"].every((name) => target[name])) return "nowhere to put the image";
    if (target.target_region && target.replication_regions) return "target_region and replication_regions exclude one another";
    if (provisioners.some(([kind, one]) => kind === "powershell" && [one.inline, one.script, one.scripts].filter(Boolean).length !== 1)) return "one of inline, script, scripts";
    if (provisioners.some(([, one]) => "elevated_password" in one && !one.elevated_user)) return "elevated_password needs elevated_user";
    return null;
}

const wordOf = ([kind, one]) => (kind === "powershell" ? / (fix|seal);|(Get-FileHash)|(Sysprep)\.exe/.exec(one.inline.join("\n"))?.slice(1).find(Boolean) : kind);
const ORDER = ["file", "Get-FileHash", "fix", "windows-restart", "seal", "Sysprep"];
async function wrongFile(content) {
    const read = await parse("azmend.pkr.hcl", content), [source] = read.source["azure-arm"].windows, [build] = read.build;
    const provisioners = inOrder(content, build.provisioner);
    const wrong = wrongOption(facts.packer["azure-arm"], source, "azure-arm") ??
        provisioners.map(([kind, one]) => (facts.packer[kind] ? wrongOption(facts.packer[kind], one, kind) : `${kind} is no provisioner`)).find(Boolean);
    if (wrong) return wrong;
    const named = [...content.matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name).find((name) => !read.variable[name]);
    if (named) return `no variable ${named}`;
    if (!content.includes(hash)) return "a program of any bytes";
    const words = provisioners.map(wordOf).filter(Boolean);
    return wrongTogether(source, provisioners) ?? (words.join() === ORDER.join() ? null : `order: ${words}`);
}

// The parser groups provisioners by their kind; they run as they stand.
function inOrder(content, grouped) {
    const left = Object.fromEntries(Object.entries(grouped).map(([kind, list]) => [kind, [...list]]));
    return [...content.matchAll(/^ *provisioner "([\w-]+)"/gm)].map(([, kind]) => [kind, left[kind].shift()]);
}

const file = text(dist, "images/azmend.pkr.hcl");
test("images/azmend.pkr.hcl: options, types, order", async () => assert.equal(await wrongFile(file), null));
const WRONG_FILES = [
    ["an option that the builder does not have", "os_type ", "os_kind "], ["a text where a number belongs", "[0, 11]", "[\"zero\"]"],
    ["an option that the provisioner does not have", "valid_exit_codes", "validExitCodes"], ["no image to start from", /image_sku .*\n/, ""],
    ["a version nowhere", /image_version  = .*\n/, ""], ["a region by a member that is not there", "target_region {\n      name", "target_region {\n      region"],
    ["sysprep before the seal", /(provisioner "powershell" \{\n {4}elevated_user[^}]*?seal[\s\S]*?\n {2}\}\n)([\s\S]*?\n {2}\}\n)/, "$2$1"],
    ["a program that is not looked at", /Get-FileHash/, "Get-Item"], ["a variable that is not there", "var.gallery\n", "var.galery\n"],
    ["a password without its user", /elevated_user .*\n/, ""],
];
for (const [about, from, to] of WRONG_FILES) {
    test(`refused: a file for Packer with ${about}`, async () => {
        const other = file.replace(from, to);
        assert.notEqual(other, file);
        assert.ok(await wrongFile(other));
    });
}
test("refused: a file that is no HCL", async () => assert.rejects(() => wrongFile(file.replace("build {", "build (")) ));
