import { useMemo } from "preact/hooks";
import { HostLanes } from "./host-lanes.tsx";
import type { ReportModel } from "./report-model.ts";
import type { StageSpan } from "./spans.ts";
import { lengthText, shown } from "./words.ts";

interface TimelineProps {
  readonly model: ReportModel;
  readonly ms: number;
  readonly seek: (ms: number) => void;
}

/** When each stage ran, by subgroup and by host, with a line at the moment. A click goes to a time. */
export function Timeline({ model, ms, seek }: TimelineProps) {
  const bars = useMemo(() => <Bars model={model} />, [model]);
  const lanes = useMemo(() => <HostLanes model={model} />, [model]);
  const click = (event: MouseEvent): void => {
    const track = (event.currentTarget as HTMLElement)
      .querySelector(".playhead-area")
      ?.getBoundingClientRect();
    if (!track || event.clientX < track.left) return;
    seek(((event.clientX - track.left) / track.width) * model.durationMs);
  };
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      {/* A shortcut for the pointer; the range above does the same for the keyboard. */}
      <div class="timeline" onClick={click}>
        {bars}
        {lanes}
        <div class="playhead-area" aria-hidden="true">
          <div class="playhead" style={{ left: `${(ms / model.durationMs) * 100}%` }} />
        </div>
      </div>
    </section>
  );
}

function Bars({ model }: { readonly model: ReportModel }) {
  const labels = [...new Set(model.stages.map(({ label }) => label))];
  return (
    <ul class="bars" aria-label="Stages">
      {labels.map((label) => (
        <li key={label}>
          <span class="lane-name">{shown(label)}</span>
          <ul class="track" aria-label={shown(label)}>
            {model.stages
              .filter((span) => span.label === label)
              .map((span) => (
                <Bar key={`${span.stage} ${span.fromMs}`} span={span} durationMs={model.durationMs} />
              ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function Bar({ durationMs, span }: { readonly span: StageSpan; readonly durationMs: number }) {
  const { failed, fromMs, stage, toMs = durationMs } = span;
  const percent = (part: number): string => `${(part / durationMs) * 100}%`;
  const failures = failed > 0 ? `, ${failed} failed` : "";
  const text = `${shown(stage)}: ${lengthText(toMs - fromMs)}${failures}`;
  return (
    <li
      class={`bar ${failed > 0 ? "bad" : "good"}`}
      style={{ left: percent(fromMs), width: percent(toMs - fromMs) }}
      title={text}
    >
      <span>{text}</span>
    </li>
  );
}
