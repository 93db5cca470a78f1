import { HOST_STATES } from "@scap/events";
import type { Moment } from "./moments.ts";
import { stateClass } from "./state-look.ts";
import { shown } from "./words.ts";

/** What is going on at the moment, and how many hosts are in which state. */
export function MomentSummary({ moment }: { readonly moment: Moment }) {
  const counts = HOST_STATES.map(() => 0);
  for (const state of moment.hosts) counts[state] = (counts[state] ?? 0) + 1;
  return (
    <section class="summary" aria-label="State at this moment">
      <p>{nowText(moment)}</p>
      <ul class="counts">
        {HOST_STATES.map((state, at) =>
          counts[at] ? (
            <li key={state} class={stateClass(state)}>
              {counts[at]} {state}
            </li>
          ) : null,
        )}
      </ul>
    </section>
  );
}

function nowText({ state }: Moment): string {
  const { finished, progress, started, verdicts } = state;
  if (finished) return `Ended: ${shown(finished.outcome)}`;
  if (progress) {
    const { failed, inFlight, label, ok, stage, total } = progress;
    const left = total - ok - failed - inFlight;
    return `${shown(label)}: ${shown(stage)}, ${ok} ok, ${failed} failed, ${inFlight} in flight, ${left} left`;
  }
  const verdict = verdicts.at(-1);
  if (verdict)
    return `${shown(verdict.label)}: ${verdict.passed ? "passed" : shown(verdict.reason ?? "failed")}`;
  return started ? "Starting" : "Not started";
}
