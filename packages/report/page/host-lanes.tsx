import { useEffect, useRef } from "preact/hooks";
import type { HostState } from "@scap/events";
import type { ReportModel } from "./report-model.ts";
import { countText, shown } from "./words.ts";

const NAMED_HOSTS = 30;
const LANES_PIXELS = 480;

/** A lane for each host with its stages. Drawn once: 100,000 elements would not be quick. */
export function HostLanes({ model }: { readonly model: ReportModel }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { hosts } = model;
  const lane = Math.max(1, Math.min(18, Math.floor(LANES_PIXELS / Math.max(1, hosts.length))));
  const height = `${lane * hosts.length}px`;
  useEffect(() => {
    const { current } = canvas;
    if (!current) return undefined;
    const redraw = (): void => draw(current, model, lane);
    const resized = new ResizeObserver(redraw);
    resized.observe(current);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", redraw);
    return () => {
      resized.disconnect();
      scheme.removeEventListener("change", redraw);
    };
  }, [model, lane]);
  return (
    <div class="lanes">
      <div class="lane-names" aria-hidden="true">
        {hosts.length <= NAMED_HOSTS
          ? hosts.map(({ name }) => (
              <div key={name} style={{ height: `${lane}px` }}>
                {shown(name)}
              </div>
            ))
          : countText(hosts.length, "host")}
      </div>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Stages of ${countText(hosts.length, "host")} over time; the hosts are listed below`}
        style={{ height }}
        onPointerMove={({ currentTarget, offsetY }) => {
          currentTarget.title = shown(hosts[Math.floor(offsetY / lane)]?.name ?? "");
        }}
      />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, { durationMs, hostSpans, hosts }: ReportModel, lane: number): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { devicePixelRatio: scale } = window;
  const width = canvas.clientWidth;
  canvas.width = width * scale;
  canvas.height = lane * hosts.length * scale;
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const gap = lane > 4 ? 1 : 0;
  for (const { fromMs, host, state, toMs } of hostSpans) {
    const from = (fromMs / durationMs) * width;
    const length = Math.max(1, ((toMs - fromMs) / durationMs) * width - gap);
    context.fillStyle = style.getPropertyValue(colourOf(state));
    context.fillRect(from, host * lane, length, lane - gap);
  }
}

function colourOf(state: HostState): string {
  if (state === "ok") return "--good-fill";
  if (state === "rolled back") return "--back-fill";
  return state === "skipped" || state === "cancelled" ? "--quiet-fill" : "--bad-fill";
}
