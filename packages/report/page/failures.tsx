import { useMemo } from "preact/hooks";
import { groupFailures, type FailureGroup, type StageHostFinished } from "@scap/events";
import { countText, shown } from "./words.ts";

const LISTED = 50;

/** What went wrong up to the moment: equal failures of several hosts are one entry. */
export function Failures({ failures }: { readonly failures: readonly StageHostFinished[] }) {
  const groups = useMemo(() => groupFailures(failures), [failures]);
  return (
    <section aria-labelledby="failures">
      <h2 id="failures">
        Failures <small>{countText(failures.length, "host")}</small>
      </h2>
      {groups.length === 0 && <p class="quiet">Nothing failed up to this moment.</p>}
      {groups.slice(0, LISTED).map((group) => (
        <Failure key={`${group.stage} ${group.hosts[0]}`} group={group} />
      ))}
      {groups.length > LISTED && <p>{countText(groups.length - LISTED, "more kind")} of failure</p>}
    </section>
  );
}

function Failure({ group }: { readonly group: FailureGroup }) {
  const { failure, hosts, outcome, stage } = group;
  const message = hosts.length > 1 ? failure.message.replaceAll(hosts[0] ?? "", "‹host›") : failure.message;
  const who = hosts.length === 1 ? shown(hosts[0]) : countText(hosts.length, "host");
  return (
    <details class="failure">
      <summary>
        <strong>{who}</strong> {shown(stage)} {outcome}: {shown(message)}
      </summary>
      {hosts.length > 1 && <p>{hosts.map(shown).join(", ")}</p>}
      {failure.output !== undefined && <pre tabIndex={0}>{shown(failure.output)}</pre>}
      {failure.hint !== undefined && <p>{shown(failure.hint)}</p>}
    </details>
  );
}
