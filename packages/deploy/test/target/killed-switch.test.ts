import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { originNote } from "../../src/target/state-notes.ts";
import { restoreOrigin } from "../../src/target/revisions/origin.ts";
import { repairSwitch } from "../../src/target/revisions/repair-switch.ts";
import { removeHalfWritten } from "../../src/target/revisions/tidy-cache.ts";
import { switchRevision } from "../../src/target/revisions/switch-revision.ts";
import { targetPaths, type TargetPaths } from "../../src/target/target-paths.ts";

/** Changes of the file system that still happen; after them nothing does any more, as if the process had been killed. */
const life = vi.hoisted(() => ({ steps: Number.POSITIVE_INFINITY }));

vi.mock("node:fs/promises", async (importOriginal) => {
  const real = await importOriginal<typeof import("node:fs/promises")>();
  const changing = ["copyFile", "link", "mkdir", "rename", "rm", "symlink", "utimes", "writeFile"] as const;
  const mortal = Object.fromEntries(
    changing.map((name) => [
      name,
      async (...args: unknown[]) => {
        if (life.steps-- <= 0) throw new Error("killed");
        return await (real[name] as (...all: unknown[]) => Promise<unknown>)(...args);
      },
    ]),
  );
  return { ...real, ...mortal };
});

const [OLD, NEW] = ["a".repeat(40), "b".repeat(40)];
const FOREIGN = "written by hand\n";
const COPY = { recursive: true, verbatimSymlinks: true } as const;
/** More than a switch takes. */
const MOST_STEPS = 200;

let directory: string;
let paths: TargetPaths;
beforeEach(() => {
  life.steps = Number.POSITIVE_INFINITY;
  directory = realpathSync(mkdtempSync(join(tmpdir(), "scap-killed-")));
  paths = targetPaths("web", join(directory, "srv"));
  mkdirSync(paths.state, { recursive: true });
  mkdirSync(etc("."));
  writeFileSync(etc("foreign"), FOREIGN);
  revision(OLD, ["both", "old"]);
  revision(NEW, ["both", "new", "foreign", "deep/new"]);
});
afterEach(() => rmSync(directory, { recursive: true }));

const etc = (name: string): string => join(directory, "etc", name);

function revision(commit: string, files: readonly string[]): void {
  const git = join(paths.rev(commit), ".git");
  mkdirSync(git, { recursive: true });
  writeFileSync(join(git, "HEAD"), `${commit}\n`);
  writeFileSync(join(git, "scap-complete"), "");
  writeFileSync(join(paths.rev(commit), "v"), commit);
  for (const name of files) {
    const path = join(git, "config-files", etc(name));
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, `${name} of ${commit}`);
  }
}

/** What the next run does first. */
async function repair(): Promise<void> {
  await removeHalfWritten(paths);
  await repairSwitch(options());
}

let clock = 0;
const options = (): Parameters<typeof repairSwitch>[0] => ({
  paths,
  now: new Date(Date.UTC(2030, 0, 1) + ++clock * 1000),
  assertHeld: async () => {},
});

/** What readers find: the code, and every file of the configuration directory, hidden ones too; dangling links as such. */
function seen(): Record<string, string> {
  const names = readdirSync(etc("."), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  const places = [...names, join(paths.final, "v"), ...leftOvers()];
  return Object.fromEntries(
    places.filter((path) => path !== "").map((path) => [nameOf(path), contentOf(path)]),
  );
}

/** Anything else beside the repository. */
function leftOvers(): string[] {
  const parent = join(paths.final, "..");
  const names = readdirSync(parent).filter((name) => !["web", "web-cache"].includes(name));
  return [
    ...names.map((name) => join(parent, name)),
    ...readdirSync(paths.root)
      .filter((name) => name.endsWith("scap-new"))
      .map((name) => join(paths.root, name)),
  ];
}

/** Backups by what they are, since their time differs. */
function nameOf(path: string): string {
  return path.slice(directory.length + 1).replace(/\.2030-.*$/, ".<time>");
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    return String((cause as NodeJS.ErrnoException).code);
  }
}

const WITH_OLD = {
  "srv/web/v": OLD,
  "etc/both": `both of ${OLD}`,
  "etc/old": `old of ${OLD}`,
  "etc/foreign": FOREIGN,
};
const WITH_NEW = {
  "srv/web/v": NEW,
  "etc/both": `both of ${NEW}`,
  "etc/new": `new of ${NEW}`,
  "etc/deep/new": `deep/new of ${NEW}`,
  "etc/foreign": `foreign of ${NEW}`,
  "etc/foreign.<time>": FOREIGN,
};

/** Does work that is killed after some steps, and tells whether it was through by then. */
async function killedAfter(steps: number, work: () => Promise<void>): Promise<boolean> {
  life.steps = steps;
  const wasThrough = await work().then(
    () => true,
    () => false,
  );
  life.steps = Number.POSITIVE_INFINITY;
  return wasThrough;
}

/** Does work again and again from the same beginning, each time killed one step later. */
async function atEveryStep(
  begin: () => Promise<void>,
  work: () => Promise<void>,
  then: () => Promise<void>,
): Promise<void> {
  const start = `${directory}.start`;
  await begin();
  cpSync(directory, start, COPY);
  try {
    for (let steps = 0; ; steps++) {
      expect(steps).toBeLessThan(MOST_STEPS);
      const wasThrough = await killedAfter(steps, work);
      await then();
      if (wasThrough) return;
      rmSync(directory, { recursive: true });
      cpSync(start, directory, COPY);
    }
  } finally {
    rmSync(start, { recursive: true, force: true });
  }
}

async function deployOld(): Promise<void> {
  await switchRevision(paths.rev(OLD), options());
  symlinkSync(`revs/${OLD}`, paths.done);
  await originNote(paths).clear();
  expect(seen()).toEqual(WITH_OLD);
}

describe("a switch that is killed at any step", () => {
  const toNew = async (): Promise<void> => await switchRevision(paths.rev(NEW), options());

  it("is finished or taken back by the next run, with nothing left over and one backup of a foreign file", async () => {
    await atEveryStep(deployOld, toNew, async () => {
      await repair();
      expect([WITH_OLD, WITH_NEW]).toContainEqual(seen());
      await toNew();
      expect(seen()).toEqual(WITH_NEW);
    });
  });

  it("is repaired also where the repair is killed", async () => {
    await atEveryStep(
      async () => {
        await deployOld();
        await killedAfter(12, toNew);
      },
      repair,
      async () => {
        await repair();
        await toNew();
        expect(seen()).toEqual(WITH_NEW);
      },
    );
  });
});

describe("a first deployment that is killed at any step", () => {
  const BEFORE = { "srv/web/v": "ours", "etc/foreign": FOREIGN };
  const AFTER = { ...WITH_NEW, "srv/web.<time>": "EISDIR" };
  const toNew = async (): Promise<void> => await switchRevision(paths.rev(NEW), options());
  const undo = async (): Promise<void> => {
    const origin = await originNote(paths).read();
    if (origin !== undefined) await restoreOrigin(origin, options());
  };
  const begin = async (): Promise<void> => {
    mkdirSync(paths.final);
    writeFileSync(join(paths.final, "v"), "ours");
  };

  it("is finished or taken back, and what was there before can be put back whole", async () => {
    await atEveryStep(begin, toNew, async () => {
      await repair();
      expect([BEFORE, AFTER]).toContainEqual(seen());
      await toNew();
      expect(seen()).toEqual(AFTER);
      await undo();
      expect(seen()).toEqual(BEFORE);
    });
  });

  it("is taken away again, also where that is killed at any step", async () => {
    await atEveryStep(
      async () => {
        await begin();
        await toNew();
      },
      undo,
      async () => {
        await repair();
        await undo();
        expect(seen()).toEqual(BEFORE);
      },
    );
  });
});
