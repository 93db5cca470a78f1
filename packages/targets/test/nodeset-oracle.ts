import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

/** What ClusterShell makes of an expression. */
export type NodesetAnswer =
  | { readonly error: string }
  | {
      readonly hosts: readonly string[];
      readonly folded: string;
      readonly count: number;
      readonly parts: readonly string[];
    };

const PYTHON = "/usr/bin/python3";

// Without a directory groups are switched off: "@" must not reach for files of this machine.
const PROGRAM = `
import json, os, sys
from ClusterShell.NodeSet import NodeSet, RESOLVER_NOGROUP
resolver = None if "CLUSTERSHELL_CFGDIR" in os.environ else RESOLVER_NOGROUP
for line in sys.stdin:
    expression, parts = json.loads(line)
    try:
        nodes = NodeSet(expression, resolver=resolver)
        answer = dict(hosts=list(nodes), folded=str(nodes), count=len(nodes),
                      parts=[str(part) for part in nodes.split(parts)] if nodes else [])
    except Exception as error:
        answer = dict(error=str(error))
    print(json.dumps(answer))
`;

/** True where ClusterShell is installed. */
export function hasClusterShell(): boolean {
  return spawnSync(PYTHON, ["-c", "import ClusterShell.NodeSet"]).status === 0;
}

/**
 * Asks one ClusterShell process about many expressions, each with a number of parts to split it into.
 *
 * @param configDirectory - has a `groups.conf`. @defaultValue there are no groups
 */
export async function askNodeset(
  questions: readonly (readonly [string, number])[],
  configDirectory?: string,
): Promise<NodesetAnswer[]> {
  const { CLUSTERSHELL_CFGDIR: _theirs, ...env } = process.env;
  const child = spawn(PYTHON, ["-c", PROGRAM], {
    stdio: ["pipe", "pipe", "inherit"],
    env: configDirectory === undefined ? env : { ...env, CLUSTERSHELL_CFGDIR: configDirectory },
  });
  child.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(""));
  const answers: NodesetAnswer[] = [];
  for await (const line of createInterface({ input: child.stdout })) answers.push(JSON.parse(line));
  return answers;
}
