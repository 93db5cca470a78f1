import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lab, startEmbeddedLab } from "@scap/lab";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Outcome, type RunWorld, scapRun } from "./scap-run.ts";

const MEBIBYTE = 1024 * 1024;
const ESCAPES = String.raw`printf '\033[2J\033]0;owned\007\rfake\302\233\n'`;

let lab: Lab;
let root: string;
let env: Record<string, string>;
const servers: Server[] = [];
const addresses: string[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-bad-hosts-"));
  lab = await startEmbeddedLab({ hosts: 3 });
  await lab.host("web2").exec(["touch", "victim"]);
  await misbehave("silent", () => undefined);
  await misbehave("garbage", (socket) => socket.end(Buffer.alloc(100_000, 0xfe)));
  await misbehave("page", (socket) => socket.end("HTTP/1.1 400 \u001b[31mBad Request\r\n\r\n"));
  await misbehave("flood", flood);
  await misbehave("cut", (socket) => socket.end("SSH-2.0-Half a li"));
  await misbehave("hangup", (socket) => socket.destroy());
  await writeFile(join(root, "ssh_config"), `Include ${lab.sshConfigFile}\n${addresses.join("")}`);
  env = { ...lab.env, SCAP_SSH_CONFIG: join(root, "ssh_config") };
});
afterAll(async () => {
  for (const server of servers) server.close();
  await lab.close();
  await rm(root, { recursive: true });
});

async function misbehave(name: string, behaviour: (socket: Socket) => void): Promise<void> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    behaviour(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  servers.push(server);
  addresses.push(`Host ${name}\n  HostName 127.0.0.1\n  Port ${port}\n`);
}

/** A gibibyte, unless the client hangs up. */
function flood(socket: Socket): void {
  const chunk = Buffer.alloc(65_536, "x");
  let left = (1024 * MEBIBYTE) / chunk.length;
  const write = (): void => {
    while (left-- > 0 && !socket.destroyed) {
      if (!socket.write(chunk)) return void socket.once("drain", write);
    }
  };
  write();
}

const run = (...argv: string[]): Promise<Outcome> => runAt({}, ...argv);
const runAt = (world: Partial<RunWorld>, ...argv: string[]): Promise<Outcome> =>
  scapRun({ cwd: root, env, ...world }, ...argv, "--yes", "-D", "connect_timeout:1.5");

interface ShownResult {
  readonly host: string;
  readonly status: string;
  readonly stdout: string;
  readonly error?: { readonly code: string; readonly message: string };
}

function resultsOf({ stdout }: Outcome): Map<string, ShownResult> {
  const { results } = JSON.parse(stdout) as { readonly results: readonly ShownResult[] };
  return new Map(results.map((result) => [result.host, result]));
}

test("hosts that are no SSH servers are unreachable, each with its reason, and the others are undisturbed", async () => {
  const before = process.memoryUsage().rss;
  const outcome = await run("web[1-3],silent,garbage,page,flood,cut,hangup", "echo fine", "--json");
  const results = resultsOf(outcome);
  expect(outcome.status).toBe(1);
  for (const host of ["web1", "web2", "web3"]) {
    expect(results.get(host)).toMatchObject({ status: "ok", stdout: "fine\n" });
  }
  const words = {
    silent: /no complete SSH handshake within 1\.5 s/,
    garbage: /Cannot connect to garbage \(127\.0\.0\.1 port \d+\)/,
    page: /speaks no SSH: "HTTP\/1\.1 400 \S+Bad Request"/,
    flood: /Cannot connect to flood/,
    cut: /Cannot connect to cut/,
    hangup: /Cannot connect to hangup/,
  };
  for (const [host, message] of Object.entries(words)) {
    expect(results.get(host)).toMatchObject({ status: "unreachable" });
    expect(results.get(host)?.error?.message).toMatch(message);
  }
  expect(outcome.stderr).toContain("unreachable: 66.7% (6/9) cut,flood,garbage,hangup,page,silent");
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * MEBIBYTE);
});

test.each([[[]], [["--stream"]], [["--group-by", "exit"]]])(
  "escape sequences of hosts never reach a terminal raw, with %j (ssh W16)",
  async (options) => {
    const { stdout, stderr } = await runAt({ isTerminal: true }, "web1,page", ESCAPES, ...options);
    // The progress line itself returns to its beginning, and failed work rings the bell in the end.
    const shown = stderr.replaceAll("\r", "").replace(/\u0007$/, "");
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  },
);

test("escape sequences are kept in files and pipes", async () => {
  const { stdout } = await run("web1", ESCAPES);
  expect(stdout).toContain("\u001b[2J\u001b]0;owned\u0007\rfake\u009b\n");
});

test("a character that is cut between two reads arrives whole in a stream", async () => {
  const { stdout } = await run("web1", String.raw`printf 'a\303'; sleep 0.2; printf '\251\n'`, "--stream");
  expect(stdout).toBe("web1: aé\n");
});

test("a line without end is printed in pieces, in bounded memory", async () => {
  const before = process.memoryUsage().rss;
  const { stdout } = await run("web1", "head -c 30000000 /dev/zero | tr '\\0' x", "--stream");
  expect(stdout.replaceAll(/web1: |\n/g, "")).toHaveLength(30_000_000);
  expect(stdout.split("\n").length).toBeGreaterThan(100);
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * MEBIBYTE);
});

test("a host that closes in the middle of a line is lost, with what it said", async () => {
  let killed: Promise<void> | undefined;
  // What a server has still to send when it is killed is lost with it: only what has arrived can be asked for.
  const onPrint = (text: string): void => {
    if (text.includes("web2: a line")) killed = lab.host("web2").killServer();
  };
  const command = "printf 'a line\\nhalf a li'; test ! -e victim || exec sleep 287";
  const { stdout, stderr } = await runAt({ onPrint }, "web[1-2]", command, "--stream");
  await killed;
  await lab.host("web2").startServer();
  expect(stdout.split("\n").toSorted()).toEqual([
    "",
    "web1: a line",
    "web1: half a li",
    "web2: a line",
    "web2: half a li",
  ]);
  expect(stderr).toMatch(/lost.*web2/);
});

test("a host whose key has changed is refused with both fingerprints and what to do, the others are undisturbed (ssh W11) (query W18)", async () => {
  const known = await readFile(lab.knownHostsFile, "utf8");
  const keyOf = (name: string): string =>
    known
      .split("\n")
      .find((line) => line.startsWith(name))
      ?.split(" ")
      .slice(1)
      .join(" ") ?? "";
  const changed = known.replaceAll(keyOf("web1"), keyOf("web2"));
  const file = join(root, "changed");
  await writeFile(file, changed);
  const config = await readFile(lab.sshConfigFile, "utf8");
  await writeFile(join(root, "changed_config"), config.replaceAll(lab.knownHostsFile, file));
  const first = await run("web[1-3]", "true", "--json");
  expect(first.status).toBe(0);
  const second = await runAt(
    { env: { ...env, SCAP_SSH_CONFIG: join(root, "changed_config") } },
    ...["web[1-3]", "true"],
  );
  expect(second.status).toBe(1);
  expect(second.stderr).toContain("refused-key: 33.3% (1/3) web1");
  expect(second.stdout).toMatch(/\(1\) web1, refused-key =====\n.*web1.*SHA256:\S+.*SHA256:\S+/);
});

test.each(["ssh2", "openssh"])(
  "%s: keys that are not on file are shown, asked about once, and added",
  async (transport) => {
    const own = join(root, `known_hosts_${transport}`);
    const known = (await readFile(lab.knownHostsFile, "utf8")).split("\n");
    await writeFile(own, known.filter((line) => line.startsWith("web1")).join("\n") + "\n");
    const config = await readFile(lab.sshConfigFile, "utf8");
    const file = join(root, `config_${transport}`);
    await writeFile(file, config.replaceAll(lab.knownHostsFile, own));
    const world = { env: { ...env, SCAP_SSH_CONFIG: file } };
    const ask = (...answers: string[]): Promise<Outcome> =>
      runAt(
        { ...world, answers },
        ...["web[1-3]", "echo in", "--ask-keys", "--no-progress", "--transport", transport],
      );
    const refused = await ask("n");
    expect(refused.stderr.match(/web[1-3] +ssh-ed25519 +SHA256:\S{43}/g)).toHaveLength(2);
    expect(refused.stderr).toContain(`Add 2 to ${own}?`);
    expect(refused.stdout).toMatch(
      /\(2\) web\[2-3\], refused-key =====\n.*he host key of web2.*\n.*he host key of web3.*\nCompare the fingerprint /,
    );
    expect(refused.status).toBe(1);
    expect(await ask("y")).toMatchObject({ status: 0, stdout: "===== (3) web[1-3] =====\nin\n" });
    expect(await runAt(world, "web[1-3]", "true")).toMatchObject({ status: 0 });
    expect(await runAt(world, "web1", "true", "--ask-keys")).toMatchObject({ status: 2 });
  },
);

test("Ctrl-C while the keys of hosts are looked at ends the run", async () => {
  const onPrint = (text: string): void => {
    if (text.includes("echo in")) process.emit("SIGINT", "SIGINT");
  };
  const world = { answers: [], onPrint };
  const { status, stderr } = await runAt(world, "web1,silent", "echo in", "--ask-keys", "--no-progress");
  expect(stderr).toContain("scap: Stopped by SIGINT\n");
  expect(status).toBe(130);
});

test.each([
  ["web[1-100001]", "at most 100000"],
  ["web[1-", "column"],
  ["web[3-1]", "counts down"],
  ["web[01-3]", "differ in width"],
  ["web 1", "column"],
  ["web\u001b[31m", "column"],
  ["web\n1", "column"],
])("%j is wrong usage, and nothing is run", async (hosts, words) => {
  const { status, stdout, stderr } = await run(hosts, "true");
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(words);
  expect(stderr).not.toContain("\u001b");
});

test("a name that looks like an option is never passed to ssh (ssh W10)", async () => {
  for (const transport of ["ssh2", "openssh"]) {
    const marker = join(root, "touched");
    const argv = [`--transport=${transport}`, "--yes", "--", `-oProxyCommand=touch ${marker}`, "true"];
    const { status } = await scapRun({ cwd: root, env }, ...argv);
    expect(status).toBe(2);
    await expect(readFile(marker)).rejects.toThrow("ENOENT");
  }
});

test("a missing key and a key that is not accepted are named", async () => {
  const config = await readFile(lab.sshConfigFile, "utf8");
  const withKey = async (path: string): Promise<Outcome> => {
    const file = join(root, "other_key_config");
    await writeFile(file, config.replace(lab.identityFile, path));
    return await runAt({ env: { ...env, SCAP_SSH_CONFIG: file } }, "web[1-3]", "true");
  };
  const missing = await withKey(join(root, "nope"));
  expect(missing.stdout).toMatch(
    /\(3\) web\[1-3\], unreachable =====\nThere is no key to log in to web1 with \(not used: Cannot use the key \S+\/nope: there is no such file\)/,
  );
  const wrong = join(root, "wrong");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", wrong]);
  const refused = await withKey(wrong);
  expect(refused.stdout).toMatch(/web1 accepts none of the keys for user \S+: tried \S+\/wrong/);
  expect([missing.status, refused.status]).toEqual([1, 1]);
});

test("an agent that does not answer is named", async () => {
  const config = await readFile(lab.sshConfigFile, "utf8");
  const file = join(root, "agent_config");
  const agent = join(root, "agent");
  await writeFile(
    file,
    config.replace("IdentityAgent none", `IdentityAgent ${agent}`).replace(/IdentityFile .*/, ""),
  );
  const home = process.env["HOME"];
  process.env["HOME"] = root;
  const { status, stdout } = await runAt({ env: { ...env, SCAP_SSH_CONFIG: file } }, "web1", "true");
  process.env["HOME"] = home;
  expect(status).toBe(1);
  expect(stdout).toContain(`There is no key to log in to web1 with (not used: no agent answers at ${agent})`);
});
