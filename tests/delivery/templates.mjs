// SPDX-License-Identifier: MIT
// Every template of the package: its shape, its names, and the resources it would make with each set of parameters.
import { test } from "node:test";
import assert from "node:assert/strict";
import { Deployment, isExpression, parse } from "./arm.mjs";
import { changed, dist, files, here, json, text, validator } from "./library.mjs";

const shape = validator(json(here, "schemas/template.json"));
const types = Object.fromEntries(Object.entries(json(here, "schemas/resources.json").types).map(([type, schema]) => [type, validator(schema)]));
const isTemplate = (value) => String(value?.$schema).includes("eploymentTemplate.json");
const names = files(dist, ".json").filter((name) => isTemplate(json(dist, name)));

const PACKAGE_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/gal/applications/azmend/versions/0.1.0";
const VM = { vmName: "vm", subnetId: "/subscriptions/s/subnets/a", adminUsername: "someone", adminPassword: "x" };
const EXE = { exeUri: "https://account.blob.core.windows.net/c/azmend.exe?sv=1&sig=a%2Fb" };
const BLOBS = { outputBlobUri: "https://a.blob.core.windows.net/c/vm.jsonl?s", errorBlobUri: "https://a.blob.core.windows.net/c/vm.err?s" };

// What each template is deployed with here, and what must then be so.
const CASES = [
    ["network/kms-routes.json", "routes", { routeTableName: "t" }, (made) => made.length > 1 && made[0].type.endsWith("/routes")],
    ["network/kms-routes.json", "with its table", { routeTableName: "t", createRouteTable: true }, (made) => made[0].type.endsWith("/routeTables")],
    ["run-command/managed.json", "artifact with a SAS", { vmName: "vm", ...EXE }, ([run]) =>
        run.properties.artifacts[0].artifactUri === EXE.exeUri && !("artifactManagedIdentity" in run.properties.artifacts[0]) &&
        !run.properties.protectedParameters && !run.properties.outputBlobUri && !JSON.stringify(run.properties.parameters).includes("sig=")],
    ["run-command/managed.json", "artifact by the system's identity", { vmName: "vm", ...EXE, exeIdentity: "system" }, ([run]) =>
        Object.keys(run.properties.artifacts[0].artifactManagedIdentity).length === 0],
    ["run-command/managed.json", "artifact by a client id, blobs, options", { vmName: "vm", ...EXE, ...BLOBS, exeIdentity: "id", command: "fix", options: "--lang ja" }, ([run]) =>
        run.properties.artifacts[0].artifactManagedIdentity.clientId === "id" && run.properties.outputBlobUri === BLOBS.outputBlobUri &&
        run.properties.parameters.some(({ name, value }) => name === "Options" && Buffer.from(value, "base64").toString() === "--lang ja")],
    ["run-command/managed.json", "download", { vmName: "vm", ...EXE, delivery: "download" }, ([run]) => !run.properties.artifacts &&
        run.properties.protectedParameters[0].name === "Uri" && Buffer.from(run.properties.protectedParameters[0].value, "base64").toString() === EXE.exeUri],
    ["run-command/managed-vmss.json", "two instances", { vmssName: "set", instanceIds: ["0", "3"], ...EXE }, (made) =>
        made.map((run) => run.name).join() === "set/0/azmend,set/3/azmend"],
    ["run-command/arc.json", "check only", { machineName: "m", ...EXE }, ([run]) =>
        run.properties.parameters.some(({ name, value }) => name === "Command" && value === "check")],
    ["custom-script-extension/vm.json", "readable as it is", { vmName: "vm", exeUri: "https://a/c/azmend.exe" }, ([made]) =>
        !made.properties.protectedSettings.managedIdentity && /azmend\.exe fix --exit-code completed$/.test(made.properties.protectedSettings.commandToExecute)],
    ["custom-script-extension/vm.json", "by an identity, provision", { vmName: "vm", exeUri: "https://a/c/azmend.exe", identity: "system", command: "provision" }, ([made]) =>
        made.properties.protectedSettings.managedIdentity && made.properties.protectedSettings.commandToExecute.endsWith("azmend.exe provision --exit-code completed")],
    ["custom-script-extension/vmss.json", "scale set", { vmssName: "set", exeUri: "https://a/c/azmend.exe" }, (made) => made.length === 1],
    ["vm-application/gallery.json", "gallery is there", { galleryName: "gal", packageUri: "https://a/c/azmend.exe" }, (made) => made.length === 2],
    ["vm-application/gallery.json", "gallery is made, two regions", { galleryName: "gal", createGallery: true, packageUri: "https://a/c/azmend.exe", targetRegions: ["japaneast", "japanwest"] }, (made) =>
        made.length === 3 && made[2].properties.publishingProfile.targetRegions[1].name === "japanwest"],
    ["vm-application/vm.json", "one VM", { vmName: "vm", packageReferenceId: PACKAGE_ID }, ([made]) => made.name === "vm/azmend"],
    ["provisioning/vm-with-custom-script.json", "new VM", { ...VM, exeUri: "https://a/c/azmend.exe", identity: "system" }, (made) =>
        made[2].properties.protectedSettings.commandToExecute.endsWith("azmend.exe provision --exit-code completed")],
    ["provisioning/vm-with-application.json", "azmend alone", { ...VM, azmendReferenceId: PACKAGE_ID }, (made) =>
        made[1].properties.applicationProfile.galleryApplications.length === 1],
    ["provisioning/vm-with-application.json", "azmend first", { ...VM, azmendReferenceId: PACKAGE_ID, nextReferenceIds: [PACKAGE_ID.replace("azmend", "b"), PACKAGE_ID.replace("azmend", "c")] }, (made) =>
        made[1].properties.applicationProfile.galleryApplications.map((app) => app.order).join() === "1,2,3"],
    ["policy/definitions.json", "all", {}, (made) => made.length === 4],
    ["policy/assignment.json", "audit: one role", { exeUri: "https://a/c/azmend.exe" }, (made) => made.length === 2],
    ["policy/assignment.json", "all deploy: three roles", { exeUri: "https://a/c/azmend.exe", vmApplicationEffect: "DeployIfNotExists", arcEffect: "DeployIfNotExists", packageReferenceId: PACKAGE_ID }, (made) => made.length === 4],
    ["policy/remediation.json", "everywhere", {}, ([made]) => !made.properties.filters && made.properties.failureThreshold.percentage === 0.1],
    ["policy/remediation.json", "one region", { policy: "arc", locations: ["japaneast"] }, ([made]) => made.properties.filters.locations[0] === "japaneast"],
    ["queries/monitoring.json", "all three", { workspaceName: "w" }, (made) => made.length === 3],
    ["publishing/shared-vm-extension-version.json", "one region", { mediaLink: "https://a/c/h.zip", regions: ["japaneast"] }, (made) => made.length === 1],
];

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

const used = (template, kind) => [...new Set([...JSON.stringify({ ...template, metadata: 0 }).matchAll(new RegExp(`(?<!\\[\\[)\\b${kind}\\('(\\w+)'\\)`, "g"))].map((match) => match[1]))].sort();

for (const name of names) {
    const template = json(dist, name);
    test(`${name}: shape`, () => assert.equal(shape(template), null));
    test(`${name}: every expression can be read`, () => expressions(template).forEach(parse));
    test(`${name}: deployed by a case`, () => assert.ok(CASES.some(([of]) => of === name)));
    if (name === "policy/definitions.json") continue; // Its parameters are those of the policies: policies.mjs.
    for (const kind of ["parameters", "variables"]) {
        test(`${name}: ${kind} are declared and used`, () => assert.deepEqual(used(template, kind), namesOf(template, kind)));
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
