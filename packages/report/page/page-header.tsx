import { useMemo } from "preact/hooks";
import type { ReportModel } from "./report-model.ts";
import { countText, lengthText, shown } from "./words.ts";

const SHORT = 7;

/** Who deployed what, when, and how it ended: the same at every moment. */
export function PageHeader({ model }: { readonly model: ReportModel }) {
  const { hosts, records, started, startedAt } = model;
  const finished = useMemo(() => model.moments.after(records.length).state.finished, [model]);
  const outcome = finished?.outcome ?? "not finished";
  return (
    <header>
      <h1>
        {shown(started?.repo)} <code>{shown(started?.commit.slice(0, SHORT))}</code>{" "}
        <span class={`outcome ${outcome === "ok" ? "good" : "bad"}`}>{shown(outcome)}</span>
      </h1>
      <p>{shown(started?.message)}</p>
      <dl>
        <Fact name="By">{shown(started?.user)}</Fact>
        <Fact name="Started">
          <time dateTime={new Date(startedAt * 1000).toISOString()}>{localTime(startedAt)}</time>
        </Fact>
        <Fact name="Duration">{lengthText(finished?.durationMs ?? model.durationMs)}</Fact>
        <Fact name="Hosts">{countText(hosts.length, "host")}</Fact>
      </dl>
    </header>
  );
}

function Fact({ children, name }: { readonly name: string; readonly children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function localTime(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "long" });
}
