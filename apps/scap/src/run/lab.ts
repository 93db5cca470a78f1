import { EXIT, renderTable, UsageError, type Invocation } from "@scap/cli";
import { labDown, labList, labShell, labUp } from "@scap/lab";
import { foldHosts } from "@scap/targets";
import { countText } from "../count-text.ts";

export async function runLabUp({ options, stderr, stdout, word }: Invocation): Promise<number> {
  const count = Number(word("count"));
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`scap lab up: ${word("count")} is no number of hosts`);
  const kind = options.flag("real") ? "real" : "embedded";
  const lab = await labUp({ hosts: count, kind });
  const hosts = foldHosts(lab.hosts.map(({ name }) => name));
  // Where a shell takes the lines by eval, nobody sees them.
  const isSeen = stdout.isTTY === true;
  stderr.write(`${countText(count, `${kind} host`)} ${count === 1 ? "is" : "are"} up.`);
  stderr.write(isSeen ? " To use them in this shell:\n\n" : "\n");
  for (const [name, value] of Object.entries(lab.env)) stdout.write(`export ${name}=${quote(value)}\n`);
  if (isSeen) stderr.write("\n");
  stderr.write(`Deploy to ${hosts} from any checkout; 'scap lab shell web1' looks around on a host.\n`);
  return EXIT.ok;
}

export async function runLabDown({ stderr }: Invocation): Promise<number> {
  const wasUp = await labDown();
  stderr.write(wasUp ? "The lab is down and removed.\n" : "There is no lab.\n");
  return EXIT.ok;
}

export async function runLabList({ options, stderr, stdout }: Invocation): Promise<number> {
  const lab = await labList();
  if (options.flag("json")) {
    stdout.write(`${JSON.stringify(lab ?? { hosts: [] })}\n`);
    return EXIT.ok;
  }
  if (lab === undefined) {
    stderr.write("There is no lab. Start one with 'scap lab up 3'.\n");
    return EXIT.ok;
  }
  const rows = lab.hosts.map(({ address, name, port, root }) => [name, `${address}:${port}`, root]);
  stdout.write(renderTable([["HOST", "ADDRESS", "FILES"], ...rows]));
  return EXIT.ok;
}

export async function runLabShell({ word, words }: Invocation): Promise<number> {
  return labShell({ host: word("host") ?? "", command: words("command") });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
