import { useEffect, useMemo, useState } from "preact/hooks";
import { FilterBox } from "./filter-box.tsx";
import { LogList } from "./log-list.tsx";
import { LogRecordDetail } from "./log-record-detail.tsx";
import { matchingRecords } from "./matching-records.ts";
import type { ReportModel } from "./report-model.ts";
import { countText } from "./words.ts";

interface LogPanelProps {
  readonly model: ReportModel;
  /** Records up to the moment. */
  readonly count: number;
  readonly filter: string;
  readonly setFilter: (filter: string) => void;
  readonly seek: (ms: number) => void;
}

/** The log up to the moment, filtered in the language of `deploy-log`. */
export function LogPanel({ count, filter, model, seek, setFilter }: LogPanelProps) {
  const [withDebug, setWithDebug] = useState(false);
  const [selected, select] = useState<number>();
  const { error, matching } = useMemo(
    () => matchingRecords(model.records, filter, withDebug),
    [model, filter, withDebug],
  );
  const shownCount = useMemo(() => countBelow(matching, count), [matching, count]);
  useEffect(() => select(undefined), [matching]);
  const record = selected === undefined ? undefined : model.records[selected];
  return (
    <section aria-labelledby="log">
      <h2 id="log">
        Log <small>{countText(shownCount, "record")}</small>
      </h2>
      <FilterBox
        filter={filter}
        setFilter={setFilter}
        error={error}
        withDebug={withDebug}
        setWithDebug={setWithDebug}
      />
      <LogList model={model} matching={matching} count={shownCount} selected={selected} select={select} />
      {record !== undefined && selected !== undefined && (
        <LogRecordDetail record={record} seek={() => seek(Math.ceil(model.timesMs[selected] ?? 0))} />
      )}
    </section>
  );
}

function countBelow(numbers: Int32Array, limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
