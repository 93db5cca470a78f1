import { allOptions, parseArguments, type Command } from "@scap/cli";
import { describe, expect, test } from "vitest";

import { COMMANDS } from "../src/commands/index.ts";

interface Leaf {
  readonly path: string;
  readonly command: Command;
}

function leaves(commands: readonly Command[], parent: string): Leaf[] {
  return commands.flatMap((command) => {
    const path = `${parent} ${command.name}`;
    const own = command.handler === undefined ? [] : [{ path, command }];
    return [...own, ...leaves(command.commands ?? [], path)];
  });
}

/** The words of an example up to a pipe or a redirection. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  const end = words.findIndex((word) => /^(?:[|<>]|&&)/.test(word));
  return words
    .slice(0, end === -1 ? undefined : end)
    .map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));
}

const all = leaves(COMMANDS, "scap");

describe.each(all)("$path", ({ path, command }) => {
  test("shows two examples that it understands", () => {
    const examples = command.examples ?? [];
    expect(examples.length).toBeGreaterThanOrEqual(2);
    const own = examples
      .map((example) => wordsOf(example.command).join(" "))
      .filter((line) => line.startsWith(path));
    expect(own.length).toBeGreaterThan(0);
    for (const example of examples) {
      const words = wordsOf(example.command);
      if (words.join(" ").startsWith(path)) parseArguments(command, words.slice(path.split(" ").length));
    }
  });

  test("understands every global option, and its short form unless it has its own use for it (cli W1)", () => {
    const names = allOptions(command).map(({ name }) => name);
    for (const name of ["conf", "define", "environment", "verbose", "no-log-message", "help"])
      expect(names).toContain(name);
    const shorts = allOptions(command).flatMap(({ short }) => short ?? []);
    expect(shorts.length).toBe(new Set(shorts).size);
    for (const short of "cDevh") expect(shorts).toContain(short);
  });

  test("has a summary of one line, and a line for every option", () => {
    const lines = [command.summary, ...(command.options ?? []).map(({ summary }) => summary)];
    for (const line of lines) expect(line).toMatch(/^\S(?:.*[^\s.])?$/);
  });
});

test("commands have names of their own", () => {
  const names = COMMANDS.map(({ name }) => name);
  expect(names.length).toBe(new Set(names).size);
});
