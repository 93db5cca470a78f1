import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { forAnyShell, inPosixShell } from "./any-shell.ts";

const SHELLS = [
  ...["dash", "bash", "zsh", "ksh93", "mksh", "fish", "busybox sh", "bash -u", "zsh -u"],
  ...["tcsh", "bsd-csh"],
];

// A bash that is the first of its kind reads /etc/bash.bashrc when its input is a socket, as Node's pipes are.
beforeAll(() => vi.stubEnv("SHLVL", "1"));
afterAll(() => vi.unstubAllEnvs());

for (const words of SHELLS) {
  const [shell = "", ...options] = words.split(" ");
  const isMissing = ![`/bin/${shell}`, `/usr/bin/${shell}`].some((path) => existsSync(path));
  const note = isMissing ? ` (NOT RUN: needs ${shell})` : "";

  it.skipIf(isMissing && !process.env["CI"])(`${words} runs a script as it is${note}`, () => {
    const script = String.raw`printf '%s\n' "it's" a\\b 'c\\d\' "$#" a!b "c\!"
      for one in x "y
z"; do printf %s "$one" \
      end; done
      cat; exit 5`;
    const run = (text: string): object => {
      const args = [...options, "-c", forAnyShell(text)];
      const { status, stdout, stderr } = spawnSync(shell, args, { input: "input\n", encoding: "utf8" });
      return { status, stdout, stderr };
    };
    expect(run(script)).toEqual({
      status: 5,
      stdout: "it's\na\\b\nc\\\\d\\\n0\na!b\nc\\!\nxendy\nzendinput\n",
      stderr: "",
    });
    expect(run("if")).not.toMatchObject({ status: 0 });
    // As the process that was started, or nobody could end its group.
    const { pid, stdout } = spawnSync(shell, [...options, "-c", forAnyShell("echo $$")], {
      encoding: "utf8",
    });
    expect(stdout).toBe(`${pid}\n`);
  });

  it.skipIf(isMissing && !process.env["CI"])(`${words} has a POSIX shell run a script${note}`, () => {
    const script = String.raw`set -- $(echo one two); printf '%s\n' "it's" a\\b "$#"; printf '%s' /no*file; cat; exit 5`;
    const args = [...options, "-c", forAnyShell(inPosixShell(script)), "sh-or-not", "argument"];
    const { status, stdout, stderr } = spawnSync(shell, args, { input: "!\n", encoding: "utf8" });
    const said = { status, stdout, stderr };
    expect(said).toEqual({ status: 5, stdout: "it's\na\\b\n2\n/no*file!\n", stderr: "" });
  });
}

it.each([
  ["sh", "in place"],
  ["/bin/sh", "in place"],
  ["bash", "apart"],
])("where the login shell is called %s, a script runs %s", (name, expected) => {
  const script = inPosixShell('[ "$ssh_job_script" ] && echo in place || echo apart; echo $#');
  const stdout = execFileSync("/bin/sh", ["-c", script, name, "argument"], { encoding: "utf8" });
  expect(stdout).toBe(`${expected}\n0\n`);
});

it.each([3_000, 30_000, 60_000])("runs a script of %i bytes as a whole or not at all, in csh", (bytes) => {
  const script = "echo ran; \n".repeat(bytes / 10);
  for (const shell of ["tcsh", "bsd-csh"].filter((name) => existsSync(`/bin/${name}`))) {
    const { status, stdout, stderr } = spawnSync(shell, ["-c", forAnyShell(script)], { encoding: "utf8" });
    expect([shell, stdout.length]).toEqual([shell, status === 0 ? 4 * (bytes / 10) : 0]);
    if (status !== 0) expect([status, stderr]).toEqual([126, expect.stringContaining("too long for csh\n")]);
  }
});
