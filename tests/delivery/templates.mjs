// SPDX-License-Identifier: MIT
// Every template of the package: its shape, its names, and the resources it would make with each set of parameters.
import { test } from "node:test";
import assert from "node:assert/strict";
import { Deployment, isExpression, parse, PRINCIPAL } from "./arm.mjs";
import { CASES, isTemplate, templateNames as names } from "./cases.mjs";
import { changed, dist, files, here, json, text, validator } from "./library.mjs";

const IMAGE_TEMPLATE = "Microsoft.VirtualMachineImages/imageTemplates";
const shape = validator(json(here, "schemas/template.json"));
const types = Object.fromEntries(Object.entries(json(here, "schemas/resources.json").types).map(([type, schema]) => [type, validator(schema)]));
types[IMAGE_TEMPLATE] = validator(json(here, "schemas/images.json").imageTemplate);
function wrongOf(resources) {
    for (const resource of resources) {
        const wrong = types[resource.type] ? types[resource.type](resource) : "a type without a schema";
        if (wrong) return `${resource.type}: ${wrong}`;
    }
    return null;
}

function expressions(value) {
    if (isExpression(value)) return [value];
    return value && typeof value === "object" ? Object.values(value).flatMap(expressions) : [];
}

function namesOf(template, kind) {
    const made = kind === "variables" ? { ...template.variables, ...Object.fromEntries((template.variables?.copy ?? []).map((loop) => [loop.name, loop])) } : { ...template[kind] };
    delete made.copy;
    return Object.keys(made).sort();
}

const isNested = (resource) => resource.type === "Microsoft.Resources/deployments";
// A template within a template has names of its own.
const nestedOf = (template) => template.resources.filter(isNested).map((resource) => resource.properties.template);
const outerOf = (template) => ({ ...template, resources: template.resources.map((one) => (isNested(one) ? { ...one, properties: { ...one.properties, template: 0 } } : one)) });
const used = (template, kind) => [...new Set([...JSON.stringify({ ...template, metadata: 0 }).matchAll(new RegExp(`(?<!\\[\\[)\\b${kind}\\('(\\w+)'\\)`, "g"))].map((match) => match[1]))].sort();

for (const name of names) {
    const template = json(dist, name);
    test(`${name}: shape`, () => assert.equal(shape(template), null));
    test(`${name}: every expression can be read`, () => expressions(template).forEach(parse));
    test(`${name}: deployed by a case`, () => assert.ok(CASES.some(([of]) => of === name)));
    if (name === "policy/definitions.json") continue; // Its parameters are those of the policies: policies.mjs.
    for (const kind of ["parameters", "variables"]) {
        test(`${name}: ${kind} are declared and used`, () => [outerOf(template), ...nestedOf(template)].forEach((one) =>
            assert.deepEqual(used(one, kind), namesOf(one, kind))));
    }
}

for (const [name, about, given, right] of CASES) {
    test(`${name}: ${about}`, () => {
        const deployment = new Deployment(json(dist, name), given), made = deployment.resources();
        assert.equal(wrongOf(made), null);
        assert.ok(right(made), JSON.stringify(made, null, 1).slice(0, 4000));
        deployment.outputs();
    });
}

// The checks themselves must be able to fail: each row breaks one thing that Azure or the product would not forgive.
const BROKEN = [
    ["images/image-template.json", "a step of a kind that there is not", (t) => { t.variables.restart.type = "Restart"; }],
    ["images/image-template.json", "a member that a step does not have", (t) => { t.variables.fix.validExitCode = [0]; }],
    ["images/image-template.json", "nowhere to put the image", (t) => { delete t.resources[0].properties.distribute; }],
    ["images/image-template.json", "a source without its kind", (t) => { delete t.resources[0].properties.source.type; }],
    ["run-command/managed.json", "failure that nobody sees", (t) => { t.resources[0].properties.treatFailureAsDeploymentFailure = false; }],
    ["run-command/managed.json", "no script", (t) => { delete t.resources[0].properties.source.script; }],
    ["run-command/managed.json", "a property nobody knows", (t) => { t.resources[0].properties.scripts = "x"; }],
    ["run-command/managed.json", "a script that looks like an expression", (t) => { t.resources[0].properties.source.script = "[[x]"; }],
    ["run-command/managed.json", "a parenthesis too few", (t) => { t.resources[0].name = "[format('{0}/azmend', parameters('vmName')]"; }],
    ["run-command/managed.json", "a function that does not exist", (t) => { t.resources[0].name = "[join('a', 'b')]"; }],
    ["run-command/managed.json", "a parameter that is not declared", (t) => { t.resources[0].name = "[parameters('vm')]"; }],
    ["run-command/arc.json", "artifacts on Arc", (t) => { t.resources[0].properties.artifacts = []; }],
    ["custom-script-extension/vm.json", "command in two places", (t) => { t.resources[0].properties.settings.commandToExecute = "x"; }],
    ["vm-application/gallery.json", "a command that is too long", (t) => { t.resources[2].properties.publishingProfile.manageActions.install = "x".repeat(4097); }],
    ["vm-application/gallery.json", "no way to remove", (t) => { delete t.resources[2].properties.publishingProfile.manageActions.remove; }],
    ["vm-application/gallery.json", "four numbers in the version", (t) => { t.parameters.applicationVersion.defaultValue = "0.1.0.0"; }],
    ["policy/remediation.json", "a threshold in percent", (t) => { t.resources[0].properties.failureThreshold.percentage = 10; }],
    ["policy/remediation.json", "more at once than Azure takes", (t) => { t.resources[0].properties.parallelDeployments = 31; }],
    ["policy/remediation.json", "machines that are named, and a look again", (t) => { t.parameters.resourceIds.defaultValue = ["/subscriptions/s/x"]; t.parameters.discovery.defaultValue = "ReEvaluateCompliance"; }],
    ["policy/remediation.json", "101 machines that are named", (t) => { t.parameters.resourceIds.defaultValue = Array(101).fill("/subscriptions/s/x"); }],
    ["provisioning/vm-with-custom-script.json", "an identity of the system, which has no role yet", (t) => { t.resources[1].identity = { type: "SystemAssigned" }; }],
    ["queries/monitoring.json", "an alert rule that looks back seven days", (t) => { t.resources[3].properties.overrideQueryTimeRange = "P7D"; }],
    ["queries/monitoring.json", "an alert rule without its threshold", (t) => { delete t.resources[3].properties.criteria.allOf[0].threshold; }],
    ["queries/monitoring.json", "a severity that is none", (t) => { t.resources[4].properties.severity = 5; }],
    ["queries/monitoring.json", "an action group by its name", (t) => { t.parameters.actionGroupIds.defaultValue = ["a"]; t.resources[5].properties.actions.actionGroups = ["a"]; }],
    ["queries/monitoring.json", "no path to the events", (t) => { t.resources[0].properties.dataSources.windowsEventLogs[0].xPathQueries = ["azmend"]; }],
];

for (const [name, about, change] of BROKEN) {
    test(`refused: ${name} with ${about}`, () => {
        const template = changed(json(dist, name), change);
        const given = CASES.find(([of]) => of === name)[2];
        let wrong = shape(template);
        try {
            wrong ??= wrongOf(new Deployment(template, given).resources());
        } catch (error) {
            wrong = error.message;
        }
        assert.ok(wrong, "nothing was found wrong");
    });
}

test("the action's body", () => {
    const body = json(dist, "run-command/action.json"), check = validator(json(here, "schemas/action.json"));
    assert.equal(check(body), null);
    assert.equal(body.script.join("\n"), text(dist, "run-command/azmend.ps1").replaceAll("\r\n", "\n").trimEnd());
    assert.ok(body.parameters.some(({ name, value }) => name === "ExitCode" && value === "always-zero"));
    assert.ok(check(changed(body, (b) => { b.parameters[0].value = 1; })));
});

test("policy/assignment.json: a role assignment's name follows the assignment's identity, and nothing else that changes", () => {
    const given = CASES.find(([, about]) => about === "all deploy: three roles")[2];
    const namesWith = (principal) => {
        PRINCIPAL.id = principal;
        return new Deployment(json(dist, "policy/assignment.json"), given).resources().filter((one) => one.type.endsWith("/roleAssignments")).map((one) => one.name);
    };
    const [first, again, made] = ["first", "first", "second"].map(namesWith);
    assert.deepEqual(first, again);
    assert.equal(new Set([...first, ...made]).size, 6);
});
