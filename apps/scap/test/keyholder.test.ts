import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig, type Config } from "@scap/config";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installWorld } from "../src/commands/install-world.ts";
import { installKey, keyFile, requireNamedKey } from "../src/keyholder.ts";
import { scap } from "./in-process.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-keyholder-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function configured(...defines: string[]): Promise<Config> {
  return await loadConfig({ cwd: directory, defines });
}

describe("the key for targets", () => {
  it("is the file that keyholder_key names, if it exists", async () => {
    const key = join(directory, "key");
    const config = await configured(`keyholder_key:${key}`);
    expect(await keyFile(config, "deploy")).toBeUndefined();
    writeFileSync(key, "");
    expect(await keyFile(config, "deploy")).toBe(key);
  });

  it("must exist for a deployment that names one (cli W13)", async () => {
    await requireNamedKey(await configured());
    const refused = requireNamedKey(await configured("keyholder_key:no-such_key"));
    await expect(refused).rejects.toMatchObject({
      exitCode: 1,
      message: "keyholder_key is no-such_key, but /etc/keyholder.d/no-such_key does not exist",
    });
  });
});

describe("the key of install_ssh_user", () => {
  it("is its public half in keyholder", async () => {
    writeFileSync(join(directory, "installer.pub"), "");
    expect(await installKey("installer", directory)).toBe(join(directory, "installer.pub"));
  });

  it("must exist before install-world asks anything or reaches a host", async () => {
    writeFileSync(join(directory, "hosts"), "web1\n");
    const { status, stderr } = await scap(
      directory,
      ["install-world", "--yes", "-Dinstall_ssh_user:no_such", `-Dscap_targets:${join(directory, "hosts")}`],
      { commands: [installWorld] },
    );
    expect(stderr).toContain("/etc/keyholder.d/no_such.pub does not exist");
    expect(status).toBe(1);
  });
});
