import { createInterface } from "node:readline/promises";
import { EXIT, UsageError, type Invocation } from "@scap/cli";
import { visibleText, wantsColour } from "@scap/log";
import { speechBox } from "../speech-box.ts";

const JOKES = [
  "There are two hard things: cache invalidation, naming, and counting.",
  "It works on my machine. So we deployed my machine.",
  "A canary walks into a mine. The deployment stops.",
  "Friday is a state of mind, and so is the rollback.",
];

/** `scap say`. */
export async function runSay(invocation: Invocation): Promise<number> {
  const { env, options, stderr, stdout } = invocation;
  const given = invocation.words("propaganda");
  const lines = (given.length > 0 ? given : await linesOfInput(invocation)).map((line) => visibleText(line));
  const box = speechBox({
    lines,
    isWrapped: !options.flag("no-wrap"),
    width: options.integer("width") ?? Math.min(50, Number(env["COLUMNS"]) || 50),
    eyes: eyesOf(options.string("eyes")),
  });
  const hasColour = options.flag("color") || (stdout.isTTY === true && wantsColour(stderr, env));
  stdout.write(hasColour ? `\u001b[36m${box}\u001b[0m` : box);
  return EXIT.ok;
}

async function linesOfInput({ stdin }: Invocation): Promise<string[]> {
  const lines: string[] = [];
  if (stdin.isTTY !== true) for await (const line of createInterface({ input: stdin })) lines.push(line);
  return lines.length > 0 ? lines : [JOKES[Math.floor(Math.random() * JOKES.length)] ?? ""];
}

function eyesOf(text: string | undefined): string {
  if (text === undefined) return "oo";
  if (Array.from(text).length === 2) return visibleText(text);
  throw new UsageError(`--eyes needs two characters, not ${JSON.stringify(text)}`);
}
