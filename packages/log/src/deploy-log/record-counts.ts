import { attributeOf } from "../filter/attribute.ts";
import { textForm } from "../message/python-text.ts";
import type { LooseRecord } from "../record.ts";

/** Counts records by host, level and logger, as a fold. */
export class RecordCounts {
  total = 0;
  readonly #byHost = new Map<string, number>();
  readonly #byLevel = new Map<string, number>();
  readonly #byLogger = new Map<string, number>();

  add(record: LooseRecord): void {
    this.total += 1;
    count(this.#byHost, record["host"] === undefined ? "-" : textForm(record["host"]));
    count(this.#byLevel, textForm(attributeOf(record, "levelname")));
    count(this.#byLogger, loggerOf(record));
  }

  /** The counts as data, the largest first. */
  toJSON(): Record<string, unknown> {
    return {
      records: this.total,
      hosts: Object.fromEntries(sorted(this.#byHost)),
      levels: Object.fromEntries(sorted(this.#byLevel)),
      loggers: Object.fromEntries(sorted(this.#byLogger)),
    };
  }

  /** The counts as lines for people. */
  lines(): string[] {
    const section = (title: string, counts: ReadonlyMap<string, number>): string[] => {
      if (counts.size === 0) return [];
      const rows = sorted(counts);
      const width = String(rows[0]?.[1]).length;
      return ["", title, ...rows.map(([name, value]) => `  ${String(value).padStart(width)}  ${name}`)];
    };
    const sections = [
      ["By host", this.#byHost],
      ["By level", this.#byLevel],
      ["By logger", this.#byLogger],
    ] as const;
    return [
      `${this.total} record${this.total === 1 ? "" : "s"}`,
      ...sections.flatMap(([title, counts]) => section(title, counts)),
    ];
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

// Records of targets count under the logger of the target, whatever the host is called.
function loggerOf(record: LooseRecord): string {
  const name = textForm(record["name"]);
  const host = record["host"];
  const prefix = typeof host === "string" ? `target.${host}.` : undefined;
  const at = prefix === undefined ? -1 : name.indexOf(prefix);
  return at < 0 || prefix === undefined ? name : name.slice(0, at) + name.slice(at + prefix.length);
}
