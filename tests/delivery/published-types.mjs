#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Writes schemas/versions.json anew: for each type and property that the templates use, the apiVersions that have it.
//     AZMEND_NODE=... AZMEND_DIST=... node tests/delivery/published-types.mjs REPOSITORY
// REPOSITORY: a clone (a bare one will do) of Azure/bicep-types-az, Microsoft's type definitions made from the REST specifications.
// Needed when a template gets a new property or apiVersion; the tests read only what is written here.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { everyResource, facts, pathsOf } from "./versions.mjs";
import { here } from "./library.mjs";

const repository = process.argv[2], READ_ONLY = 2, MEGABYTES = 64;
const git = (...words) => execFileSync("git", ["-C", repository, ...words], { maxBuffer: MEGABYTES << 20, stdio: ["ignore", "pipe", "ignore"] }).toString();
const TYPES_FILE = /^generated\/[^/]+\/([^/]+)\/(\d{4}-\d\d-\d\d)\/types\.json$/; // no previews

// The object types behind a reference: alternatives count together.
function objects(all, ref) {
    const type = all[Number(ref.$ref.split("/").pop())];
    switch (type.$type) {
    case "ObjectType": return [type];
    case "UnionType": return type.elements.flatMap((one) => objects(all, one));
    case "DiscriminatedObjectType": return [{ properties: type.baseProperties }, ...Object.values(type.elements).flatMap((one) => objects(all, one))];
    default: return [];
    }
}

const itemOf = (all, ref) => all[Number(ref.$ref.split("/").pop())].itemType;

// The reference behind a path of a resource's body; null: no such property, or none that can be written. "free": any member will do.
function find(all, body, path) {
    let at = body;
    for (const step of path.split(".")) {
        const name = step.replaceAll("[]", ""), found = objects(all, at);
        const property = found.map((one) => one.properties?.[name]).find(Boolean);
        if (!property) return { free: found.some((one) => one.additionalProperties) || all[Number(at.$ref.split("/").pop())].$type === "AnyType" };
        if (property.flags & READ_ONLY) return {};
        at = property.type;
        for (let lists = step.split("[]").length - 1; lists > 0; lists--) {
            if (!itemOf(all, at)) return { free: all[Number(at.$ref.split("/").pop())].$type === "AnyType" };
            at = itemOf(all, at);
        }
    }
    return { at };
}

const wanted = {};
for (const { resource } of everyResource()) pathsOf(resource).forEach((path) => ((wanted[resource.type] ??= new Set()).add(path)));
const { unpublished } = facts();
const providers = new Set(Object.keys(wanted).map((type) => type.split("/")[0].toLowerCase()));
const there = {}; // type -> version -> path -> what find says
for (const file of git("ls-tree", "-r", "--name-only", "HEAD", "generated").split("\n")) {
    const [, provider, version] = TYPES_FILE.exec(file) ?? [];
    if (!providers.has(provider)) continue;
    let all;
    try {
        all = JSON.parse(git("show", `HEAD:${file}`));
    } catch {
        console.error(`not in this clone: ${file}`);
        continue;
    }
    for (const made of all.filter((one) => one.$type === "ResourceType")) {
        const type = Object.keys(wanted).find((one) => one.toLowerCase() === made.name.split("@")[0].toLowerCase());
        if (type) ((there[type] ??= {})[version] = Object.fromEntries([...wanted[type]].map((path) => [path, find(all, made.body, path)])));
    }
}

const types = {};
for (const type of Object.keys(wanted).sort()) {
    if (unpublished.some((one) => one.type === type && !one.property)) continue;
    const versions = Object.keys(there[type] ?? {}).sort(), properties = {}, free = new Set();
    for (const path of [...wanted[type]].sort()) {
        if ([...free].some((above) => path.startsWith(`${above}.`))) continue;
        const have = versions.filter((version) => there[type][version][path].at);
        if (have.length) properties[path] = { from: have[0], ...(have.at(-1) === versions.at(-1) ? {} : { until: have.at(-1) }) };
        else if (versions.some((version) => there[type][version][path].free)) free.add(path.split(".").slice(0, -1).join("."));
        else if (!unpublished.some((one) => one.type === type && (path === one.property || path.startsWith(`${one.property}[]`)))) console.error(`${type}: no version has ${path}`);
    }
    types[type] = { versions, free: [...free], properties };
}
const [commit, date] = git("log", "-1", "--format=%h %cs").trim().split(" ");
const source = `Azure/bicep-types-az ${commit} of ${date} (type definitions made from the REST specifications), by published-types.mjs. Stable versions; what can be written; "free": any member below it.`;
const rows = (value, indent, row) => Object.entries(value).map(([name, item]) => `${indent}${JSON.stringify(name)}: ${row(item)}`).join(",\n");
const type = ({ versions, free, properties }) => `{\n   "versions": ${JSON.stringify(versions)},\n   "free": ${JSON.stringify(free)},\n   "properties": {\n` +
    `${rows(properties, "    ", JSON.stringify)}\n   }\n  }`;
writeFileSync(`${here}/schemas/versions.json`, `{\n "source": ${JSON.stringify(source)},\n "unpublished": [\n${unpublished.map((one) => `  ${JSON.stringify(one)}`).join(",\n")}\n ],\n` +
    ` "types": {\n${rows(types, "  ", type)}\n }\n}\n`);
