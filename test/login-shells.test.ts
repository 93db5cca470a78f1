/** Real sshd hosts whose login has another shell than `sh`, and real sudo. */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lab, type LabHost, realLabObstacle, startRealLab } from "@scap/lab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { requireUnderCi } from "./support/require-under-ci.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";

/** Each host is named after the login shell that it has. */
const SHELLS: Readonly<Record<string, string>> = {
  dash: "/bin/dash",
  bash: "/bin/bash",
  zsh: "/usr/bin/zsh",
  ksh93: "/usr/bin/ksh93",
  mksh: "/usr/bin/mksh",
  ash: "/etc/ash",
  fish: "/usr/bin/fish",
  tcsh: "/usr/bin/tcsh",
  csh: "/usr/bin/bsd-csh",
};
const HOSTS = Object.keys(SHELLS).toSorted();
const ALL = HOSTS.join(",");

/** A host where nobody gets a shell, one where sudo wants a password. */
const OTHERS = ["nologin", "guarded"];

const needed = [...Object.values(SHELLS), "/bin/busybox", "/usr/bin/sudo", "/usr/sbin/nologin"];
const missing = needed.filter((path) => path !== SHELLS["ash"] && !existsSync(path));
const obstacle =
  realLabObstacle() ??
  (missing.length === 0
    ? undefined
    : `needs ${missing.join(", ")} (Debian: zsh ksh93u+m mksh fish tcsh csh busybox sudo)`);
requireUnderCi("every login shell", obstacle);

let lab: Lab;
let root: string;

interface Result {
  readonly host: string;
  readonly status: string;
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...argv: string[]): Promise<ScapResult> =>
  runScap(["run", ...argv, "--yes", "--no-progress"], {
    cwd: root,
    env: { ...lab.env, XDG_STATE_HOME: join(root, "state") },
  });

async function results(...argv: string[]): Promise<Record<string, Result>> {
  const { stdout } = await run(...argv, "--json");
  const { results: all } = JSON.parse(stdout) as { results: Result[] };
  return Object.fromEntries(all.map((result) => [result.host, result]));
}

describe.skipIf(obstacle !== undefined)(
  `login shells and sudo${obstacle === undefined ? "" : ` (NOT RUN: ${obstacle})`}`,
  () => {
    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), "scap-shells-"));
      lab = await startRealLab({ hosts: [...HOSTS, ...OTHERS] });
      await Promise.all(lab.hosts.map((host) => prepare(host, lab.user)));
    });
    afterAll(async () => {
      await lab?.close();
      await rm(root, { recursive: true, force: true });
    });

    describe.each(["ssh2", "openssh"])("through %s", (transport) => {
      const via = ["--transport", transport];

      it("a command reaches every shell as it is, with its exit status and both streams", async () => {
        const command = String.raw`printf '%s\n' "it's" 'a\b\\c' {x,y}; echo err >&2; cat; exit 3`;
        const all = await results(ALL, command, ...via);
        for (const shell of HOSTS) {
          const isPlain = ["dash", "ash", "fish", "tcsh", "csh"].includes(shell);
          expect(all[shell]).toMatchObject({
            status: "failed",
            code: 3,
            stdout: `it's\na\\b\\\\c\n${isPlain ? "{x,y}" : "x\ny"}\n`,
            stderr: "err\n",
          });
        }
      });

      it("a command that no shell can read runs nowhere, and the shell's words are kept", async () => {
        const all = await results(ALL, "echo ran >&2; )", ...via);
        for (const shell of HOSTS) {
          expect(all[shell]).toMatchObject({ status: "failed", stdout: "" });
          expect(all[shell]?.stderr).toMatch(/error/);
        }
      });

      it("a signal that ends a command is told", async () => {
        const all = await results(ALL, "kill -9 $$", ...via);
        const signal = transport === "ssh2" ? "SIGKILL" : "unknown signal";
        for (const shell of HOSTS) expect(all[shell]).toMatchObject({ code: null, signal });
      });

      it("a time limit leaves nothing on a host, with sudo and without", async () => {
        const script = join(root, "script");
        await writeFile(script, "#!/bin/sh\nsleep 611 & sleep 612\n");
        const command = "sleep 611 & sleep 612";
        const runs = [[command], [command, "--sudo"], ["--script", script], ["--script", script, "--sudo"]];
        await Promise.all(
          runs.map(async (argv) => {
            const { stderr } = await run(ALL, ...argv, "-t", "5", ...via);
            expect(stderr).toContain(`timed-out: 100.0% (9/9) ${HOSTS.join(",")}\n`);
          }),
        );
        const left = async (): Promise<string[][]> =>
          await Promise.all(HOSTS.map((shell) => running(lab.host(shell), "sleep 61")));
        await expect.poll(left, { timeout: 30_000 }).toEqual(HOSTS.map(() => []));
      });

      it("a host that gives nobody a shell says so", async () => {
        const { status, stdout } = await run("nologin", "true", ...via);
        expect([status, stdout]).toEqual([1, expect.stringContaining("account is currently not available")]);
      });

      it.each([
        ["--sudo", "root\n"],
        ["--sudo=nobody", "nobody\n"],
      ])("%s runs all of a command and a script as that user", async (sudo, user) => {
        const script = join(root, `who${sudo}`);
        await writeFile(script, "#!/bin/sh\nid -un\n");
        const all = await results(ALL, "true && id -un", "--script", script, sudo, ...via, "-m", "async");
        for (const shell of HOSTS) expect(all[shell]).toMatchObject({ status: "ok", stdout: user });
      });

      it("a sudo that wants a password fails at once, and the reason is told", async () => {
        const { status, stdout, stderr } = await run("dash,guarded", "id -un", "--sudo", ...via);
        expect(status).toBe(1);
        expect(stdout).toContain("(1) guarded, exit 1 =====\nsudo: a password is required\n");
        expect(stderr).toMatch(/^sudo wants a password, .* NOPASSWD rule in \/etc\/sudoers on guarded$/m);
      });
    });

    it("a deployment needs no particular shell, nor does going back", async () => {
      const checkout = new Checkout(scapFiles(HOSTS));
      const scap = async (...argv: string[]): Promise<void> => {
        const { status, stderr } = await runScap(argv, { cwd: checkout.directory, env: lab.env });
        if (status !== 0) throw new Error(`${argv.join(" ")} ended with ${status}:\n${stderr}`);
      };
      const deployed = (): string[] =>
        HOSTS.map((shell) => {
          const host = lab.host(shell);
          return readFileSync(host.outside(`${host.deployDir}/test/app/version.txt`), "utf8");
        });
      try {
        await scap("deploy", "--yes", "first");
        checkout.commit({ "version.txt": "2\n" });
        await scap("deploy", "--yes", "second");
        expect(deployed()).toEqual(HOSTS.map(() => "2\n"));
        await scap("status");
        await scap("doctor");
        await scap("rollback", "--yes");
        expect(deployed()).toEqual(HOSTS.map(() => "1\n"));
      } finally {
        checkout.remove();
      }
    });
  },
);

async function prepare(host: LabHost, user: string): Promise<void> {
  const shell = SHELLS[host.name] ?? (host.name === "nologin" ? "/usr/sbin/nologin" : "/bin/sh");
  const rule = host.name === "guarded" ? "ALL" : "NOPASSWD: /bin/sh";
  const script = `
    printf '#!/bin/sh\\nexec /bin/busybox ash "$@"\\n' > /etc/ash
    chmod 755 /etc/ash
    sed -i 's,^\\(${user}:.*\\):[^:]*$,\\1:${shell},' /etc/passwd
    echo '${user} ALL=(ALL) ${rule}' > /etc/sudoers.d/lab`;
  const { exitCode, stderr } = await host.exec(["sh", "-e", "-c", script], { user: "root" });
  expect([exitCode, stderr]).toEqual([0, ""]);
}

async function running(host: LabHost, match: string): Promise<string[]> {
  const processes = await host.processes();
  return processes.map(({ command }) => command).filter((command) => command.includes(match));
}
