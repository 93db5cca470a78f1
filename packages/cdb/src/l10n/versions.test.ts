import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  encodeCdb,
  l10nDirectory,
  type L10nEvent,
  type L10nResult,
  rebuildL10nVersions,
  type RebuildVersionsOptions,
  refreshCdbDirectory,
} from "../index.ts";

let tree: string;
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "cdb-versions-"));
});
afterEach(() => rmSync(tree, { recursive: true }));

async function prepare(...versions: string[]): Promise<void> {
  for (const version of versions) {
    const directory = l10nDirectory(tree, version);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "l10n_cache-en.cdb"), encodeCdb([["v", version]]));
    await refreshCdbDirectory({ directory });
  }
}

async function rebuilt(
  options: Partial<RebuildVersionsOptions> & Pick<RebuildVersionsOptions, "activeVersions">,
) {
  const results: L10nResult[] = [];
  for await (const result of rebuildL10nVersions({ treeDirectory: tree, force: true, ...options }))
    results.push(result);
  return results.map(({ directory, written }) => [directory, written.length]);
}

test("rebuilds every active version, oldest first", async () => {
  const activeVersions = ["1.45.0-wmf.10", "1.45.0-wmf.9", "1.44.0-wmf.20"];
  await prepare(...activeVersions);
  expect(await rebuilt({ activeVersions })).toEqual([
    [l10nDirectory(tree, "1.44.0-wmf.20"), 1],
    [l10nDirectory(tree, "1.45.0-wmf.9"), 1],
    [l10nDirectory(tree, "1.45.0-wmf.10"), 1],
  ]);
});

test("a version without a cache does not keep the others from theirs", async () => {
  await prepare("1.45.0-wmf.2");
  const warnings: string[] = [];
  const onEvent = (event: L10nEvent): void => {
    if (event.type === "warning") warnings.push(event.message);
  };
  expect(await rebuilt({ activeVersions: ["1.45.0-wmf.1", "1.45.0-wmf.2"], onEvent })).toEqual([
    [l10nDirectory(tree, "1.45.0-wmf.1"), 0],
    [l10nDirectory(tree, "1.45.0-wmf.2"), 1],
  ]);
  const upstream = join(l10nDirectory(tree, "1.45.0-wmf.1"), "upstream");
  expect(warnings).toEqual([`${upstream} is empty: there is nothing to rebuild`]);
});

test.each(["1.43.0-wmf.1", "php-1.43.0-wmf.1", "/php-1.43.0-wmf.1/"])(
  "rebuilds only the version %s",
  async (version) => {
    await prepare("1.43.0-wmf.1");
    const activeVersions = ["1.43.0-wmf.1", "1.43.0-wmf.2"];
    expect(await rebuilt({ activeVersions, version })).toEqual([[l10nDirectory(tree, "1.43.0-wmf.1"), 1]]);
  },
);

test("names a version that is not active", async () => {
  const active = { activeVersions: ["1.43.0-wmf.1"], version: "php-1.43.0-wmf.2" };
  await expect(rebuilt(active)).rejects.toMatchObject({
    code: "CDB_OPTION",
    message: 'MediaWiki version "1.43.0-wmf.2" is not active',
    hint: "Active versions: 1.43.0-wmf.1.",
  });
});
