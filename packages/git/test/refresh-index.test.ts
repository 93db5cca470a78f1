import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkoutRevision, dateIndex, refreshIndex } from "@scap/git";
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

/** Waits until the system dates changes later than that of a file, by more than an index is dated back. */
async function laterTick(name: string): Promise<void> {
  const last = statSync(path(name)).ctimeMs;
  const isLater = (): boolean => {
    writeFileSync(path("../tick"), "");
    return statSync(path("../tick")).ctimeMs > last + 2;
  };
  await expect.poll(isLater, { interval: 1 }).toBe(true);
}

it("reads no file where none is newer than the date of the index", async () => {
  await checkOutWithinASecond();
  await laterTick("a.txt");
  await dateIndex(source.directory);
  const { ino } = statSync(path(".git/index"));
  await laterSecond();
  await refreshIndex(source.directory);
  expect(second(".git/index")).toBeGreaterThan(second("a.txt"));
  expect(statSync(path(".git/index")).ino).toBe(ino);
  expect(source.git("status", "--porcelain")).toBe("");
});

it.each([
  ["edited with the same size", () => writeFileSync(path("a.txt"), "two\n"), "M a.txt"],
  ["removed", () => rmSync(path("a.txt")), "D a.txt"],
  ["added", () => writeFileSync(path("b.txt"), ""), "?? b.txt"],
])("hides no file that was %s in the second in which the index was dated", async (_how, edit, status) => {
  do {
    await checkOutWithinASecond();
    await dateIndex(source.directory);
    edit();
  } while (second(".git/scap-index-date") !== Math.floor(Date.now() / 1000));
  await laterSecond();
  await refreshIndex(source.directory);
  expect(source.git("status", "--porcelain")).toBe(status);
});

it("leaves it to git where an index has been written since it was dated", async () => {
  await checkOutWithinASecond();
  await laterTick("a.txt");
  await dateIndex(source.directory);
  await checkOutWithinASecond(() => writeFileSync(path("a.txt"), "two\n"));
  await laterSecond();
  await refreshIndex(source.directory);
  expect(source.git("status", "--porcelain")).toBe("M a.txt");
});
