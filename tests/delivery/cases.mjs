// SPDX-License-Identifier: MIT
// The templates of the package, and each of them with the parameters of an administrator.
import { dist, files, json } from "./library.mjs";

export const isTemplate = (value) => String(value?.$schema).includes("eploymentTemplate.json");
export const templateNames = files(dist, ".json").filter((name) => isTemplate(json(dist, name)));

const PACKAGE_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/gal/applications/azmend/versions/0.1.0";
const IDENTITY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/azmend-reader";
const INSTALLS = ["install", "update"];
const VM = { vmName: "vm", subnetId: "/subscriptions/s/subnets/a", adminUsername: "someone", adminPassword: "x" };
const EXE = { exeUri: "https://account.blob.core.windows.net/c/azmend.exe?sv=1&sig=a%2Fb" };
const BLOBS = { outputBlobUri: "https://a.blob.core.windows.net/c/vm.jsonl?s", errorBlobUri: "https://a.blob.core.windows.net/c/vm.err?s" };

const IMAGE = { identityId: IDENTITY, exeUri: "https://account.blob.core.windows.net/c/azmend.exe", galleryImageId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/gal/images/i" };
const AVD_IMAGE = { publisher: "MicrosoftWindowsDesktop", offer: "windows-11", sku: "win11-24h2-avd", tags: { AVD_IMAGE_TEMPLATE: "AVD_IMAGE_TEMPLATE" },
    stepsBefore: [{ type: "PowerShell", name: "fslogix", scriptUri: "https://account.blob.core.windows.net/c/fslogix.ps1", runElevated: true, runAsSystem: true }] };

const rolesOf = (made) => made.filter((one) => one.type.endsWith("/roleAssignments"));

// What each template is deployed with here, and what must then be so.
export const CASES = [
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
        !made.properties.protectedSettings.managedIdentity && /azmend\.exe check --exit-code completed$/.test(made.properties.protectedSettings.commandToExecute)],
    ["custom-script-extension/vm.json", "by an identity, provision", { vmName: "vm", exeUri: "https://a/c/azmend.exe", identity: "system", command: "provision" }, ([made]) =>
        made.properties.protectedSettings.managedIdentity && made.properties.protectedSettings.commandToExecute.endsWith("azmend.exe provision --exit-code completed")],
    ["custom-script-extension/vm.json", "by decision: fix, in place of an extension that is there", { vmName: "vm", exeUri: "https://a/c/azmend.exe", command: "fix", extensionName: "CustomScriptExtension" }, ([made]) =>
        made.name === "vm/CustomScriptExtension" && made.properties.protectedSettings.commandToExecute.endsWith("azmend.exe fix --exit-code completed")],
    ["custom-script-extension/vmss.json", "scale set", { vmssName: "set", exeUri: "https://a/c/azmend.exe" }, (made) => made.length === 1],
    ["vm-application/gallery.json", "gallery is there", { galleryName: "gal", packageUri: "https://a/c/azmend.exe" }, (made) => made.length === 2 && INSTALLS.every((name) =>
        / check --event-log --exit-code completed --wait-network 2m$/.test(made[1].properties.publishingProfile.manageActions[name]) && !/ fix /.test(made[1].properties.publishingProfile.manageActions[name]))],
    ["vm-application/gallery.json", "by decision: fix", { galleryName: "gal", packageUri: "https://a/c/azmend.exe", command: "fix" }, (made) => INSTALLS.every((name) =>
        /azmend\.exe" fix --unattended --exit-code completed --wait-network 2m$/.test(made[1].properties.publishingProfile.manageActions[name]))],
    ["vm-application/gallery.json", "gallery is made, two regions", { galleryName: "gal", createGallery: true, packageUri: "https://a/c/azmend.exe", targetRegions: ["japaneast", "japanwest"] }, (made) =>
        made.length === 3 && made[2].properties.publishingProfile.targetRegions[1].name === "japanwest"],
    ["vm-application/vm.json", "one VM", { vmName: "vm", packageReferenceId: PACKAGE_ID }, ([made]) => made.name === "vm/azmend"],
    ["provisioning/vm-with-custom-script.json", "new VM, readable as it is", { ...VM, exeUri: "https://a/c/azmend.exe" }, ([, vm, script]) =>
        !vm.identity && !script.properties.protectedSettings.managedIdentity && script.properties.protectedSettings.commandToExecute.endsWith("azmend.exe check --exit-code completed")],
    ["provisioning/vm-with-custom-script.json", "private blob: an identity that has its role before the VM is there", { ...VM, exeUri: "https://a/c/azmend.exe", identityId: IDENTITY, command: "provision" }, ([, vm, script]) =>
        vm.identity.type === "UserAssigned" && IDENTITY in vm.identity.userAssignedIdentities && script.properties.protectedSettings.managedIdentity.clientId.length === 36 &&
        script.properties.protectedSettings.commandToExecute.endsWith("azmend.exe provision --exit-code completed")],
    ["provisioning/vm-with-application.json", "azmend alone", { ...VM, azmendReferenceId: PACKAGE_ID }, (made) =>
        made[1].properties.applicationProfile.galleryApplications.length === 1],
    ["provisioning/vm-with-application.json", "azmend first", { ...VM, azmendReferenceId: PACKAGE_ID, nextReferenceIds: [PACKAGE_ID.replace("azmend", "b"), PACKAGE_ID.replace("azmend", "c")] }, (made) =>
        made[1].properties.applicationProfile.galleryApplications.map((app) => app.order).join() === "1,2,3"],
    ["policy/definitions.json", "all", {}, (made) => made.length === 4],
    ["policy/assignment.json", "audit: no role", { exeUri: "https://a/c/azmend.exe" }, (made) => rolesOf(made).length === 0],
    ["policy/assignment.json", "all deploy: three roles", { exeUri: "https://a/c/azmend.exe", runCommandEffect: "DeployIfNotExists", vmApplicationEffect: "DeployIfNotExists", arcEffect: "DeployIfNotExists", packageReferenceId: PACKAGE_ID }, (made) =>
        rolesOf(made).length === 3],
    ["policy/assignment.json", "VM Application alone", { runCommandEffect: "Disabled", vmApplicationEffect: "DeployIfNotExists", packageReferenceId: PACKAGE_ID }, (made) =>
        rolesOf(made).length === 2 && made[0].properties.parameters.exeUri.value === ""],
    ["policy/remediation.json", "everywhere: looks again first", {}, ([made]) => !made.properties.filters && made.properties.failureThreshold.percentage === 0.1 &&
        made.properties.resourceDiscoveryMode === "ReEvaluateCompliance"],
    ["policy/remediation.json", "one region", { policy: "arc", locations: ["japaneast"] }, ([made]) => made.properties.filters.locations[0] === "japaneast"],
    ["policy/remediation.json", "VMs that are up", { resourceIds: ["/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm"] }, ([made]) =>
        made.properties.filters.resourceIds.length === 1 && made.properties.resourceDiscoveryMode === "ExistingNonCompliant"],
    ["queries/monitoring.json", "all of it", { workspaceName: "w", actionGroupIds: ["/subscriptions/s/resourceGroups/g/providers/microsoft.insights/actionGroups/a"] }, (made) =>
        made.length === 6 && made.slice(3).every((one) => one.properties.actions.actionGroups.length === 1 && one.properties.enabled)],
    ["queries/monitoring.json", "alert rules that rest", { workspaceName: "w", alertsEnabled: false }, (made) => made.slice(3).every((one) => !one.properties.enabled)],
    ["images/image-template.json", "azmend alone, two regions", { ...IMAGE, targetRegions: ["japaneast", "japanwest"] }, ([made]) => made.properties.customize.length === 4 &&
        IDENTITY in made.identity.userAssignedIdentities && made.properties.distribute[0].targetRegions[1].name === "japanwest" && made.properties.customize[0].sourceUri === IMAGE.exeUri],
    ["images/image-template.json", "of Azure Virtual Desktop: its own step first, its tag, multi-session", { ...IMAGE, ...AVD_IMAGE }, ([made]) => made.tags.AVD_IMAGE_TEMPLATE === "AVD_IMAGE_TEMPLATE" &&
        made.properties.customize[0].name === "fslogix" && made.properties.customize.at(-1).name === "azmend: seal" && made.properties.source.offer === "windows-11"],
    ["publishing/shared-vm-extension-version.json", "one region", { mediaLink: "https://a/c/h.zip", regions: ["japaneast"] }, (made) => made.length === 1],
];
