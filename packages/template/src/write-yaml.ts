import { mappingEntries } from "./mapping-entries.ts";
import { sortEntries } from "./sort-entries.ts";
import { YamlLines } from "./yaml-lines.ts";
import { chooseStyle, isSimpleKey } from "./yaml-scalar-style.ts";
import { dateText, floatText } from "./yaml-texts.ts";
import { PythonOrderedDict, YamlDate, YamlFloat, YamlPair, YamlTime } from "./yaml-values.ts";

/** How {@link writeYaml} orders keys. */
export interface WriteYamlOptions {
  /**
   * `sorted`: as Python's `yaml.dump` does, texts by code point, numbers by value, keys of different types not at all.
   * `kept`: as they come. @defaultValue `"sorted"`
   */
  readonly keys?: "sorted" | "kept";
}

/**
 * Writes a value as block-style YAML, byte for byte as PyYAML's `yaml.dump` does, so that files do not differ by who
 * wrote them. Only texts that readers of YAML 1.2 would misread get quotes where PyYAML has none.
 */
export function writeYaml(value: unknown, options: WriteYamlOptions = {}): string {
  const writer = new YamlWriter(options.keys ?? "sorted");
  writer.node(toNode(value), { indent: undefined, isInMapping: false });
  return `${writer.text}\n`;
}

type YamlNode =
  | { readonly kind: "scalar"; readonly text: string; readonly isText: boolean }
  | { readonly kind: "bytes"; readonly data: Uint8Array }
  | { readonly kind: "list"; readonly items: readonly unknown[]; readonly tag?: string }
  | { readonly kind: "mapping"; readonly entries: readonly (readonly [unknown, unknown])[] };

const ORDERED_DICT = "!!python/object/apply:collections.OrderedDict";

function toNode(value: unknown): YamlNode {
  if (typeof value === "string") return { kind: "scalar", text: value, isText: true };
  if (value instanceof Uint8Array) return { kind: "bytes", data: value };
  if (Array.isArray(value)) return { kind: "list", items: value };
  if (value instanceof YamlPair) return { kind: "list", items: [value.key, value.value] };
  if (value instanceof PythonOrderedDict) return { kind: "list", items: [value.entries], tag: ORDERED_DICT };
  const entries = mappingEntries(value);
  return entries ? { kind: "mapping", entries } : { kind: "scalar", text: scalarText(value), isText: false };
}

function scalarText(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (value instanceof YamlFloat) return floatText(value.value);
  if (value instanceof YamlDate || value instanceof YamlTime) return dateText(value);
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value).toString() : floatText(value);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  throw new TypeError(`YAML has no form for a ${typeof value}`);
}

/** Where a node stands. */
interface Place {
  /** Column of the container that holds it; undefined for the outermost node. */
  readonly indent: number | undefined;
  readonly isInMapping: boolean;
}

const STEP = 2;
/** Bytes in one line of base64, as Python cuts them. */
const BASE64_LINE = 76;

class YamlWriter {
  readonly #lines = new YamlLines();
  readonly #keys: "sorted" | "kept";

  constructor(keys: "sorted" | "kept") {
    this.#keys = keys;
  }

  get text(): string {
    return this.#lines.text;
  }

  node(node: YamlNode, place: Place): void {
    switch (node.kind) {
      case "scalar":
        return this.#scalar(node.text, node.isText, place);
      case "bytes":
        return this.#bytes(node.data, place);
      case "list":
        return this.#list(node, place);
      case "mapping":
        return this.#mapping(node.entries, place);
    }
  }

  #scalar(text: string, isText: boolean, { indent = -STEP }: Place): void {
    const style = chooseStyle(text, { isText, isKey: false });
    this.#lines.scalar(text, style, { indent: indent + STEP, mayFold: true });
  }

  #bytes(data: Uint8Array, { indent = -STEP }: Place): void {
    const base64 = Buffer.from(data).toString("base64");
    this.#lines.indicator("!!binary");
    if (data.length === 0) return this.#lines.indicator('""');
    const lines = base64.match(new RegExp(`.{1,${BASE64_LINE}}`, "g")) ?? [];
    this.#lines.literal(lines.join("\n"), indent + STEP);
  }

  #list({ items, tag }: { items: readonly unknown[]; tag?: string }, place: Place): void {
    if (tag !== undefined) this.#lines.indicator(tag);
    if (items.length === 0) return this.#lines.indicator("[]");
    // PyYAML does not indent a list below its key.
    const isAtKey = place.isInMapping && !this.#lines.isIndention;
    const indent = isAtKey ? (place.indent ?? 0) : below(place);
    for (const item of items) {
      this.#lines.indentTo(indent);
      this.#lines.indicator("-", { isIndention: true });
      this.node(toNode(item), { indent, isInMapping: false });
    }
  }

  #mapping(entries: readonly (readonly [unknown, unknown])[], place: Place): void {
    if (entries.length === 0) return this.#lines.indicator("{}");
    const indent = below(place);
    for (const [key, value] of this.#keys === "sorted" ? sortEntries(entries) : entries) {
      this.#lines.indentTo(indent);
      this.#key(toNode(key), indent);
      this.node(toNode(value), { indent, isInMapping: true });
    }
  }

  #key(key: YamlNode, indent: number): void {
    if (key.kind === "scalar" && isSimpleKey(key.text)) {
      const style = chooseStyle(key.text, { isText: key.isText, isKey: true });
      this.#lines.scalar(key.text, style, { indent, mayFold: false });
      this.#lines.indicator(":", { needsBlank: false });
      return;
    }
    this.#lines.indicator("?", { isIndention: true });
    this.node(key, { indent, isInMapping: true });
    this.#lines.indentTo(indent);
    this.#lines.indicator(":", { isIndention: true });
  }
}

function below({ indent }: Place): number {
  return indent === undefined ? 0 : indent + STEP;
}
