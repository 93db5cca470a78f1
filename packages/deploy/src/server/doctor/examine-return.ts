import { limitTo, type HostFinding } from "./finding.ts";
import type { HostFacts, RevisionToGoBackTo } from "./host-facts.ts";

/** Whether the host could go back, should the deployment fail. */
export function examineReturn({ back, current, done, lost }: HostFacts): HostFinding[] {
  const found: HostFinding[] = [];
  if (lost !== null) {
    const cause = "the link .done is lost, which names the revision to go back to";
    found.push({ ...broken("PREVIOUS_UNKNOWN", cause), detail: `${short(lost)} was finalized last` });
  }
  if (current !== null && current !== done) {
    found.push({
      level: "note",
      code: "NOT_FINALIZED",
      cause: `${short(current)} is live, but its deployment was never finished`,
    });
  }
  if (back === undefined) {
    const cause = current === null ? "nothing is deployed yet" : "there is no other revision";
    return [
      ...found,
      { level: "note", code: "NO_PREVIOUS", cause: `${cause}, so there is none to go back to` },
    ];
  }
  return [...found, ...flawsOf(back)];
}

const FLAW_WORDS: Readonly<Record<string, string>> = {
  objects: "objects of its repository are lost",
  index: "git cannot read its index",
  head: "its HEAD names another commit",
  unfinished: "its files are not those of the commit",
};

function flawsOf({
  commit,
  configFlaws,
  flaws,
  gone,
  isMissing,
  isRendered,
}: RevisionToGoBackTo): HostFinding[] {
  const name = `the revision to go back to (${short(commit)})`;
  if (isMissing) return [broken("PREVIOUS_MISSING", `${name} is not there`)];
  const incomplete = `${name} is incomplete`;
  return [
    ...(gone.length > 0 ? [broken("PREVIOUS_INCOMPLETE", `${incomplete}: files are gone`, gone)] : []),
    ...flaws.map((flaw) => broken("PREVIOUS_INCOMPLETE", `${incomplete}: ${FLAW_WORDS[flaw] ?? flaw}`)),
    ...(isRendered ? [] : [broken("PREVIOUS_CONFIG", `${name} has no rendered configuration`)]),
    ...(configFlaws.length > 0
      ? [broken("PREVIOUS_CONFIG", `${name} lacks rendered configuration, or has another`, configFlaws)]
      : []),
  ];
}

function broken(code: string, cause: string, names?: readonly string[]): HostFinding {
  return {
    level: "problem",
    code,
    cause,
    ...(names === undefined ? {} : { detail: names.join(", ") }),
    repair: (hosts) => `scap doctor --fix ${limitTo(hosts)}`,
  };
}

function short(commit: string): string {
  return commit.slice(0, 7);
}
