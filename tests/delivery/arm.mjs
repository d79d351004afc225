// SPDX-License-Identifier: MIT
// A stand-in for the part of Azure Resource Manager that turns a template into resources, written from its documented syntax:
// parameters, variables, expressions, copy loops and conditions. Nothing is deployed. What it does not know is an error.
import { createHash } from "node:crypto";

const SUBSCRIPTION = "/subscriptions/11111111-2222-4333-8444-555555555555";
// Of the identity that Azure makes for an assignment: another one each time it is made.
export const PRINCIPAL = { id: "99999999-2222-4333-8444-555555555555" };
const GROUP = `${SUBSCRIPTION}/resourceGroups/rg`;
export const isExpression = (value) => typeof value === "string" && value.startsWith("[") && !value.startsWith("[[") && value.endsWith("]");

// --- syntax ---

const TOKEN = /\s*(?:'((?:[^']|'')*)'|(-?\d+)|([A-Za-z]\w*)|([()[\],.]))/y;

function tokens(source) {
    const found = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < source.length) {
        const at = TOKEN.lastIndex, match = TOKEN.exec(source);
        if (!match) throw new Error(`expression: no token at ${at} of ${source}`);
        const [, string, number, word, sign] = match;
        found.push(string !== undefined ? { string: string.replaceAll("''", "'") } : number ? { number: Number(number) } : word ? { word } : { sign });
    }
    return found;
}

export function parse(source) {
    const rest = tokens(source.slice(1, -1).trimEnd());
    const take = (sign) => { if (rest.shift()?.sign !== sign) throw new Error(`expression: ${sign} expected in ${source}`); };
    const call = (name) => {
        const values = [];
        take("(");
        while (rest[0]?.sign !== ")") {
            values.push(value());
            if (rest[0]?.sign !== ")") take(",");
        }
        take(")");
        return { name, values };
    };
    const value = () => {
        const token = rest.shift() ?? {};
        let tree = token.word ? call(token.word) : { literal: token.string ?? token.number };
        if (tree.literal === undefined && !tree.name) throw new Error(`expression: a value is missing in ${source}`);
        for (;;) {
            if (rest[0]?.sign === ".") {
                take(".");
                tree = { of: tree, at: { literal: rest.shift()?.word } };
            } else if (rest[0]?.sign === "[") {
                take("[");
                tree = { of: tree, at: value() };
                take("]");
            } else {
                return tree;
            }
        }
    };
    const tree = value();
    if (rest.length) throw new Error(`expression: more follows in ${source}`);
    return tree;
}

// --- functions ---

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const merge = (a, b) => (Array.isArray(a) ? [...a, ...b.filter((item) => !a.some((other) => same(item, other)))] : { ...a, ...b });

function resourceIdOf(root, words) {
    const [type, ...names] = words.slice(words.findIndex((word) => word.includes("/")));
    const [provider, ...kinds] = type.split("/");
    if (kinds.length !== names.length) throw new Error(`resourceId: ${type} needs ${kinds.length} names`);
    return `${root}/providers/${provider}/${kinds.map((kind, i) => `${kind}/${names[i]}`).join("/")}`;
}

// Functions of the values alone.
const FUNCTIONS = {
    add: (a, b) => a + b,
    base64: (value) => Buffer.from(value).toString("base64"),
    concat: (...values) => (Array.isArray(values[0]) ? values.flat() : values.join("")),
    createArray: (...values) => values,
    createObject: (...values) => Object.fromEntries(values.flatMap((name, i) => (i % 2 ? [] : [[name, values[i + 1]]]))),
    deployment: () => ({ name: "test", location: "japaneast" }),
    empty: (value) => value === null || value.length === 0 || (typeof value === "object" && Object.keys(value).length === 0),
    environment: () => ({ name: "AzureCloud" }),
    equals: (a, b) => same(a, b),
    false: () => false,
    format: (form, ...values) => form.replace(/\{(\d+)\}/g, (_, i) => values[i]),
    guid: (...values) => createHash("sha256").update(values.join()).digest("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5"),
    json: JSON.parse,
    length: (value) => value.length,
    null: () => null,
    or: (...values) => values.some(Boolean),
    reference: () => ({ identity: { principalId: PRINCIPAL.id }, clientId: "77777777-2222-4333-8444-555555555555" }),
    replace: (value, from, to) => value.replaceAll(from, to),
    resourceGroup: () => ({ id: GROUP, name: "rg", location: "japaneast" }),
    resourceId: (...words) => resourceIdOf(GROUP, words),
    split: (value, sign) => value.split(sign),
    subscription: () => ({ id: SUBSCRIPTION }),
    subscriptionResourceId: (...words) => resourceIdOf(SUBSCRIPTION, words),
    toLower: (value) => value.toLowerCase(),
    true: () => true,
    union: (...values) => values.reduce(merge),
    utcNow: () => "20260101T000000Z",
};

// --- a template ---

const TYPES = { string: "string", securestring: "string", int: "number", bool: "boolean", object: "object", array: "object" };

export class Deployment {
    constructor(template, given) {
        this.template = template;
        this.used = new Set();
        this.loops = [];
        this.parameters = {};
        for (const name of Object.keys(given)) {
            if (!template.parameters[name]) throw new Error(`parameter ${name} is not declared`);
        }
        for (const [name, parameter] of Object.entries(template.parameters)) this.parameters[name] = this.parameter(name, parameter, given);
        this.variables = template.variables ?? {};
    }

    parameter(name, declared, given) {
        const value = name in given ? given[name] : this.put(declared.defaultValue);
        if (value === undefined) throw new Error(`parameter ${name} is missing`);
        if (typeof value !== TYPES[declared.type.toLowerCase()]) throw new Error(`parameter ${name} is no ${declared.type}`);
        if (declared.allowedValues && !declared.allowedValues.includes(value)) throw new Error(`parameter ${name}: ${value} is not allowed`);
        const size = typeof value === "number" ? value : value.length;
        for (const [word, wrong] of [["minValue", (m) => size < m], ["maxValue", (m) => size > m], ["minLength", (m) => size < m], ["maxLength", (m) => size > m]]) {
            if (declared[word] !== undefined && wrong(declared[word])) throw new Error(`parameter ${name}: ${word} ${declared[word]}`);
        }
        return value;
    }

    evaluate(tree) {
        if ("literal" in tree) return tree.literal;
        if (tree.of) {
            const value = this.evaluate(tree.of)?.[this.evaluate(tree.at)];
            if (value === undefined) throw new Error(`no member ${JSON.stringify(tree.at)}`);
            return value;
        }
        if (tree.name === "if") return this.evaluate(tree.values[this.evaluate(tree.values[0]) ? 1 : 2]);
        const values = tree.values.map((value) => this.evaluate(value));
        if (tree.name === "parameters" || tree.name === "variables") return this.named(tree.name, values[0]);
        if (tree.name === "copyIndex") return this.loops.findLast((loop) => values[0] === undefined || loop.name === values[0]).index;
        if (!FUNCTIONS[tree.name]) throw new Error(`function ${tree.name} is not known here`);
        return FUNCTIONS[tree.name](...values);
    }

    named(kind, name) {
        this.used.add(`${kind}.${name}`);
        if (kind === "variables" && this.variables.copy?.some((loop) => loop.name === name)) return this.loop(this.variables.copy.find((loop) => loop.name === name));
        if (!(name in this[kind])) throw new Error(`${kind} has no ${name}`);
        return kind === "variables" ? this.put(this.variables[name]) : this.parameters[name];
    }

    // All expressions in a value; a property that is null is left out, as Resource Manager does.
    put(value) {
        if (isExpression(value)) return this.evaluate(parse(value));
        if (typeof value === "string") return value.startsWith("[[") ? value.slice(1) : value;
        if (Array.isArray(value)) return value.map((item) => this.put(item));
        if (value === null || typeof value !== "object") return value;
        const made = {};
        for (const [name, item] of Object.entries(value)) {
            if (name === "copy" && Array.isArray(item)) for (const loop of item) made[loop.name] = this.loop(loop);
            else if (this.put(item) !== null) made[name] = this.put(item);
        }
        return made;
    }

    loop({ name, count, input }) {
        return Array.from({ length: this.put(count) }, (_, index) => this.inLoop(name, index, () => this.put(input)));
    }

    inLoop(name, index, make) {
        this.loops.push({ name, index });
        try {
            return make();
        } finally {
            this.loops.pop();
        }
    }

    // A deployment within a deployment: its template has names of its own (scope inner), and is given only its parameters.
    nested({ properties: { template, ...properties }, ...resource }) {
        if (properties.expressionEvaluationOptions?.scope !== "inner") throw new Error("a nested template of scope outer is not known here");
        const made = this.put({ ...resource, properties });
        const given = Object.fromEntries(Object.entries(made.properties.parameters ?? {}).map(([name, { value }]) => [name, value]));
        return [{ ...made, properties: { ...made.properties, template } }, ...new Deployment(template, given).resources()];
    }

    made(resource) {
        return resource.type === "Microsoft.Resources/deployments" ? this.nested(resource) : [this.put(resource)];
    }

    resources() {
        return this.template.resources.flatMap(({ copy, condition, ...resource }) => {
            const make = (index) => this.inLoop(copy?.name, index, () => (condition === undefined || this.put(condition) ? this.made(resource) : []));
            return copy ? Array.from({ length: this.put(copy.count) }, (_, index) => make(index)).flat() : make(0);
        });
    }

    outputs() {
        return Object.fromEntries(Object.entries(this.template.outputs ?? {}).map(([name, output]) =>
            [name, output.copy ? this.loop({ name, ...output.copy }) : this.put(output.value)]));
    }
}
