import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createSshPool } from "../src/index.ts";
import { hostSettings } from "../src/hosts/host-settings.ts";
import { loadSshConfig } from "../src/hosts/ssh-config.ts";
import { hasSshd, keygen, sshdNote } from "./sshd-fixture.ts";

const run = promisify(execFile);

const CONFIG = `
# comment
IdentityFile ~/.ssh/first_%r
Host web1 web2
    HostName %h.example.org
    Port=2201
    User "alice"
Host *.example.org !db.example.org
    User bob
    IdentityFile /keys/%h-%p
  ProxyJump bastion.example.net:2222
Match originalhost db* user carol
    Port 2203
Match host web1.example.org exec "test %n = web1"
    UserKnownHostsFile /a/known /b/known2
Match !host web* exec "false"
    Port 9
Include DIR/more_*.conf
Host *
    user   dave
    Port 2299
    HostKeyAlias "key of %n"
Match final host web2.example.org
    ProxyJump final.example.org
`;

describe.skipIf(!hasSshd && !process.env["CI"])(`ssh_config files${sshdNote}`, () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "ssh-job-config-"));
    await writeFile(join(directory, "config"), CONFIG.replace("DIR", directory));
    await writeFile(join(directory, "more_1.conf"), "Host inc*\n  Port 2301\n  User erin\n");
    await writeFile(join(directory, "more_2.conf"), "Host include2\n  IdentityFile /more/2\n");
  });
  afterAll(async () => await rm(directory, { recursive: true }));

  it.each(["web1", "web2", "a.example.org", "db.example.org", "db7", "include1", "include2", "other"])(
    "are read for %s as ssh -G reads them",
    async (host) => {
      const file = join(directory, "config");
      const settings = await hostSettings(host, { agent: false }, await loadSshConfig([file]));
      const { stdout } = await run("ssh", ["-G", "-F", file, host]);
      const ssh = (key: string): string[] =>
        [...stdout.matchAll(new RegExp(`^${key} (.*)$`, "gm"))].map((match) => match[1] ?? "");
      expect({
        address: settings.address,
        port: String(settings.port),
        user: settings.user,
        jumpHost: settings.jumpHost?.replace(/:22$/, ""),
        userFiles: settings.knownHostsFiles.filter((each) => !each.startsWith("/etc")).join(" "),
      }).toEqual({
        address: ssh("hostname")[0],
        port: ssh("port")[0],
        user: ssh("user")[0],
        jumpHost: ssh("proxyjump")[0],
        userFiles: ssh("userknownhostsfile")[0],
      });
    },
  );

  it("expand the tokens of key files", async () => {
    const config = await loadSshConfig([join(directory, "config")]);
    const settings = await hostSettings("a.example.org", { agent: false }, config);
    expect(settings.identityFiles).toEqual([
      expect.stringMatching(/\/\.ssh\/first_bob$/),
      "/keys/a.example.org-2299",
    ]);
  });

  it("hash the connection as ssh does", async () => {
    const file = join(directory, "hashed");
    await writeFile(file, "UserKnownHostsFile /k/%C\n");
    const settings = await hostSettings("web1", { agent: false }, await loadSshConfig([file]));
    const { stdout } = await run("ssh", ["-G", "-F", file, "web1"]);
    expect(stdout).toContain(`userknownhostsfile ${settings.knownHostsFiles[0]}\n`);
  });

  it("have tokens in ProxyJump", async () => {
    const file = join(directory, "jumping");
    await writeFile(file, "ProxyJump %r@gate-%h:%p\nUser alice\n");
    const { jumpHost } = await hostSettings("web1", {}, await loadSshConfig([file]));
    expect(jumpHost).toBe("alice@gate-web1:22");
  });

  it("whose jump hosts lead in a circle are refused instead of waited for", async () => {
    const file = join(directory, "circle");
    await writeFile(file, "Host b\n  ProxyJump a\nHost *\n  ProxyJump b\n");
    await keygen(join(directory, "id"), "ed25519");
    const identityFiles = [join(directory, "id")];
    const pool = createSshPool({ sshConfigFile: file, agent: false, identityFiles });
    const reasons = await Promise.allSettled(["web1", "web2", "a", "b"].map((host) => pool.connect(host)));
    await pool.close();
    expect(reasons.map((each) => each.status === "rejected" && String(each.reason.message))).toEqual([
      expect.stringContaining("Jump hosts lead in a circle: b -> a -> b"),
      expect.stringContaining("Jump hosts lead in a circle: b -> a -> b"),
      expect.stringContaining("Jump hosts lead in a circle: b -> a -> b"),
      expect.stringContaining("Jump hosts lead in a circle: a -> b -> a"),
    ]);
  });

  it("ask the shell that SHELL names, and say so when it is not there", async () => {
    const file = join(directory, "asking");
    await writeFile(file, 'Match exec "true"\n  User alice\n');
    vi.stubEnv("SHELL", "/nowhere/sh");
    try {
      const reading = hostSettings("web1", {}, await loadSshConfig([file]));
      await expect(reading).rejects.toMatchObject({
        code: "BAD_SSH_CONFIG",
        message: "ssh_config: Match exec cannot run its command: spawn /nowhere/sh ENOENT (host web1)",
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("must be there when they are named", async () => {
    const reading = loadSshConfig([join(directory, "nope")]);
    await expect(reading).rejects.toThrow(/Cannot read the ssh configuration .*nope: ENOENT/);
    await expect(loadSshConfig([join(directory, "nope")], { mayBeMissing: true })).resolves.toBeDefined();
  });

  it.each([
    "User alice bob",
    "Port 0",
    "Port 65536",
    "IdentitiesOnly perhaps",
    'HostName ""',
    "User 'open",
    "Include DIR/lo*",
    "Match host",
  ])("are refused as ssh refuses them when they say %j", async (text) => {
    const file = join(directory, "loop");
    await writeFile(file, `\n${text.replace("DIR", directory)}\n`);
    const read = async (): Promise<unknown> => await hostSettings("h", {}, await loadSshConfig([file]));
    await expect(read()).rejects.toMatchObject({ code: "BAD_SSH_CONFIG" });
    await expect(run("ssh", ["-G", "-F", file, "h"])).rejects.toMatchObject({ code: 255 });
  });

  it.each([
    ["Host", ":1: Host has no value"],
    ['User "open', ":1: a quote is not closed"],
    ["Port many", `:1: Port cannot be "many"`],
    ["ProxyCommand nc %h %p", "ProxyCommand"],
    ["Match weather sunny", "Match weather"],
    ["IdentityFile /%Z", "%Z"],
    ["Include DIR/loop", "includes itself"],
  ])("are refused with the reason when they say %j", async (text, words) => {
    const file = join(directory, "loop");
    await writeFile(file, `${text.replace("DIR", directory)}\n`);
    const read = async (): Promise<unknown> =>
      await hostSettings("h", { agent: false }, await loadSshConfig([file]));
    await expect(read()).rejects.toMatchObject({
      code: "BAD_SSH_CONFIG",
      message: expect.stringContaining(words),
    });
  });
});
