import { groupFailures, type FailureGroup, type StageHostFinished } from "@scap/events";

/** Failures of the same kind, whose texts may differ in numbers and output. */
export interface FailureKind extends FailureGroup {
  /** How many different texts there are; `failure` has that of most hosts. */
  readonly variants: number;
}

/** Puts failures of the same kind together, the one with the most hosts first. */
export function failureKinds(failures: readonly StageHostFinished[]): FailureKind[] {
  const kinds = new Map<string, FailureKind & { hosts: string[]; variants: number }>();
  // The groups come largest first, so that the first of a kind has the text of most hosts.
  for (const group of groupFailures(failures)) {
    const key = kindOf(group);
    const kind = kinds.get(key);
    if (kind === undefined) {
      kinds.set(key, { ...group, hosts: [...group.hosts], variants: 1 });
    } else {
      kind.hosts.push(...group.hosts);
      kind.variants += 1;
    }
  }
  return [...kinds.values()].toSorted((a, b) => b.hosts.length - a.hosts.length);
}

function kindOf({ failure, hosts: [host = ""], outcome, stage }: FailureGroup): string {
  const message = failure.message
    .replaceAll(host, "<host>")
    .replaceAll(/[0-9a-f]*\d[0-9a-f]*(\.\d+)?/gi, "#");
  return JSON.stringify([stage, outcome, failure.code, message]);
}
