// SPDX-License-Identifier: MIT
// Every query, by the Kusto language service: syntax, names and types, against the documented columns of the tables they read.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { dist, files, json, load, text } from "./library.mjs";

load("@kusto/language-service-next/bridge.min.js");
load("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
const { Kusto } = globalThis;

// Azure Resource Graph: "resources" and "policyresources" (learn.microsoft.com, table reference); Log Analytics: "Event", "Heartbeat".
const GRAPH = `(id: string, name: string, type: string, tenantId: string, kind: string, location: string, resourceGroup: string,
    subscriptionId: string, managedBy: string, sku: dynamic, plan: dynamic, properties: dynamic, tags: dynamic, identity: dynamic,
    zones: dynamic, extendedLocation: dynamic)`;
const EVENT = `(TimeGenerated: datetime, Computer: string, EventLog: string, Source: string, EventID: int, EventLevel: int,
    EventLevelName: string, EventCategory: int, EventData: string, ParameterXml: string, RenderedDescription: string,
    Message: string, UserName: string, _ResourceId: string, _SubscriptionId: string, SourceSystem: string, Type: string)`;

const HEARTBEAT = `(TimeGenerated: datetime, Computer: string, OSType: string, OSName: string, Category: string, Version: string,
    ComputerEnvironment: string, ResourceId: string, _ResourceId: string, _SubscriptionId: string, SourceSystem: string, Type: string)`;

// Names in brackets: some are words of the language.
const symbols = Kusto.Language.Symbols;
const table = (name, columns) => new symbols.TableSymbol.$ctor7(name, columns.replace(/(\w+):/g, "['$1']:"), null);
const database = (results) => {
    const members = [table("resources", GRAPH), table("policyresources", GRAPH), table("Event", EVENT), table("Heartbeat", HEARTBEAT)];
    if (results) members.push(new symbols.FunctionSymbol.$ctor16("AzmendResults", "()", `{ ${results} }`, null));
    return new symbols.DatabaseSymbol.ctor("test", members);
};

function told(query, results) {
    const globals = Kusto.Language.GlobalState.Default.WithDatabase(database(results));
    const code = Kusto.Language.KustoCode.ParseAndAnalyze(query, globals), found = code.GetDiagnostics();
    return Array.from({ length: found.Count }, (_, i) => found.getItem(i).Message);
}

const results = text(dist, "queries/results.kql");
for (const name of files(dist, ".kql")) test(name, () => assert.deepEqual(told(text(dist, name), results), []));

const BROKEN = [
    ["a column that the table does not have", "resources | where kinds == 'x'"],
    ["a column that the function does not give", "AzmendResults | project verdicts"],
    ["a pipe that leads nowhere", "resources | where"],
    ["an operator that does not exist", "resources | sieve type"],
    ["a text where a number is needed", "AzmendResults | where expiresInDays startswith 5"],
    ["a table that is not there", "Events | count"],
];
for (const [about, query] of BROKEN) test(`refused: ${about}`, () => assert.notDeepEqual(told(query, results), []));

// Resource Graph answers only a part of the language (learn.microsoft.com, Understanding the Azure Resource Graph query language, read
// November 2026): these kinds of join, a join without a kind being innerunique, and three joins and unions together in a query.
const JOIN_KINDS = ["innerunique", "inner", "leftouter", "fullouter"], JOINS_MAX = 3;
const isGraph = (query) => /^(\s*\/\/.*\n)*\s*(resources|policyresources)\b/.test(query);

function graphWrong(query) {
    const code = query.replace(/\/\/.*/g, "");
    const joins = [...code.matchAll(/\|\s*(join|union|lookup)\b\s*(?:kind\s*=\s*(\w+))?/g)];
    if (joins.length > JOINS_MAX) return `${joins.length} joins and unions`;
    if (/\bhint\.\w+/.test(code)) return "a strategy for a join";
    const wrong = joins.find(([, operator, kind]) => operator === "lookup" || (operator === "join" && kind && !JOIN_KINDS.includes(kind)));
    return wrong ? wrong[0] : null;
}

const monitoring = json(dist, "queries/monitoring.json").resources;
const workbook = JSON.parse(monitoring.find((one) => one.type.endsWith("/workbooks")).properties.serializedData);

test("the function that is deployed is results.kql", () =>
    assert.equal(monitoring.find((one) => one.type.endsWith("/savedSearches")).properties.query, results));

for (const item of workbook.items.filter((one) => one.type === 3)) {
    test(`workbook ${item.name}: asks where its query can be answered`, () => {
        assert.equal(item.content.queryType, isGraph(item.content.query) ? 1 : 0);
        assert.ok(files(dist, ".kql").some((name) => text(dist, name) === item.content.query));
    });
}

const askedOfGraph = [
    ...files(dist, ".kql").map((name) => [name, text(dist, name)]),
    ...workbook.items.flatMap((item) => [item.content.query, ...(item.content.parameters ?? []).map((one) => one.query)].map((query) => [`workbook ${item.name}`, query])),
].filter(([, query]) => query && isGraph(query));
for (const [name, query] of askedOfGraph) test(`${name}: only what Resource Graph answers`, () => assert.equal(graphWrong(query), null));
test("what is asked of Resource Graph was found", () => assert.ok(askedOfGraph.length >= 10, String(askedOfGraph.length)));

for (const query of ["resources | join kind=rightouter (resources) on id", "resources | join kind = leftanti (resources) on id", "resources | lookup resources on id",
    "resources | join hint.strategy=broadcast (resources) on id", `resources ${"| join (resources) on id ".repeat(4)}`]) {
    test(`refused: ${query.slice(0, 60)}`, () => assert.ok(graphWrong(query)));
}

// The outer side of a join decides which machines are told of: each machine is there whether azmend ran on it or not.
for (const name of ["fleet-runs", "fleet-arc", "fleet-summary"]) {
    test(`${name}.kql: every machine is told of, once`, () => {
        const [machines, runs] = text(dist, `queries/${name}.kql`).split(/\| join kind=leftouter \(/);
        assert.match(machines, /type =~ 'microsoft\.(compute\/virtualmachines|hybridcompute\/machines)'/);
        assert.match(runs, /runcommands' and name =~ 'azmend'/);
    });
}

test("workbook: verdicts, findings and days to expiry are there", () =>
    assert.deepEqual(["verdicts", "findings", "expiry"].filter((name) => !workbook.items.some((item) => item.name === name)), []));

test("workbook: every parameter that is asked for is there", () => {
    const there = workbook.items.flatMap((item) => item.content.parameters ?? []).map((one) => one.name);
    const asked = [...JSON.stringify(workbook.items.map((item) => [item.content.crossComponentResources, item.content.timeContextFromParameter]))
        .matchAll(/\{(\w+)\}|"(TimeRange)"/g)].map((match) => match[1] ?? match[2]);
    assert.deepEqual(asked.filter((name) => !there.includes(name)), []);
});

// What the queries take out of a result has to be in it: the result's own schema says.
const schema = JSON.parse(execFileSync(process.env.AZMEND_NATIVE, ["schema", "result"]));
const follow = (node) => (node?.$ref ? follow(node.$ref.slice(2).split("/").reduce((at, word) => at[word], schema)) : node);
const member = (node, name) => follow(follow(node)?.properties?.[name]);
const ROOTS = { result: schema, playbook: member(schema, "playbooks").items, finding: member(member(schema, "playbooks").items, "findings").items };

function missing(query) {
    const paths = [...query.replace(/\/\/.*/g, "").matchAll(/\b(result|playbook|finding)\.([a-zA-Z.]+)/g)];
    return paths.filter(([, root, path]) => !path.split(".").reduce((node, name) => node && member(node, name), ROOTS[root])).map(([path]) => path);
}

for (const name of ["results", "blob-lines", "findings"]) {
    test(`${name}.kql: takes only what a result has`, () => {
        const query = text(dist, `queries/${name}.kql`);
        assert.match(query, /\b(result|finding)\.\w/);
        assert.deepEqual(missing(query), []);
    });
}
test("refused: a member that no result has", () => assert.deepEqual(missing("| extend a = tostring(result.license.colour)"), ["result.license.colour"]));
