import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import ssh2 from "ssh2";
import { expect, it } from "vitest";
import { bareKey, generateSshKey } from "./ssh-keys.ts";

it("makes keys that ssh2 reads, a thousand of them", () => {
  for (let count = 0; count < 1000; count++) {
    const pair = generateSshKey("x".repeat(count % 9));
    const key = ssh2.utils.parseKey(pair.privateKey);
    if (key instanceof Error) throw key;
    expect(`ssh-ed25519 ${key.getPublicSSH().toString("base64")}`).toBe(bareKey(pair.publicKey));
  }
});

it("makes keys that ssh-keygen reads", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lab-key-"));
  const pair = generateSshKey("web1");
  await writeFile(join(folder, "key"), pair.privateKey, { mode: 0o600 });
  const { stdout } = await execa("ssh-keygen", ["-y", "-f", join(folder, "key")]);
  expect(stdout).toBe(pair.publicKey);
  await rm(folder, { recursive: true });
});
