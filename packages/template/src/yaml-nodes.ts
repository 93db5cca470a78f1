import { EVENT_ID, getScalarValue, SCALAR_STYLE, type Event } from "js-yaml";

/** A YAML document as written: tags not resolved yet, anchors already replaced by what they stand for. */
export type YamlNode = YamlScalarNode | YamlSequenceNode | YamlMappingNode;

interface YamlNodeBase {
  /** Full name of the tag, when one is written. */
  readonly tag: string | undefined;
  /** Offset in the text. */
  readonly position: number;
}

/** A single value. */
export interface YamlScalarNode extends YamlNodeBase {
  readonly kind: "scalar";
  readonly text: string;
  /** Whether the type depends on the text: written without quotes, or with the tag `!`. */
  readonly isPlain: boolean;
}

/** A list. */
export interface YamlSequenceNode extends YamlNodeBase {
  readonly kind: "sequence";
  readonly items: YamlNode[];
}

/** A mapping, pairs in the order of the text, duplicates and merge keys included. */
export interface YamlMappingNode extends YamlNodeBase {
  readonly kind: "mapping";
  readonly pairs: [YamlNode, YamlNode][];
}

/** A problem at an offset of the text. */
export class YamlProblem extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.name = "YamlProblem";
    this.position = position;
  }
}

// A few lines of aliases can stand for billions of values ("YAML bomb").
const MAX_ALIASED_VALUES = 1_000_000;

interface OpenNode {
  readonly node: YamlSequenceNode | YamlMappingNode;
  key: YamlNode | undefined;
  readonly anchored: Anchored | undefined;
  /** How many values there were before it. */
  readonly valuesBefore: number;
}

/** What an alias can stand for. */
interface Anchored {
  readonly node: YamlNode;
  /** How many values it is, itself included, what its own aliases stand for included. */
  size: number;
}

/** The one document of an event stream. */
export interface ComposedDocument {
  /** Undefined when there is no document. */
  readonly root: YamlNode | undefined;
  /** Whether nodes stand in more than one place. */
  readonly hasAliases: boolean;
}

/**
 * Builds the one document of an event stream.
 *
 * @throws YamlProblem for what PyYAML refuses: several documents, anchors used twice or not defined.
 */
export function composeNode(events: readonly Event[], source: string): ComposedDocument {
  const composer = new Composer(source);
  for (const event of events) composer.take(event);
  return { root: composer.root, hasAliases: composer.hasAliases };
}

class Composer {
  root: YamlNode | undefined;
  hasAliases = false;
  readonly #source: string;
  readonly #open: OpenNode[] = [];
  readonly #anchors = new Map<string, Anchored>();
  readonly #handles = new Map<string, string>();
  #values = 0;
  #aliasedValues = 0;

  constructor(source: string) {
    this.#source = source;
  }

  take(event: Event): void {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        if (this.root)
          throw new YamlProblem("more than one document; expected a single one", this.root.position);
        for (const directive of event.directives) {
          if (directive.kind === "tag") this.#handles.set(directive.handle, directive.prefix);
        }
        break;
      case EVENT_ID.POP:
        this.#close();
        break;
      case EVENT_ID.ALIAS:
        this.#add(this.#resolveAlias(event));
        break;
      case EVENT_ID.SCALAR:
        this.#start(event, this.#scalar(event));
        break;
      default: {
        const tag = this.#tagOf(event);
        const base = { tag: tag === "!" ? undefined : tag, position: event.start };
        const node: YamlSequenceNode | YamlMappingNode =
          event.type === EVENT_ID.SEQUENCE
            ? { kind: "sequence", ...base, items: [] }
            : { kind: "mapping", ...base, pairs: [] };
        const valuesBefore = this.#values;
        const anchored = this.#start(event, node);
        this.#open.push({ node, key: undefined, anchored, valuesBefore });
      }
    }
  }

  #scalar(event: ScalarEvent): YamlScalarNode {
    const tag = this.#tagOf(event);
    return {
      kind: "scalar",
      tag: tag === "!" ? undefined : tag,
      position: event.valueStart,
      text: this.#textOf(event),
      isPlain: tag === "!" || (tag === undefined && event.style === SCALAR_STYLE.PLAIN),
    };
  }

  /** A block text that the file ends in has no line end where the file has none. */
  #textOf(event: ScalarEvent): string {
    const text = getScalarValue(this.#source, event);
    const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
    const isCut = isBlock && event.valueEnd >= this.#source.length && !/[\r\n]$/.test(this.#source);
    return isCut && text.endsWith("\n") ? text.slice(0, -1) : text;
  }

  #start(event: PropertyEvent, node: YamlNode): Anchored | undefined {
    const anchored = event.anchorStart < 0 ? undefined : this.#anchor(event, node);
    this.#values += 1;
    this.#add(node);
    return anchored;
  }

  #anchor({ anchorEnd, anchorStart }: PropertyEvent, node: YamlNode): Anchored {
    const name = this.#source.slice(anchorStart, anchorEnd);
    if (this.#anchors.has(name)) throw new YamlProblem(`anchor "${name}" is used twice`, anchorStart);
    const anchored = { node, size: 1 };
    this.#anchors.set(name, anchored);
    return anchored;
  }

  #add(node: YamlNode): void {
    const parent = this.#open.at(-1);
    if (!parent) this.root ??= node;
    else if (parent.node.kind === "sequence") parent.node.items.push(node);
    else if (parent.key === undefined) parent.key = node;
    else {
      parent.node.pairs.push([parent.key, node]);
      parent.key = undefined;
    }
  }

  #close(): void {
    const closed = this.#open.pop();
    if (closed?.anchored !== undefined) closed.anchored.size = this.#values - closed.valuesBefore;
  }

  #resolveAlias(event: AliasEvent): YamlNode {
    const name = this.#source.slice(event.anchorStart, event.anchorEnd);
    const target = this.#anchors.get(name);
    if (!target) throw new YamlProblem(`alias "${name}" has no anchor before it`, event.anchorStart);
    const { node, size } = target;
    if (this.#open.some((open) => open.node === node)) {
      throw new YamlProblem(`alias "${name}" stands inside of what it refers to`, event.anchorStart);
    }
    this.hasAliases = true;
    this.#values += size;
    this.#aliasedValues += size;
    if (this.#aliasedValues > MAX_ALIASED_VALUES) {
      throw new YamlProblem(`aliases stand for more than ${MAX_ALIASED_VALUES} values`, event.anchorStart);
    }
    return node;
  }

  #tagOf(event: PropertyEvent): string | undefined {
    if (event.tagStart < 0) return undefined;
    const raw = this.#source.slice(event.tagStart, event.tagEnd);
    if (raw === "!") return raw;
    if (raw.startsWith("!<")) return raw.slice(2, -1);
    const handle = /^!(?:[\w-]*!)?/.exec(raw)?.[0] ?? "!";
    const prefix = this.#handles.get(handle) ?? (handle === "!!" ? "tag:yaml.org,2002:" : handle);
    return prefix + raw.slice(handle.length);
  }
}

type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;
type AliasEvent = Extract<Event, { type: typeof EVENT_ID.ALIAS }>;
type PropertyEvent = Extract<Event, { tagStart: number }>;
