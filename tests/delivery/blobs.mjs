// SPDX-License-Identifier: MIT
// The package and the results as blobs, on azurite (Azure Storage's own emulator) on loopback: which rights of a SAS are needed,
// what happens without them, and what two machines on one append blob do to each other.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, webcrypto } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytes, dist, load, text } from "./library.mjs";

// Node 18, which Debian 12 has, does not give it by itself; the storage library asks for it.
globalThis.crypto ??= webcrypto;

const { AppendBlobClient, BlobClient, BlobSASPermissions, BlobServiceClient, StorageSharedKeyCredential, generateBlobSASQueryParameters } =
    load("@azure/storage-blob");
// azurite's well-known account of development; it opens nothing else.
const ACCOUNT = "devstoreaccount1";
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const PORT = 10000, CONTAINER = "azmend", START_SECONDS = 60;
const credential = new StorageSharedKeyCredential(ACCOUNT, KEY);
const service = new BlobServiceClient(`http://127.0.0.1:${PORT}/${ACCOUNT}`, credential, { retryOptions: { maxTries: 1 } });
const container = service.getContainerClient(CONTAINER);
let server, folder;

before(async () => {
    folder = mkdtempSync(join(tmpdir(), "azmend-azurite-"));
    server = spawn(process.execPath, [load.resolve("azurite/dist/src/blob/main.js"), "--blobHost", "127.0.0.1", "--blobPort", String(PORT), "--location", folder,
        "--silent", "--disableTelemetry", "--skipApiVersionCheck"], { stdio: "ignore" });
    for (const end = Date.now() + START_SECONDS * 1000; ;) {
        try {
            return await container.createIfNotExists();
        } catch (error) {
            if (Date.now() > end) throw error;
            await new Promise((done) => setTimeout(done, 200));
        }
    }
});

after(() => {
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
});

function address(name, rights) {
    const url = container.getBlobClient(name).url;
    if (!rights) return url;
    const sas = generateBlobSASQueryParameters({ containerName: CONTAINER, blobName: name, permissions: BlobSASPermissions.parse(rights),
        expiresOn: new Date(Date.now() + 3600e3) }, credential);
    return `${url}?${sas}`;
}

const once = { retryOptions: { maxTries: 1 } };
const statusOf = (promise) => promise.then(() => 0, (error) => error.statusCode);

test("the program, fetched with a read SAS, is the one whose hash the script holds", async () => {
    await container.getBlockBlobClient("azmend.exe").uploadData(bytes(dist, "azmend.exe"));
    const fetched = await new BlobClient(address("azmend.exe", "r"), undefined, once).downloadToBuffer();
    const hash = createHash("sha256").update(fetched).digest("hex");
    assert.ok(text(dist, "run-command/azmend.ps1").includes(`'${hash}'`));
});

for (const [about, rights] of [["no SAS", ""], ["a SAS that may only write", "w"]]) {
    test(`the program is not given to ${about}`, async () =>
        assert.ok([403, 404, 409].includes(await statusOf(new BlobClient(address("azmend.exe", rights), undefined, once).downloadToBuffer()))));
}

test("the program read through an address in base64, as the templates hand it over", async () => {
    const handed = Buffer.from(address("azmend.exe", "r")).toString("base64");
    const fetched = await new BlobClient(Buffer.from(handed, "base64").toString(), undefined, once).downloadToBuffer();
    assert.equal(fetched.length, bytes(dist, "azmend.exe").length);
});

const line = (machine) => `${JSON.stringify({ result: "azmend.result/1", verdict: "healthy", machine: { name: machine } })}\n`;

// What Run Command does with outputBlobUri: creates the append blob, appends, and reads its state.
async function appendAs(name, rights, ...lines) {
    const blob = new AppendBlobClient(address(name, rights), undefined, once);
    await blob.createIfNotExists();
    for (const one of lines) await blob.appendBlock(one, one.length);
    return blob.getProperties();
}

test("an append blob takes lines with the rights that the templates ask for (read, add, create, write)", async () => {
    await appendAs("vm1.jsonl", "racw", "azmend 0.1.0 check: vm1\n", line("vm1"));
    await appendAs("vm1.jsonl", "racw", line("vm1"));
    const lines = (await container.getBlobClient("vm1.jsonl").downloadToBuffer()).toString().trim().split("\n");
    const results = lines.filter((one) => one.startsWith('{"result":"azmend.result/1"')).map((one) => JSON.parse(one));
    assert.deepEqual([lines.length, results.length], [3, 2]);
});

for (const [about, rights] of [["none", ""], ["read alone", "r"], ["add and create without read", "ac"]]) {
    test(`an append blob refuses ${about}`, async () => assert.equal(await statusOf(appendAs(`refused-${rights}.jsonl`, rights, line("vm"))), 403));
}

test("two machines on one append blob: no line is lost or torn, but a writer that counts on its place is refused", async () => {
    await appendAs("both.jsonl", "racw");
    const writers = ["vm1", "vm2"].map((name) => appendAs("both.jsonl", "racw", ...Array(20).fill(line(name))));
    await Promise.all(writers);
    const lines = (await container.getBlobClient("both.jsonl").downloadToBuffer()).toString().trim().split("\n");
    assert.equal(lines.map((one) => JSON.parse(one)).length, 40);
    const late = new AppendBlobClient(address("both.jsonl", "racw"), undefined, once);
    assert.equal(await statusOf(late.appendBlock("x", 1, { conditions: { appendPosition: 0 } })), 412);
});
