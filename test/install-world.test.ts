import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";

const HOSTS = ["web1", "web2"];

let lab: Lab;
let checkout: Checkout;
let packages: string;

beforeAll(async () => {
  packages = mkdtempSync(join(tmpdir(), "scap-packages-"));
  for (const version of ["8.9.0", "8.10.0", "9.0.0-rc.1"]) makePackage(version);
  lab = await startEmbeddedLab({ hosts: HOSTS });
  const config = { lock_dir: packages, scap_packages: packages };
  checkout = new Checkout(scapFiles(HOSTS, config));
});
afterAll(async () => {
  await lab?.close();
  checkout?.remove();
  rmSync(packages, { recursive: true, force: true });
});

/** Packs what `npm pack` would, in the directory of packages. */
function makePackage(version: string, manifest: object = { name: "scap", version }): string {
  const root = join(packages, `of-${version}`, "package");
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(join(root, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(root, "dist/deploy-local.mjs"), `// deploy-local of scap ${version}\n`);
  const tarball = join(packages, `scap-${version}.tgz`);
  execFileSync("tar", ["-czf", tarball, "-C", join(packages, `of-${version}`), "package"]);
  return tarball;
}

function scap(...args: string[]): Promise<ScapResult> {
  const options = { cwd: checkout.directory, env: { ...lab.env, XDG_CACHE_HOME: packages } };
  return runScap(["install-world", ...args], options);
}

async function must(...args: string[]): Promise<ScapResult> {
  const result = await scap(...args, "--yes");
  expect(result).toMatchObject({ status: 0 });
  return result;
}

const cacheOf = (host: string): string => join(lab.host(host).root, "home/.cache/scap");

/** Versions that are noted on a host. */
function versions(host: string): string[] {
  const names = readdirSync(cacheOf(host)).filter((name) => name.startsWith("version-"));
  return names.map((name) => name.slice("version-".length)).toSorted();
}

const own = (): string[] => versions("web2").filter((version) => version.startsWith("0."));

describe("scap install-world", () => {
  beforeEach(async () => {
    for (const host of HOSTS) rmSync(cacheOf(host), { recursive: true, force: true });
    await must();
  });

  it("installs a version from the directory of packages, beside that of the command", async () => {
    const { stderr } = await must("--version", "8.10.0");
    expect(stderr).toContain("web[1-2] (2): sent deploy-local\n");
    const { stdout } = await scap("--list");
    expect(stdout).toMatch(/^8\.10\.0 +\w{8} +own +0 MB +web\[1-2\] \(2\)$/m);
    expect(HOSTS.map(versions)).toEqual([
      [...own(), "8.10.0"],
      [...own(), "8.10.0"],
    ]);
    expect((await must("--version", "8.10.0")).stderr).not.toContain("sent");
  });

  it("installs from a package that is named, tarball or directory, but not on excluded hosts, which it names (targets W7)", async () => {
    const { stderr } = await must("--from", join(packages, "scap-8.9.0.tgz"), "-x", "web2");
    expect(stderr).toContain("excluded: web2\n");
    await must("--from", join(packages, "of-8.10.0/package"), "--version", "8.10.0", "-l", "web1");
    expect(versions("web1")).toEqual([...own(), "8.10.0", "8.9.0"]);
  });

  it("says in one sentence that a version is not to be had, and how to get it", async () => {
    const { status, stderr } = await scap("--version", "7.0.0", "--yes");
    expect(stderr).toMatch(
      /This command is scap 0\S+, and there is no scap-7\.0\.0\.tgz in \S+ to take scap 7/,
    );
    expect(stderr).toContain(`npm pack scap@7.0.0 --pack-destination ${packages}`);
    expect(status).toBe(2);
    const unset = await scap("-Dscap_packages:", "-v", "../7", "--yes");
    expect(unset.stderr).toContain("scap_packages is not set");
    expect(unset.status).toBe(2);
  });

  it.each([
    [
      "is of another version",
      () => makePackage("8.0.0", { name: "scap", version: "8.0.1" }),
      "it is scap 8.0.1",
    ],
    ["is of something else", () => makePackage("8.1.0", { name: "left-pad", version: "8.1.0" }), "left-pad"],
    ["has an evil version", () => makePackage("8.2.0", { name: "scap", version: "$(id)" }), "$(id)"],
    ["was cut off", () => cut(makePackage("8.3.0")), "tar cannot read it"],
  ])("sends nothing of a package that %s", async (_what, make, reason) => {
    const { status, stderr } = await scap("--from", make(), "--version", "8.0.0", "--yes");
    expect(stderr).toContain("Cannot install scap from");
    expect(stderr).toContain(reason);
    expect(status).toBe(2);
    expect(versions("web1")).toEqual(own());
  });

  it("removes versions by name, and all but the newest", async () => {
    for (const version of ["8.9.0", "8.10.0", "9.0.0-rc.1"]) await must("--version", version);
    const { stderr } = await must("--remove", "8.10.0");
    expect(stderr).toContain("web[1-2] (2): removed 2 files\n");
    expect(versions("web1")).toEqual([...own(), "8.9.0", "9.0.0-rc.1"]);
    await must("--keep", "2");
    expect(versions("web1")).toEqual([...own(), "9.0.0-rc.1"]);
    await must("--keep", "1");
    expect(HOSTS.map(versions)).toEqual([own(), own()]);
    expect((await must("--remove", "8.10")).stderr).toContain("There was nothing to remove.\n");
  });

  it("never removes its own version, nor one that a host runs from", async () => {
    const [version = ""] = own();
    expect((await scap("--remove", version, "--yes")).stderr).toContain("it is not removed");
    expect((await scap("--keep", "0", "--yes")).status).toBe(2);
    await must("--version", "8.9.0");
    const file = readdirSync(cacheOf("web1")).find((name) => !isOwn("web1", name)) ?? "";
    const runs = lab.host("web1").exec(["sh", "-c", "sleep 600; exit", "guard", join(cacheOf("web1"), file)]);
    const commands = async (): Promise<string[]> =>
      (await lab.host("web1").processes()).map(({ command }) => command);
    await expect.poll(commands, { timeout: 20_000 }).toContainEqual(expect.stringContaining(file));
    const { status, stderr } = await scap("--remove", "8.9.0", "--yes");
    expect(stderr).toContain("web1 (1): failed: scap 8.9.0 is in use there and stays\n");
    expect(stderr).toContain("web2 (1): removed 2 files\n");
    expect(status).toBe(1);
    await must("--keep", "1");
    expect(HOSTS.map(versions)).toEqual([[version, "8.9.0"], [version]]);
    await lab.host("web1").kill("sleep 600");
    await runs;
  });

  it("does one thing at a time", async () => {
    const { status, stderr } = await scap("--list", "--keep", "2");
    expect(stderr).toContain("--list and --keep cannot be used together");
    expect(status).toBe(2);
  });
});

function cut(tarball: string): string {
  truncateSync(tarball, 150);
  return tarball;
}

/** Whether a file belongs to the version of the command, which `web2` keeps in any case. */
function isOwn(host: string, name: string): boolean {
  const listed = execFileSync(
    "cat",
    own().map((version) => join(cacheOf(host), `version-${version}`)),
  );
  return name.startsWith("version-") || listed.includes(name);
}
