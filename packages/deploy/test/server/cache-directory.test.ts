import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { expect, it } from "vitest";
import { CACHE_DIRECTORY } from "../../src/server/delivery/cache-directory.ts";

const SHELLS = ["/bin/sh", "/bin/bash", "/bin/busybox"].filter((path) => existsSync(path));
const own = `${userInfo().homedir}/.cache/scap`;

function directory(shell: string, env: Readonly<Record<string, string>>): string {
  const args = [...(shell.endsWith("busybox") ? ["sh"] : []), "-ec", `${CACHE_DIRECTORY}\necho "$dir"`];
  return execFileSync(shell, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: "/usr/bin:/bin", ...env },
  }).trimEnd();
}

it.each(SHELLS)("%s finds the ssh user's cache whatever the login says about the home", (shell) => {
  expect(directory(shell, { HOME: tmpdir() })).toBe(`${tmpdir()}/.cache/scap`);
  expect(directory(shell, {})).toBe(own);
  expect(directory(shell, { HOME: "" })).toBe(own);
  expect(directory(shell, { HOME: "/nonexistent/home" })).toBe(own);
  expect(directory(shell, { XDG_CACHE_HOME: "/x/it's $(here)" })).toBe("/x/it's $(here)/scap");
  // The base directory specification has relative ones ignored.
  expect(directory(shell, { HOME: tmpdir(), XDG_CACHE_HOME: "cache" })).toBe(`${tmpdir()}/.cache/scap`);
});
