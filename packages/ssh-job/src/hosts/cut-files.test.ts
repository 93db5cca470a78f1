import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SshError } from "../errors.ts";
import { parseKnownHosts } from "../host-keys/known-hosts.ts";
import { hostSettings } from "./host-settings.ts";
import { loadSshConfig } from "./ssh-config.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ssh-job-cut-"));
});
afterAll(() => rm(directory, { recursive: true }));

const CONFIG = `# é
IdentityFile "~/.ssh/a b"
Host web1 "é*" !web2
    HostName=%h.example.org
    Port 2201
Match originalhost web* user "al ice"
  ProxyJump bastion:2222,web9
Include DIR/*.conf
Match all
    UserKnownHostsFile /a/known /b/%h
`;

it("an ssh_config that is cut at any byte is read, or refused with file and line", async () => {
  const file = join(directory, "config");
  await writeFile(join(directory, "more.conf"), "Host *\n  User bob\n");
  const whole = Buffer.from(CONFIG.replace("DIR", directory));
  for (let end = 0; end <= whole.length; end += 1) {
    await writeFile(file, whole.subarray(0, end));
    try {
      const { port } = await hostSettings("web1", { agent: false }, await loadSshConfig([file]));
      expect([22, 2, 220, 2201]).toContain(port);
    } catch (error) {
      expect(error).toBeInstanceOf(SshError);
      expect(String(error)).toMatch(/config(?::\d+)?/);
    }
  }
});

const KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIO0zTzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";
const KNOWN_HOSTS = `# é
web1,[web2]:2222 ssh-ed25519 ${KEY} a comment
@revoked *.example.org ssh-ed25519 ${KEY}
|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA= ssh-ed25519 ${KEY}
web?,!web9 ssh-ed25519 ${KEY}\r
`;

it("known hosts that are cut at any byte give no line that the whole does not have", () => {
  const whole = Buffer.from(KNOWN_HOSTS);
  const linesOf = (text: string, name: string): number[] =>
    parseKnownHosts([{ text, file: "known_hosts" }])
      .find(name)
      .map(({ line }) => line);
  for (let end = 0; end <= whole.length; end += 1) {
    const text = whole.subarray(0, end).toString();
    for (const name of ["web1", "[web2]:2222", "a.example.org", "web9"]) {
      const all = linesOf(KNOWN_HOSTS, name);
      expect(all).toEqual(expect.arrayContaining(linesOf(text, name)));
    }
  }
});
