// SPDX-License-Identifier: MIT
// Which property a resource type has from which apiVersion: schemas/versions.json, taken from published type definitions by
// published-types.mjs, and the properties that the templates use.
import { Deployment } from "./arm.mjs";
import { CASES } from "./cases.mjs";
import { dist, here, json } from "./library.mjs";

export const facts = () => json(here, "schemas/versions.json");

// What every resource may have beside its type's own properties (Resource Manager: template syntax).
const OF_EVERY_RESOURCE = new Set(["type", "apiVersion", "name", "dependsOn", "tags"]);

// The paths of all members below value: a.b, a[].b where a is a list, and a.* where a name is an id.
export function paths(value, above = "") {
    if (Array.isArray(value)) return value.flatMap((item) => paths(item, `${above}[]`));
    if (value === null || typeof value !== "object") return [];
    return Object.entries(value).flatMap(([name, item]) => {
        const step = /[./]/.test(name) ? "*" : name, path = above ? `${above}.${step}` : step;
        return [path, ...paths(item, path)];
    });
}

export const pathsOf = (resource) => [...new Set(paths(resource))].filter((path) => !OF_EVERY_RESOURCE.has(path.split(".")[0]));

// Every resource that a case makes; a policy's own deployment is a template of its own, with cases of its own.
export const everyResource = () => CASES.flatMap(([name, about, given]) => new Deployment(json(dist, name), given).resources().map((resource) => ({ name, about, resource })));

// What is wrong with the resource's apiVersion, or null. A path is known, or stands below one whose members are free.
export function wrongVersion(resource, { types, unpublished }) {
    const { type, apiVersion } = resource;
    const whole = unpublished.find((one) => one.type === type && !one.property);
    if (whole) return whole.apiVersion === apiVersion ? null : `${type}: no apiVersion ${apiVersion}`;
    if (!types[type]) return `${type}: nothing is known of its versions`;
    if (!types[type].versions.includes(apiVersion)) return `${type}: no apiVersion ${apiVersion}`;
    for (const path of pathsOf(resource)) {
        if (unpublished.some((one) => one.type === type && (path === one.property || path.startsWith(`${one.property}[]`)))) continue;
        const free = types[type].free.find((above) => path.startsWith(`${above}.`));
        const known = types[type].properties[free ?? path];
        if (!known) return `${type}: nothing is known of ${path}`;
        if (apiVersion < known.from) return `${type}: ${path} is there from ${known.from}, not in ${apiVersion}`;
        if (known.until && apiVersion > known.until) return `${type}: ${path} is there until ${known.until}, not in ${apiVersion}`;
    }
    return null;
}
