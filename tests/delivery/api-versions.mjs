// SPDX-License-Identifier: MIT
// No template uses a property that its apiVersion does not have: Resource Manager would refuse it, or drop it in silence.
import { test } from "node:test";
import assert from "node:assert/strict";
import { Deployment } from "./arm.mjs";
import { CASES } from "./cases.mjs";
import { changed, dist, json } from "./library.mjs";
import { everyResource, facts, wrongVersion } from "./versions.mjs";

const known = facts();
for (const { name, about, resource } of everyResource()) {
    test(`${name}: ${about}: ${resource.type} ${resource.apiVersion}`, () => assert.equal(wrongVersion(resource, known), null));
}

// As they were, or as somebody would write them who reads only the newest page.
const BROKEN = [
    ["vm-application/gallery.json", "scriptBehaviorAfterReboot before it was there", /scriptBehaviorAfterReboot is there from 2024-03-03/, (t) => { t.resources[2].apiVersion = "2023-07-03"; }],
    ["policy/remediation.json", "resourceIds before they were there", /resourceIds is there from 2024-10-01/, (t) => {
        t.resources[0].apiVersion = "2021-10-01";
        t.parameters.resourceIds.defaultValue = ["/subscriptions/s/x"];
    }],
    ["run-command/managed.json", "treatFailureAsDeploymentFailure before it was there", /treatFailureAsDeploymentFailure is there from/, (t) => { t.resources[0].apiVersion = "2022-08-01"; }],
    ["run-command/arc.json", "a property of the VM's Run Command on Arc", /nothing is known of/, (t) => { t.resources[0].properties.treatFailureAsDeploymentFailure = true; }],
    ["vm-application/vm.json", "an apiVersion of the child resource that nobody names", /no apiVersion/, (t) => { t.resources[0].apiVersion = "2020-01-01"; }],
    ["queries/monitoring.json", "an apiVersion that never was", /no apiVersion/, (t) => { t.resources[0].apiVersion = "2022-06-02"; }],
    ["custom-script-extension/vmss.json", "a region where the type has none", /nothing is known of location/, (t) => { t.resources[0].location = "japaneast"; }],
];
for (const [name, about, says, change] of BROKEN) {
    test(`refused: ${name} with ${about}`, () => {
        const given = CASES.find(([of]) => of === name)[2];
        const wrong = new Deployment(changed(json(dist, name), change), given).resources().map((resource) => wrongVersion(resource, known)).filter(Boolean);
        assert.match(wrong.join("\n"), says);
    });
}
