// SPDX-License-Identifier: MIT
// The policies: their shape, the aliases they may use, and that what they deploy gets what it asks for.
import { test } from "node:test";
import assert from "node:assert/strict";
import { Deployment } from "./arm.mjs";
import { changed, dist, here, json, validator } from "./library.mjs";

const shape = validator(json(here, "schemas/policy.json"));
const { aliases } = json(here, "schemas/aliases.json");
const POLICIES = ["run-command", "vm-application", "arc"];
const policies = Object.fromEntries(POLICIES.map((name) => [name, json(dist, `policy/${name}.json`).properties]));
const definitions = new Deployment(json(dist, "policy/definitions.json"), {}).resources();
const initiative = definitions.find((made) => made.type.endsWith("policySetDefinitions")).properties;

function fields(value) {
    if (!value || typeof value !== "object") return [];
    return Object.entries(value).flatMap(([name, item]) => (name === "field" && typeof item === "string" ? [item] : fields(item)));
}

// What the policy engine evaluates: everything but the template, which it hands on.
const engineSide = (policy) => changed(policy, (copy) => { delete copy.policyRule.then.details.deployment.properties.template; });
const names = (text) => [...new Set([...text.matchAll(/parameters\('(\w+)'\)/g)].map((match) => match[1]))].sort();

// No alias: the field of one tag, as the definition structure documents it.
const TAG = /^tags\['[A-Za-z0-9_.-]+'\]$/;

// The operators that these rules use, as Azure Policy documents them: no case counts, what is absent equals nothing.
const matches = (value, pattern) => new RegExp(`^${pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`, "i").test(value ?? "");
const OPERATORS = {
    equals: (value, wanted) => value?.toLowerCase() === wanted.toLowerCase(),
    notEquals: (value, wanted) => value?.toLowerCase() !== wanted.toLowerCase(),
    like: matches,
    notLike: (value, pattern) => !matches(value, pattern),
    exists: (value, wanted) => String(value !== undefined && value !== null) === wanted,
    in: (value, list) => list.some((wanted) => OPERATORS.equals(value, wanted)),
};
// The two expressions in place of a field, and a parameter in place of a value.
function valueOf(expression, group, rings) {
    if (expression === "[length(parameters('rings'))]") return String(rings.length);
    return group[expression.match(/^\[resourceGroup\(\)\.(\w+)\]$/)[1]];
}
function holds(rule, resource, group, rings = []) {
    if (rule.allOf) return rule.allOf.every((part) => holds(part, resource, group, rings));
    if (rule.anyOf) return rule.anyOf.some((part) => holds(part, resource, group, rings));
    const [operator] = Object.keys(rule).filter((name) => name in OPERATORS);
    const tag = rule.field?.match(/^tags\['(.*)'\]$/)?.[1];
    const value = rule.value ? valueOf(rule.value, group, rings) : tag ? resource.tags?.[tag] : resource[rule.field];
    const wanted = rule[operator] === "[parameters('rings')]" ? rings : rule[operator];
    return OPERATORS[operator](value, typeof wanted === "number" ? String(wanted) : wanted);
}

const VM = { type: "Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachines/storageProfile.osDisk.osType": "Windows" };
const ARC = { type: "Microsoft.HybridCompute/machines", "Microsoft.HybridCompute/machines/osName": "windows" };
const AKS = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ContainerService/managedClusters/c";
const SEEN = [
    ["an ordinary one", {}, { name: "web" }, true],
    ["with the tag check, which the VM itself keeps to", { tags: { azmend: "check" } }, { name: "web" }, true],
    ["with the tag off", { tags: { azmend: "Off" } }, { name: "web" }, false],
    ["with another tag", { tags: { env: "off" } }, { name: "web" }, true],
    ["of AKS or Databricks", {}, { name: "MC_g_c_region", managedBy: AKS }, false],
    ["of Azure Image Builder", {}, { name: "IT_images_template_0f3c" }, false],
    ["of Packer", {}, { name: "pkr-Resource-Group-se9nemh691" }, false],
    ["in a group whose name only holds that", {}, { name: "Packer_IT_shop" }, true],
];
for (const name of ["run-command", "vm-application", "arc"])
    for (const [about, more, group, wanted] of SEEN) {
        if (name === "arc" && !more.tags) continue; // nobody builds images on Arc, and no group there is another service's
        test(`${name}: a machine ${about} is ${wanted ? "looked at" : "left out"}`, () =>
            assert.equal(holds(policies[name].policyRule.if, { ...(name === "arc" ? ARC : VM), ...more }, group), wanted));
    }

const RINGS = [
    ["without a ring, where no ring is named", {}, [], true],
    ["of a ring, where no ring is named", { azmendRing: "1" }, [], true],
    ["of the ring that is named", { azmendRing: "Lab" }, ["lab"], true],
    ["of one of two that are named", { azmendRing: "1" }, ["lab", "1"], true],
    ["of another ring", { azmendRing: "2" }, ["lab", "1"], false],
    ["without a ring, where one is named", {}, ["lab"], false],
    ["of the ring, but off", { azmendRing: "lab", azmend: "off" }, ["lab"], false],
];
for (const name of POLICIES)
    for (const [about, tags, rings, wanted] of RINGS)
        test(`${name}: a machine ${about} is ${wanted ? "looked at" : "left out"}`, () =>
            assert.equal(holds(policies[name].policyRule.if, { ...(name === "arc" ? ARC : VM), tags }, { name: "web" }, rings), wanted));

function wrongOf(policy) {
    const wrong = shape(policy) ?? fields([policy.policyRule.if, policy.policyRule.then.details.existenceCondition]).find((field) => !aliases.includes(field) && !TAG.test(field));
    if (wrong) return wrong;
    const { template, parameters } = policy.policyRule.then.details.deployment.properties;
    const needed = Object.entries(template.parameters).filter(([, parameter]) => !("defaultValue" in parameter)).map(([name]) => name);
    return needed.find((name) => !(name in parameters)) ?? Object.keys(parameters).find((name) => !(name in template.parameters)) ?? null;
}

for (const name of POLICIES) {
    const policy = policies[name], details = policy.policyRule.then.details;
    test(`${name}: shape, aliases and deployment`, () => assert.equal(wrongOf(policy), null));
    test(`${name}: parameters are declared and used`, () => assert.deepEqual(names(JSON.stringify(engineSide(policy))), Object.keys(policy.parameters).sort()));
    test(`${name}: audits unless told to deploy`, () => assert.equal(policy.parameters.effect.defaultValue, "AuditIfNotExists"));
    test(`${name}: is in the initiative, which gives it what it needs`, () => {
        const member = initiative.policyDefinitions.find((one) => one.policyDefinitionId.endsWith(`/azmend-${name}`));
        const needed = Object.entries(policy.parameters).filter(([, parameter]) => !("defaultValue" in parameter)).map(([needs]) => needs);
        assert.deepEqual(needed.filter((one) => !(one in member.parameters)), []);
        assert.deepEqual(Object.keys(member.parameters).filter((one) => !(one in policy.parameters)), []);
    });
    test(`${name}: the definition that is deployed is the one for the hand`, () =>
        assert.deepEqual(definitions.find((made) => made.name === `azmend-${name}`).properties, policy));
    test(`${name}: does not hand a secret to whoever reads policies`, () => assert.ok(!JSON.stringify(policy.parameters).includes("securestring") && details.deployment));
    if (name === "vm-application") continue;
    test(`${name}: what it deploys satisfies its own condition`, () => {
        const given = Object.fromEntries(Object.keys(details.deployment.properties.parameters).map((one) => [one, policy.parameters[one]?.defaultValue ?? "x"]));
        const [run] = new Deployment(details.deployment.properties.template, given).resources();
        assert.equal(run.type, details.type);
        assert.equal(run.name, `x/${details.name}`);
        assert.ok(run.properties.parameters.some((one) => one.name === "Release" && one.value === policy.parameters.release.defaultValue));
    });
}

test("initiative: parameters are declared and used", () =>
    assert.deepEqual(names(JSON.stringify(initiative.policyDefinitions)), Object.keys(initiative.parameters).sort()));

test("assignment: gives the initiative only what it knows, and all that it needs", () => {
    const [assignment] = new Deployment(json(dist, "policy/assignment.json"), { exeUri: "https://a/c" }).resources();
    const given = Object.keys(assignment.properties.parameters);
    const needed = Object.entries(initiative.parameters).filter(([, parameter]) => !("defaultValue" in parameter)).map(([name]) => name);
    assert.deepEqual(given.filter((name) => !(name in initiative.parameters)), []);
    assert.deepEqual(needed.filter((name) => !given.includes(name)), []);
});

test("assignment: the roles are those that the policies name", () => {
    const made = new Deployment(json(dist, "policy/assignment.json"), { exeUri: "https://a/c", runCommandEffect: "DeployIfNotExists", vmApplicationEffect: "DeployIfNotExists", arcEffect: "DeployIfNotExists" }).resources();
    const given = made.filter((one) => one.type.endsWith("roleAssignments")).map((one) => one.properties.roleDefinitionId.split("/").pop()).sort();
    const named = [...new Set(POLICIES.flatMap((name) => policies[name].policyRule.then.details.roleDefinitionIds.map((id) => id.split("/").pop())))].sort();
    assert.deepEqual(given, named);
});

const BROKEN = [
    ["a condition on the exit code, which has no alias on a VM", (p) => { p.policyRule.then.details.existenceCondition.allOf[0].field = "Microsoft.Compute/virtualMachines/runCommands/instanceView.exitCode"; }],
    ["no role", (p) => { p.policyRule.then.details.roleDefinitionIds = []; }],
    ["no condition", (p) => { delete p.policyRule.then.details.existenceCondition; }],
    ["an operator that does not exist", (p) => { p.policyRule.if.allOf[0] = { field: "type", is: "x" }; }],
    ["a deployment without its program", (p) => { delete p.policyRule.then.details.deployment.properties.parameters.exeUri; }],
    ["a deployment parameter nobody takes", (p) => { p.policyRule.then.details.deployment.properties.parameters.more = { value: 1 }; }],
];
for (const [about, change] of BROKEN) test(`refused: a policy with ${about}`, () => assert.ok(wrongOf(changed(policies["run-command"], change))));
