import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkoutRevision, refreshIndex } from "@scap/git";
import { createSampleRepository, temporaryDirectory, type SampleRepository } from "./sample-repository.ts";

let temporary: { path: string; remove: () => void };
let source: SampleRepository;
let commit: string;
beforeEach(() => {
  temporary = temporaryDirectory();
  source = createSampleRepository(join(temporary.path, "source"));
  commit = source.commit({ "a.txt": "one\n" });
});
afterEach(() => temporary.remove());

const path = (name: string): string => join(source.directory, name);

/** When a file was changed, in whole seconds, which is all that git looks at. */
function second(name: string): number {
  return Math.floor(statSync(path(name)).ctimeMs / 1000);
}

async function laterSecond(): Promise<void> {
  const last = second(".git/index");
  await expect.poll(() => Math.floor(Date.now() / 1000), { interval: 20 }).toBeGreaterThan(last);
}

/** Checks a file out, and may edit it, all of it in one second. */
async function checkOutWithinASecond(edit: () => void = () => {}): Promise<void> {
  do {
    writeFileSync(path("a.txt"), "old\n");
    await checkoutRevision(source.directory, commit);
    edit();
  } while (second("a.txt") !== second(".git/index"));
}

it("makes the index newer than the files that it describes", async () => {
  await checkOutWithinASecond();
  await laterSecond();
  await refreshIndex(source.directory);
  expect(second(".git/index")).toBeGreaterThan(second("a.txt"));
  expect(source.git("status", "--porcelain")).toBe("");
});

it("hides no edit of the same size in the second of the checkout", async () => {
  await checkOutWithinASecond(() => writeFileSync(path("a.txt"), "two\n"));
  await laterSecond();
  await refreshIndex(source.directory);
  expect(source.git("status", "--porcelain")).toBe("M a.txt");
});

it("leaves an index alone that somebody else is writing", async () => {
  writeFileSync(path(".git/index.lock"), "");
  await refreshIndex(source.directory);
  expect(source.git("status", "--porcelain")).toBe("");
});
