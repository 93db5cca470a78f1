import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { forAnyShell } from "./any-shell.ts";

const SHELLS = ["dash", "bash", "zsh", "ksh93", "mksh", "fish", "busybox sh", "bash -u", "zsh -u"];

for (const words of SHELLS) {
  const [shell = "", ...options] = words.split(" ");
  const isMissing = ![`/bin/${shell}`, `/usr/bin/${shell}`].some((path) => existsSync(path));
  const note = isMissing ? ` (NOT RUN: needs ${shell})` : "";

  it.skipIf(isMissing && !process.env["CI"])(`${words} runs a script as it is${note}`, () => {
    const script = String.raw`printf '%s\n' "it's" a\\b 'c\\d\' "$#" ; cat; exit 5`;
    const run = (text: string): object => {
      const args = [...options, "-c", forAnyShell(text)];
      const { status, stdout, stderr } = spawnSync(shell, args, { input: "input\n", encoding: "utf8" });
      return { status, stdout, stderr };
    };
    expect(run(script)).toEqual({ status: 5, stdout: "it's\na\\b\nc\\\\d\\\n0\ninput\n", stderr: "" });
    expect(run("if")).not.toMatchObject({ status: 0 });
  });
}
