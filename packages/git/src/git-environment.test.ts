import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { gitEnvironment, REDIRECTING_VARIABLES } from "./git-environment.ts";

describe("the environment of git (git W3)", () => {
  it("has none of the variables that redirect git to another repository, by git's own list", () => {
    const names = execFileSync("git", ["rev-parse", "--local-env-vars"], { encoding: "utf8" })
      .trim()
      .split("\n");
    expect(REDIRECTING_VARIABLES).toEqual(expect.arrayContaining(names));
    const environment = gitEnvironment(Object.fromEntries(names.map((name) => [name, "/elsewhere"])));
    expect(Object.keys(environment).filter((name) => names.includes(name))).toEqual([]);
  });

  it("keeps who commits and how to connect, and lets nobody be asked or paged", () => {
    const own = { GIT_SSH_COMMAND: "ssh -F x", GIT_AUTHOR_NAME: "Dep Loyer", PATH: "/bin" };
    expect(gitEnvironment({ ...own, LC_ALL: "de_DE.UTF-8", GIT_PAGER: "less" })).toEqual({
      ...own,
      LC_ALL: "C",
      GIT_TERMINAL_PROMPT: "0",
      GIT_OPTIONAL_LOCKS: "0",
      GIT_PAGER: "cat",
    });
  });
});
