import { homedir } from "node:os";
import { join } from "node:path";
import { type Invocation, renderTable, UsageError } from "@scap/cli";
import { addKnownHosts, type Transport, type UnknownHostKey, unknownHostKeys } from "@scap/ssh-job";

/**
 * Shows the keys of all hosts that are not on file and, if somebody vouches for them, adds them.
 *
 * @returns whether keys were added, so that new connections are needed
 * @throws UsageError when nobody can be asked
 */
export async function askHostKeys(
  { interrupts, prompt, stderr }: Invocation,
  transport: Transport,
  hosts: readonly string[],
): Promise<boolean> {
  if (!prompt.isInteractive)
    throw new UsageError("--ask-keys needs a terminal: nobody can vouch for keys here");
  const keys = await unknownHostKeys(transport, hosts, interrupts.stop);
  if (keys.length === 0) return false;
  stderr.write(renderTable(keys.map(({ fingerprint, host, keyType }) => [host, keyType, fingerprint])));
  const files = [...new Set(keys.map(fileOf))];
  const question = `Are these the keys of the hosts? Add ${keys.length} to ${files.join(", ")}?`;
  if (!(await prompt.confirm(question, { default: false }))) return false;
  for (const file of files) {
    await addKnownHosts(
      file,
      keys.filter((key) => fileOf(key) === file),
    );
  }
  return true;
}

/** The first file in which the key was looked up is the user's own. */
function fileOf({ files }: UnknownHostKey): string {
  return files[0] ?? join(homedir(), ".ssh/known_hosts");
}
