import { useEffect, useMemo, useState } from "preact/hooks";
import { Failures } from "./failures.tsx";
import { HostGrid } from "./host-grid.tsx";
import { LogPanel } from "./log-panel.tsx";
import { MomentSummary } from "./moment-summary.tsx";
import { PageHeader } from "./page-header.tsx";
import { placeHash, readPlace } from "./place-in-address.ts";
import { recordsUpTo, type ReportModel } from "./report-model.ts";
import { Scrubber } from "./scrubber.tsx";
import { Timeline } from "./timeline.tsx";

const ADDRESS_DELAY_MS = 250;

/** The page: a moment and a filter, and every part a view of the model at that moment. */
export function App({ model }: { readonly model: ReportModel }) {
  const [place, setPlace] = useState(() => readPlace(location.hash));
  const ms = Math.min(place.ms ?? model.durationMs, model.durationMs);
  const count = recordsUpTo(model, ms);
  const moment = useMemo(() => model.moments.after(count), [model, count]);
  const seek = (next: number): void =>
    setPlace({ ...place, ms: next >= model.durationMs ? undefined : Math.max(0, next) });
  const setFilter = (filter: string): void => setPlace({ ...place, filter });

  useEffect(() => {
    const read = (): void => setPlace(readPlace(location.hash));
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  // Browsers refuse an address that changes with every step of a drag.
  useEffect(() => {
    const timer = setTimeout(() => history.replaceState(null, "", placeHash(place)), ADDRESS_DELAY_MS);
    return () => clearTimeout(timer);
  }, [place]);

  return (
    <>
      <PageHeader model={model} />
      <main>
        <Scrubber model={model} ms={ms} count={count} seek={seek} link={placeHash({ ...place, ms })} />
        <Timeline model={model} ms={ms} seek={seek} />
        <MomentSummary moment={moment} />
        <HostGrid model={model} moment={moment} ms={ms} showLog={(host) => setFilter(`host == '${host}'`)} />
        <Failures failures={moment.state.failures} />
        <LogPanel model={model} count={count} filter={place.filter} setFilter={setFilter} seek={seek} />
      </main>
    </>
  );
}
