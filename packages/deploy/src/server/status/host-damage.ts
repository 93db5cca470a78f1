import { basename } from "node:path";
import { isObjectId } from "@scap/git";

/** What is not as a deployment leaves it, in words, from the facts that the probe printed. */
export function damageOf(facts: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  if (facts.get("final") !== facts.get("current")) found.push("the final path leads elsewhere");
  if (facts.has("astray"))
    found.push("its link current leads to no revision: the next deployment or rollback makes it again");
  if (facts.has("journal")) found.push("a switch was interrupted: the next deployment or rollback ends it");
  else if (facts.has("unsettled"))
    found.push(
      "services and checks after its last switch are not through, so the service may be older than the code: the next deployment or rollback does them",
    );
  if (facts.has("incomplete")) found.push("the live revision may be incomplete");
  if (facts.has("objects")) found.push("its repository has lost objects");
  const gone = facts.get("gone");
  if (gone !== undefined && isObjectId(basename(gone))) {
    const revision = basename(gone).slice(0, 7);
    found.push(
      `the revision to go back to (${revision}) is no longer there: scap doctor --fix brings it back`,
    );
  }
  if (facts.has("drained"))
    found.push(
      "it may be out of service, as it was not put back after a switch: the next deployment or rollback does it",
    );
  return found;
}

/** For a host whose link `.done` is lost. */
export function lostDone(revision: string): string {
  const name = revision.slice(0, 7);
  return `its link .done is lost; as far as the rest tells, ${name} was finalized last: scap doctor --fix makes it again`;
}
