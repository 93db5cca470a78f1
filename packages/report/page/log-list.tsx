import { levelName } from "@scap/log";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PlainRecord } from "../src/plain-record.ts";
import type { ReportModel } from "./report-model.ts";
import { clockAt, shown } from "./words.ts";

const ROW_PIXELS = 24;
const SPARE_ROWS = 10;
const PAGE_ROWS = 15;

interface LogListProps {
  readonly model: ReportModel;
  readonly matching: Int32Array;
  /** How many of the matching records are up to the moment. */
  readonly count: number;
  readonly selected: number | undefined;
  readonly select: (record: number) => void;
}

/** The records as a list of which only what is in view exists. It keeps to the end as the moment moves. */
export function LogList({ count, matching, model, select, selected }: LogListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(360);
  useEffect(() => setHeight(box.current?.clientHeight ?? 360), []);
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = count * ROW_PIXELS;
  }, [count, matching]);
  const at = selected === undefined ? count : matching.indexOf(selected);
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = keyTarget(event.key, at, count);
    const record = next === undefined ? undefined : matching[next];
    if (next === undefined || record === undefined || next >= count) return;
    event.preventDefault();
    select(record);
    scrollTo(box.current, next);
  };
  const first = Math.max(0, Math.min(Math.floor(top / ROW_PIXELS), count) - SPARE_ROWS);
  const last = Math.min(count, Math.ceil((top + height) / ROW_PIXELS) + SPARE_ROWS);
  return (
    <div
      ref={box}
      class="log"
      role="listbox"
      aria-label="Log records"
      tabIndex={0}
      aria-activedescendant={
        selected !== undefined && at >= first && at < last ? `record-${selected}` : undefined
      }
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div class="log-space" role="presentation" style={{ height: `${count * ROW_PIXELS}px` }}>
        {Array.from(matching.subarray(first, last), (number, offset) => (
          <LogRow
            key={number}
            model={model}
            number={number}
            place={first + offset}
            count={count}
            isSelected={number === selected}
            select={select}
          />
        ))}
      </div>
    </div>
  );
}

interface LogRowProps {
  readonly model: ReportModel;
  readonly number: number;
  readonly place: number;
  readonly count: number;
  readonly isSelected: boolean;
  readonly select: (record: number) => void;
}

function LogRow({ count, isSelected, model, number, place, select }: LogRowProps) {
  const record = model.records[number];
  if (!record) return null;
  return (
    <div
      id={`record-${number}`}
      class={`row ${levelClass(record)}`}
      role="option"
      aria-selected={isSelected}
      aria-posinset={place + 1}
      aria-setsize={count}
      style={{ top: `${place * ROW_PIXELS}px` }}
      onClick={() => select(number)}
    >
      <span class="time">{clockAt(record.created, 0)}</span>
      <span class="level">{levelName(record.levelno)}</span>
      <span class="host-name">{shown(record["host"] ?? "")}</span>
      <span class="text">{shown(record.text)}</span>
    </div>
  );
}

function levelClass({ levelno }: PlainRecord): string {
  if (levelno >= 40) return "error";
  return levelno >= 30 ? "warning" : "";
}

function keyTarget(key: string, at: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowUp: -1,
    ArrowDown: 1,
    PageUp: -PAGE_ROWS,
    PageDown: PAGE_ROWS,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, at + step));
}

function scrollTo(box: HTMLElement | null, row: number): void {
  if (!box) return;
  const top = row * ROW_PIXELS;
  if (top < box.scrollTop) box.scrollTop = top;
  const below = top + ROW_PIXELS - box.clientHeight;
  if (below > box.scrollTop) box.scrollTop = below;
}
