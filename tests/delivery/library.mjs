// SPDX-License-Identifier: MIT
// What the tests share: the installed packages (AZMEND_NODE), the package under test (AZMEND_DIST), and files.
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

export const load = createRequire(join(process.env.AZMEND_NODE, "node_modules", "/"));
export const dist = process.env.AZMEND_DIST;
export const here = new URL(".", import.meta.url).pathname;

export const bytes = (...place) => readFileSync(join(...place));
export const text = (...place) => bytes(...place).toString("utf8");
export const json = (...place) => JSON.parse(text(...place));

export function files(folder, ending = "") {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
        .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
        .sort();
}

export function validator(schema) {
    const Ajv = load(String(schema.$schema).includes("2020-12") ? "ajv/dist/2020" : "ajv");
    const ajv = new Ajv.default({ allErrors: false, strict: false });
    load("ajv-formats").default(ajv);
    const validate = ajv.compile(schema);
    return (value) => (validate(value) ? null : `${validate.errors[0].instancePath || "/"} ${validate.errors[0].message}` +
        ` ${JSON.stringify(validate.errors[0].params)}`);
}

// A copy of value in which change was made.
export function changed(value, change) {
    const copy = structuredClone(value);
    return change(copy) ?? copy;
}
