import { clockText } from "../clock-text.ts";
import { entryText } from "../entry-text.ts";
import { LEVELS } from "../levels.ts";
import type { LogRecord } from "../record.ts";
import type { Sink } from "../sink.ts";
import { type OutputStream, streamWriter } from "./stream-writer.ts";

/** How the console shows records. */
export interface ConsoleSinkOptions {
  /** Where to write, normally `process.stderr`. */
  readonly stream: OutputStream;
  /** Wrap entries in the colour of their level; see `wantsColour`. @defaultValue false */
  readonly colour?: boolean;
  /** Lowest level shown. @defaultValue LEVELS.INFO */
  readonly minLevel?: number;
  /** Records to leave out, for example those of targets. */
  readonly hide?: (record: LogRecord) => boolean;
  /** Colours by level number instead of the usual ones. */
  readonly colours?: Readonly<Record<number, string>>;
}

/** Shows records to a person as `HH:MM:SS <message>` in local time. A terminal gets control characters in visible form. */
export function consoleSink(options: ConsoleSinkOptions): Sink {
  const { stream, colour = false, minLevel = LEVELS.INFO, hide, colours } = options;
  const writer = streamWriter(stream);
  const style = { colour, visible: stream.isTTY === true, ...(colours && { colours }) };
  return {
    name: "console",
    write: (record) => {
      if (record.levelno < minLevel || hide?.(record)) return;
      writer.write(`${entryText(record, `${clockText(record.created)} `, style)}\n`);
    },
    flush: () => writer.flush(),
    dropped: () => writer.dropped(),
    close: () => writer.flush(),
  };
}
