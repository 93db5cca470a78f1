import { PassThrough } from "node:stream";
import { runCli, type Command } from "@scap/cli";
import { describe, expect, it } from "vitest";
import { messageOf, messageOrAnswer, NO_MESSAGE } from "../src/deploy-message.ts";

type Mode = Parameters<typeof messageOrAnswer>[1]["mode"];

/** What a deployment with these words is about, and what was shown to find it out. */
async function ask(
  words: readonly string[],
  { answer, argv = [], mode = "deploy" }: { answer?: string; argv?: string[]; mode?: Mode } = {},
): Promise<{ message: string; shown: string }> {
  const isTTY = answer !== undefined;
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stdout = Object.assign(new PassThrough(), { isTTY });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  stdin.end(`${answer ?? ""}\n`);
  let message = "";
  const command: Command = {
    name: "deploy",
    summary: "",
    options: [{ name: "yes", type: "flag", summary: "" }],
    handler: async () => async (invocation) => {
      const said = messageOf(words, { isInit: mode === "init" });
      message = await messageOrAnswer(invocation, { message: said, mode });
      return 0;
    },
  };
  const io = { stdin, stdout, stderr, env: {}, cwd: "/" };
  await runCli({ program: "scap", about: "", commands: [command], argv: ["deploy", ...argv], io });
  return { message, shown: `${String(stdout.read() ?? "")}${String(stderr.read() ?? "")}` };
}

describe("the message of a deployment", () => {
  it("is the words, joined by single blanks, and nobody is asked", async () => {
    expect(await ask(["fix", "the  login", "page"], { answer: "no" })).toEqual({
      message: "fix the  login page",
      shown: "",
    });
  });

  it("is asked for at a terminal when there are no words", async () => {
    const { message, shown } = await ask([], { answer: " because " });
    expect(message).toBe("because");
    expect(shown).toContain("Why do you deploy?");
  });

  it.each([[[]], [[NO_MESSAGE]]])("stays the placeholder after an empty answer to %j", async (words) => {
    const { message, shown } = await ask(words, { answer: "" });
    expect(message).toBe("(no justification provided)");
    expect(shown).toContain("Why do you deploy?");
  });

  it("is the placeholder where nobody can be asked, or wants to be (cli W15) (cli W23)", async () => {
    expect(await ask([])).toEqual({ message: NO_MESSAGE, shown: "" });
    expect(await ask([], { answer: "x", argv: ["--yes"] })).toEqual({ message: NO_MESSAGE, shown: "" });
  });

  it("is not asked for where nothing is announced", async () => {
    expect(await ask([], { answer: "x", mode: "init" })).toEqual({
      message: "scap deploy --init mode",
      shown: "",
    });
    expect(await ask([], { answer: "x", mode: "dry-run" })).toEqual({ message: NO_MESSAGE, shown: "" });
  });
});
