import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addKnownHosts,
  createSshPool,
  HostKeyError,
  unknownHostKeys,
  type SshPoolOptions,
} from "../src/index.ts";
import { hasSshd, keygen, type Sshd, sshdNote, startSshd } from "./sshd-fixture.ts";

const run = promisify(execFile);

describe.skipIf(!hasSshd && !process.env["CI"])(`host keys${sshdNote}`, () => {
  let sshd: Sshd;
  let keyLine: string;

  beforeAll(async () => {
    sshd = await startSshd({ names: ["host1", "sha"] });
    keyLine = (await readFile(`${sshd.directory}/host_key.pub`, "utf8")).split(" ").slice(0, 2).join(" ");
  });
  afterAll(async () => await sshd.stop());

  const connectWith = async (knownHosts: string, options: SshPoolOptions = {}): Promise<unknown> => {
    const file = `${sshd.directory}/known_hosts_of_test`;
    await writeFile(file, knownHosts);
    const pool = createSshPool({ ...sshd.poolOptions, knownHostsFiles: [file], ...options });
    try {
      await pool.connect("host1");
      return "connected";
    } catch (error) {
      return error;
    } finally {
      await pool.close();
    }
  };

  it.each([
    ["under host and port", (port: number) => `[host1]:${port} `],
    ["without the port", () => "host1 "],
    ["by a pattern", (port: number) => `[host?]:${port} `],
    ["in a list with a comment behind", (port: number) => `other,[host1]:${port} `],
  ])("accepts a key that is on file %s", async (_name, names) => {
    expect(await connectWith(`${names(sshd.port)}${keyLine}\n`)).toBe("connected");
  });

  it("accepts a key under a hashed name that ssh-keygen has made", async () => {
    const file = `${sshd.directory}/hashed`;
    await writeFile(file, `[host1]:${sshd.port} ${keyLine}\n`);
    await run("ssh-keygen", ["-H", "-f", file]);
    const text = await readFile(file, "utf8");
    expect(text).toMatch(/^\|1\|/);
    expect(await connectWith(text)).toBe("connected");
  });

  it("refuses a changed key with both fingerprints, the file and the line (ssh W11) (query W18)", async () => {
    await keygen(`${sshd.directory}/other`, "ed25519");
    const other = (await readFile(`${sshd.directory}/other.pub`, "utf8")).trim();
    const error = await connectWith(`# a comment\n[host1]:${sshd.port} ${other}\n`);
    const shown = await fingerprintOf(`${sshd.directory}/host_key.pub`);
    const known = await fingerprintOf(`${sshd.directory}/other.pub`);
    expect(error).toBeInstanceOf(HostKeyError);
    expect(error).toMatchObject({
      code: "HOST_KEY_REFUSED",
      host: "host1",
      problem: { kind: "changed", fingerprint: shown, known: { fingerprint: known, line: 2 } },
    });
    const { message, hint } = error as HostKeyError;
    expect(message).toContain(`known_hosts_of_test:2 has ${known}`);
    expect(hint).toContain("replace the line");
  });

  it("refuses a revoked key even if it is also on file as good", async () => {
    const error = await connectWith(`[host1]:${sshd.port} ${keyLine}\n@revoked * ${keyLine}\n`);
    expect(error).toMatchObject({ problem: { kind: "revoked" } });
  });

  it("says what to do about a host that only a certificate authority vouches for", async () => {
    const error = await connectWith(`@cert-authority * ${keyLine}\n`);
    expect(error).toMatchObject({ problem: { kind: "unknown" }, hint: expect.stringContaining("openssh") });
  });

  it("negotiates the key type that is on file when the host has several", async () => {
    await keygen(`${sshd.directory}/rsa_key`, "rsa");
    const both = await startSshd({ config: [`HostKey ${sshd.directory}/rsa_key`] });
    const rsa = (await readFile(`${sshd.directory}/rsa_key.pub`, "utf8")).trim();
    const options = { ...both.poolOptions };
    expect(
      await connectWith(`[host1]:${both.port} ${rsa}\n`, {
        ...options,
        knownHostsFiles: [`${sshd.directory}/known_hosts_of_test`],
      }),
    ).toBe("connected");
    await both.stop();
  });

  it("are collected where unknown, to be asked about once, and added to a file", async () => {
    const hosts = ["new1", "new2", "host1"];
    const file = `${sshd.directory}/vouched/known_hosts`;
    const files = [sshd.knownHostsFile, file];
    const pool = createSshPool({ ...sshd.poolOptions, knownHostsFiles: files });
    const unknown = await unknownHostKeys(pool, hosts);
    await pool.close();
    const shown = await fingerprintOf(`${sshd.directory}/host_key.pub`);
    expect(unknown).toMatchObject([
      { host: "new1", fingerprint: shown },
      { host: "new2", fingerprint: shown },
    ]);
    await addKnownHosts(file, unknown);
    const again = createSshPool({ ...sshd.poolOptions, knownHostsFiles: files });
    expect(await unknownHostKeys(again, hosts)).toEqual([]);
    await again.close();
  });

  it("notices a key that changes between two runs", async () => {
    const pool = createSshPool(sshd.poolOptions);
    await pool.connect("sha");
    await pool.close();
    await sshd.changeHostKey();
    const again = createSshPool(sshd.poolOptions);
    await expect(again.connect("sha")).rejects.toMatchObject({ problem: { kind: "changed" } });
    await again.close();
  });
});

async function fingerprintOf(file: string): Promise<string> {
  const { stdout } = await run("ssh-keygen", ["-l", "-f", file]);
  return stdout.split(" ")[1] ?? "";
}
