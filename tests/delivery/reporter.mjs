// SPDX-License-Identifier: MIT
// node:test's events as the project's lines: a FAIL line for each failing row, and the counts last.
export default async function* report(source) {
    let passed = 0, failed = 0, skipped = 0;
    for await (const { type, data } of source) {
        if (type !== "test:pass" && type !== "test:fail") continue;
        if (data.details?.type === "suite") continue;
        if (data.skip !== undefined) {
            skipped++;
            yield `SKIP ${data.name}: ${data.skip}\n`;
        } else if (type === "test:pass") {
            passed++;
        } else {
            failed++;
            const cause = data.details.error.cause ?? data.details.error;
            yield `FAIL ${data.name}: ${cause.stack ?? cause}\n`;
        }
    }
    yield `${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}
