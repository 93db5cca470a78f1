import type { Writable } from "node:stream";
import { consoleReporter } from "@scap/deploy";
import { clockText, consoleSink, entryText, LEVELS, textForm, type Filter, type Sink } from "@scap/log";
import { isHiddenLive, type LiveView } from "../is-hidden-live.ts";

/** How a replay looks. */
export interface ReplayLook extends LiveView {
  /** Columns of the terminal; undefined in a pipe. */
  readonly columns: number | undefined;
  readonly colour: boolean;
  /** Show matching records instead of the progress. */
  readonly filter: Filter | undefined;
}

type ReplayStream = Writable & { readonly isTTY: boolean };

/** The views of a replay: those of a live deployment, or a list of the records that a filter lets through. */
export function replaySinks(stream: ReplayStream, look: ReplayLook): Sink[] {
  const { colour, columns, filter, isVerbose } = look;
  if (filter) return [filteredSink(stream, filter, look)];
  return [
    consoleSink({
      stream,
      colour,
      minLevel: isVerbose ? LEVELS.DEBUG : LEVELS.INFO,
      hide: (record) => isHiddenLive(record, look),
    }),
    consoleReporter({ stream, columns, colour }),
  ];
}

function filteredSink(stream: ReplayStream, filter: Filter, { colour, isVerbose }: ReplayLook): Sink {
  const isForAnyLevel = isVerbose || filter.hasCriterion("levelno");
  const style = { colour, visible: stream.isTTY };
  return {
    name: "replay",
    write: (record) => {
      if (!filter.matches(record) || !(isForAnyLevel || record.levelno >= LEVELS.INFO)) return;
      const host = record.host === undefined ? "-" : textForm(record.host);
      stream.write(`${entryText(record, `${clockText(record.created)} [${host}] `, style)}\n`);
    },
    close: () => Promise.resolve(),
  };
}
