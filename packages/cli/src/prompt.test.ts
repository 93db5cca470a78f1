import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createPrompter } from "./prompt.ts";

function prompter(answers: string, isInteractive = true) {
  const input = new PassThrough();
  const output = new PassThrough();
  input.end(answers);
  return {
    prompt: createPrompter({ input, output, isInteractive }),
    shown: () => String(output.read() ?? ""),
  };
}

describe("a prompter", () => {
  it.each([
    [true, "Go? [Y/n]: "],
    [false, "Go? [y/N]: "],
    [undefined, "Go? [y/n]: "],
  ])("shows which answer is the default (%s)", async (fallback, text) => {
    const { prompt, shown } = prompter("y\n");
    expect(await prompt.confirm("Go?", fallback === undefined ? {} : { default: fallback })).toBe(true);
    expect(shown()).toBe(text);
  });

  it("answers questions that have a default by itself when nobody can be asked", async () => {
    const { prompt, shown } = prompter("", false);
    expect(await prompt.confirm("Go?", { default: true })).toBe(true);
    expect(await prompt.confirm("Go?", { default: false })).toBe(false);
    expect(await prompt.choose("Which?", [{ key: "a", label: "A" }], { default: "a" })).toBe("a");
    expect(await prompt.ask("Why?")).toBe("");
    expect(shown()).toBe("");
  });

  it("fails when nobody can be asked and there is no default", async () => {
    await expect(prompter("", false).prompt.confirm("Go?")).rejects.toThrow(/Input ended/);
  });

  it("shows the last paragraph of a question below its choices", async () => {
    const { prompt, shown } = prompter("x\n");
    const choices = [
      { key: "r", label: "Retry" },
      { key: "x", label: "Exit" },
    ];
    await prompt.choose("L1\nL2\n\nWhat next?", choices, { default: "x" });
    expect(shown()).toBe("L1\nL2\n\n[r] Retry\n\u001b[1m[x] Exit\u001b[0m\nWhat next? (default: [x]): ");
  });
});

it("asks again until the answer is valid, one line of input an answer (A7)", async () => {
  const { prompt, shown } = prompter("b\n\na\n");
  expect(await prompt.choose("Which?", [{ key: "a", label: "A" }])).toBe("a");
  expect(shown().match(/Which\?/g)).toHaveLength(3);
});

it("gives up a question when the user stops the program", async () => {
  const stop = new AbortController();
  const prompt = createPrompter({
    input: new PassThrough(),
    output: new PassThrough(),
    isInteractive: true,
    signals: [stop.signal],
  });
  const answer = prompt.confirm("Go?");
  stop.abort();
  await expect(answer).rejects.toMatchObject({ code: "INTERRUPTED", exitCode: 130 });
});

describe("a question for a secret", () => {
  const secret = (typed: string): Promise<string> => {
    const modes: boolean[] = [];
    const input = Object.assign(new PassThrough(), {
      isTTY: true,
      setRawMode: (isRaw: boolean) => modes.push(isRaw),
    });
    const output = new PassThrough();
    const prompt = createPrompter({ input, output, isInteractive: true });
    input.write(typed);
    return prompt.secret("Passphrase").finally(() => {
      expect(modes).toEqual([true, false]);
      expect(String(output.read())).toBe("Passphrase: \n");
    });
  };

  it.each([
    ["open sesame\r", "open sesame"],
    ["wrong\u0015right\r", "right"],
    ["ü\u007f\u007fab\bc\n", "ac"],
  ])("reads %j without showing it", async (typed, line) => {
    expect(await secret(typed)).toBe(line);
  });

  it("ends with Ctrl-C and Ctrl-D", async () => {
    await expect(secret("half\u0003")).rejects.toMatchObject({ code: "INTERRUPTED", exitCode: 130 });
    await expect(secret("half\u0004")).rejects.toMatchObject({ code: "NO_ANSWER" });
  });
});
