import { strip } from "./python-text.ts";

/** A further repository of the MediaWiki staging tree. */
export interface FossViolation {
  readonly repo: string;
  readonly branch: string;
  readonly path: string;
}

/** Reads `foss_violations`: comma-separated triples of repository, branch and path. Undefined if one is incomplete. */
export function parseFossViolations(text: string): FossViolation[] | undefined {
  const parts = text
    .split(",")
    .map(strip)
    .filter((part) => part !== "");
  if (parts.length % 3 !== 0) return undefined;
  const violations: FossViolation[] = [];
  for (let index = 0; index < parts.length; index += 3) {
    const [repo = "", branch = "", path = ""] = parts.slice(index, index + 3);
    violations.push({ repo, branch, path });
  }
  return violations;
}

/** What is wrong with the value of `foss_violations`, if anything. */
export function complaintAboutTriples(text: string): string | undefined {
  if (parseFossViolations(text) !== undefined) return undefined;
  return `must be triples "repository,branch,path" between commas, not ${JSON.stringify(text)}`;
}
