#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Writes schemas/images.json anew: what may stand in an image template, as a JSON schema, and which options Packer's parts take.
//     node tests/delivery/published-images.mjs TYPES PLUGIN PACKER
// Clones (bare ones will do) of Azure/bicep-types-az, hashicorp/packer-plugin-azure and hashicorp/packer. The tests read only what is written here.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const [types, plugin, packer] = process.argv.slice(2), REQUIRED = 1, READ_ONLY = 2, MEGABYTES = 64;
const API_VERSION = "2024-02-01", TYPE = "Microsoft.VirtualMachineImages/imageTemplates";
const git = (repository, ...words) => execFileSync("git", ["-C", repository, ...words], { maxBuffer: MEGABYTES << 20, stdio: ["ignore", "pipe", "ignore"] }).toString();
const commitOf = (repository, name) => `${name} ${git(repository, "log", "-1", "--format=%h of %cs").trim()}`;

// --- a type of Azure as a schema ---

const all = JSON.parse(git(types, "show", `HEAD:generated/imagebuilder/microsoft.virtualmachineimages/${API_VERSION}/types.json`));
const behind = (ref) => all[Number(ref.$ref.split("/").pop())];

function objectOf(properties, additional) {
    const written = Object.entries(properties).filter(([, one]) => !(one.flags & READ_ONLY));
    return { type: "object", properties: Object.fromEntries(written.map(([name, one]) => [name, schemaOf(behind(one.type))])),
        required: written.filter(([, one]) => one.flags & REQUIRED).map(([name]) => name), additionalProperties: additional ? schemaOf(behind(additional)) : false };
}

function schemaOf(type) {
    switch (type.$type) {
    case "StringType": return { type: "string", ...(type.pattern ? { pattern: type.pattern.replaceAll("9-_.", "9_.-") } : {}) };
    case "StringLiteralType": return { const: type.value };
    case "BooleanType": return { type: "boolean" };
    case "IntegerType": return { type: "integer", ...("minValue" in type ? { minimum: type.minValue } : {}), ...("maxValue" in type ? { maximum: type.maxValue } : {}) };
    case "ArrayType": return { type: "array", items: schemaOf(behind(type.itemType)) };
    case "UnionType": return { anyOf: type.elements.map((one) => schemaOf(behind(one))) };
    case "ObjectType": return objectOf(type.properties, type.additionalProperties);
    case "DiscriminatedObjectType": return { oneOf: Object.values(type.elements).map((one) => objectOf({ ...type.baseProperties, ...behind(one).properties })) };
    default: throw new Error(`a type of the definitions that is not known here: ${type.$type}`);
    }
}

const made = all.find((one) => one.$type === "ResourceType" && one.name === `${TYPE}@${API_VERSION}`);
const body = behind(made.body);
// What a deployment writes and the definition calls constant.
const template = { ...objectOf(body.properties, body.additionalProperties) };
Object.assign(template.properties, { type: { const: TYPE }, apiVersion: { const: API_VERSION }, name: schemaOf(behind(body.properties.name.type)) });

// --- the options of Packer, from the specifications that it decodes HCL by ---

const SPEC = /"(\w+)":\s*&hcldec\.(\w+)\{(?:Name|TypeName): "\w+",(?: Type: cty\.(\w+(?:\(cty\.\w+\))?))?(?:.*\(\*(?:\w+\.)?Flat(\w+)\)\(nil\))?/g;
function optionsOf(repository, file, name) {
    const source = git(repository, "show", `HEAD:${file}`), start = source.indexOf(`func (*Flat${name}) HCL2Spec()`);
    if (start < 0) throw new Error(`${file}: no ${name}`);
    const text = source.slice(start, source.indexOf("\n}", start));
    const row = ([, option, kind, type, nested]) => [option, kind === "AttrSpec" ? type : source.includes(`func (*Flat${nested}) HCL2Spec()`) ? { block: optionsOf(repository, file, nested) } : { block: {} }];
    return Object.fromEntries([...text.matchAll(SPEC)].map(row).filter(([option]) => !option.startsWith("packer_")));
}
const ARM = "builder/azure/arm/config.hcl2spec.go", provisioner = (name) => optionsOf(packer, `provisioner/${name}/provisioner.hcl2spec.go`, "Config");
const options = { "azure-arm": optionsOf(plugin, ARM, "Config"), ...Object.fromEntries(["file", "powershell", "windows-restart"].map((name) => [name, provisioner(name)])) };

const source = `${commitOf(types, "Azure/bicep-types-az")} (${TYPE} ${API_VERSION}), ${commitOf(plugin, "hashicorp/packer-plugin-azure")}, ${commitOf(packer, "hashicorp/packer")}; by published-images.mjs`;
const rows = Object.entries(options).map(([name, one]) => `  ${JSON.stringify(name)}: {\n${Object.entries(one).map(([option, type]) => `   ${JSON.stringify(option)}: ${JSON.stringify(type)}`).join(",\n")}\n  }`);
writeFileSync(new URL("schemas/images.json", import.meta.url), `{\n "source": ${JSON.stringify(source)},\n "imageTemplate": ${JSON.stringify(template, null, 1).replaceAll("\n", "\n ")},\n "packer": {\n${rows.join(",\n")}\n }\n}\n`);
