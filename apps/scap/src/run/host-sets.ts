import { EXIT, UsageError, type Invocation } from "@scap/cli";
import { countHostSet, hostSetOf, membersOf, splitHostSet, writeHostSet, type HostSet } from "@scap/targets";

/** `scap targets expand`. */
export async function runExpand(invocation: Invocation): Promise<number> {
  const hosts = membersOf(setOf(invocation), { maxHosts: invocation.options.integer("max-hosts") });
  invocation.stdout.write(hosts.map((host) => `${host}\n`).join(""));
  return EXIT.ok;
}

/** `scap targets fold`. */
export async function runFold(invocation: Invocation): Promise<number> {
  const given = invocation.words("name");
  const names = given.length > 0 ? given : await readWords(invocation.stdin);
  invocation.stdout.write(`${writeHostSet(hostSetOf(names))}\n`);
  return EXIT.ok;
}

/** `scap targets count`. */
export async function runCount(invocation: Invocation): Promise<number> {
  invocation.stdout.write(`${countHostSet(setOf(invocation))}\n`);
  return EXIT.ok;
}

/** `scap targets split`. */
export async function runSplit(invocation: Invocation): Promise<number> {
  const { options, stdout } = invocation;
  const parts = invocation.word("n") ?? "";
  if (!/^[1-9][0-9]{0,9}$/.test(parts)) {
    throw new UsageError(`The number of parts is 1 or more, not ${JSON.stringify(parts)}`);
  }
  const sets = splitHostSet(Number(parts), setOf(invocation), { maxHosts: options.integer("max-hosts") });
  stdout.write(sets.map((set) => `${writeHostSet(set)}\n`).join(""));
  return EXIT.ok;
}

function setOf(invocation: Invocation): HostSet {
  return hostSetOf(invocation.words("expr"));
}

async function readWords(stdin: Invocation["stdin"]): Promise<string[]> {
  stdin.setEncoding("utf8");
  let text = "";
  for await (const chunk of stdin) text += String(chunk);
  return text.split(/\s+/).filter((name) => name !== "");
}
