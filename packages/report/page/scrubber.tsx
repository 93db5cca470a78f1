import type { ReportModel } from "./report-model.ts";
import { clockAt, countText, lengthText } from "./words.ts";

const STEPS = 1000;

interface ScrubberProps {
  readonly model: ReportModel;
  readonly ms: number;
  /** Records up to the moment. */
  readonly count: number;
  /** Fragment of a link to this moment. */
  readonly link: string;
  readonly seek: (ms: number) => void;
}

/** Chooses the moment that the page shows. */
export function Scrubber({ count, link, model, ms, seek }: ScrubberProps) {
  const { durationMs, failuresMs, records, startedAt } = model;
  const earlier = failuresMs.findLast((at) => at < ms);
  const later = failuresMs.find((at) => at > ms);
  return (
    <section class="scrubber" aria-label="Moment">
      <div class="buttons">
        <button type="button" onClick={() => seek(0)}>
          Start
        </button>
        <button type="button" disabled={earlier === undefined} onClick={() => seek(earlier ?? ms)}>
          Earlier failure
        </button>
        <button type="button" disabled={later === undefined} onClick={() => seek(later ?? ms)}>
          Later failure
        </button>
        <button type="button" onClick={() => seek(durationMs)}>
          End
        </button>
        <span class="position">
          <strong>{clockAt(startedAt, ms)}</strong> {lengthText(ms)} of {lengthText(durationMs)},{" "}
          {countText(count, "record")} of {records.length.toLocaleString("en")}
        </span>
        <a href={link}>Link to this moment</a>
      </div>
      <input
        type="range"
        aria-label="Time since the start"
        aria-valuetext={`${clockAt(startedAt, ms)}, ${lengthText(ms)} after the start`}
        min={0}
        max={durationMs}
        step={Math.max(1, Math.round(durationMs / STEPS))}
        value={ms}
        onInput={({ currentTarget }) => seek(Number(currentTarget.value))}
      />
    </section>
  );
}
