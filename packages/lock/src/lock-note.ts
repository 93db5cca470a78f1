/** What an exclusive holder writes into its lock file for people to read. It never decides whether something is locked. */
export interface LockNote {
  /** Login name of the holder. */
  readonly locker?: string;
  /** Process id of the holder. */
  readonly pid?: number;
  /** When the lock was taken, UTC, in the layout of C's `asctime`. */
  readonly timestampUtc?: string;
  /** Why: usually the operator's message. */
  readonly reason?: string;
}

/** What the text of a lock file turned out to be. */
export type NoteReading =
  | { readonly kind: "empty" }
  | { readonly kind: "note"; readonly note: LockNote }
  | { readonly kind: "damaged"; readonly problem: string };

interface JsonNote {
  locker?: unknown;
  pid?: unknown;
  timestamp_utc?: unknown;
  reason?: unknown;
}

/** What a released lock file contains. */
export const RELEASED_NOTE = "{}";

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The text of a note exactly as Python Scap writes it: 4-space indent, ASCII only, no final newline. */
export function formatNote(note: Required<LockNote>): string {
  return pythonJson({
    locker: note.locker,
    pid: note.pid,
    timestamp_utc: note.timestampUtc,
    reason: note.reason,
  });
}

/** JSON as Python's `json.dump(..., indent=4)` writes a flat mapping. */
export function pythonJson(record: Readonly<Record<string, string | number>>): string {
  return JSON.stringify(record, null, 4).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Reads what stands in a lock file. Accepts anything; fields of an unexpected type are left out. */
export function parseNote(text: string): NoteReading {
  if (text.trim() === "") return { kind: "empty" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "damaged", problem: "is not JSON" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { kind: "damaged", problem: "is not a JSON object" };
  }
  if (Object.keys(value).length === 0) return { kind: "empty" };
  const { locker, pid, timestamp_utc: timestampUtc, reason }: JsonNote = value;
  return {
    kind: "note",
    note: {
      ...(typeof locker === "string" && { locker }),
      ...(typeof pid === "number" && Number.isSafeInteger(pid) && { pid }),
      ...(typeof timestampUtc === "string" && { timestampUtc }),
      ...(typeof reason === "string" && { reason }),
    },
  };
}

/** A time in UTC in the layout of C's `asctime`, for example `Tue Aug  6 12:34:56 2024`. */
export function asctimeUtc(time: Date): string {
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  const day = String(time.getUTCDate()).padStart(2, " ");
  return `${WEEKDAYS[time.getUTCDay()]} ${MONTHS[time.getUTCMonth()]} ${day} ${clock} ${time.getUTCFullYear()}`;
}

/** The time that a note's `timestampUtc` stands for, or undefined when it is not in the layout of `asctime`. */
export function parseAsctimeUtc(text: string): Date | undefined {
  const match = /^\w{3} (\w{3}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})$/.exec(text);
  const month = MONTHS.indexOf(match?.[1] ?? "");
  if (!match || month === -1) return undefined;
  const [day, hours, minutes, seconds, year] = match.slice(2).map(Number);
  if (year === undefined) return undefined;
  return new Date(Date.UTC(year, month, day, hours, minutes, seconds));
}
