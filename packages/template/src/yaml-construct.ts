import { plainYamlValues } from "./plain-yaml-values.ts";
import {
  YamlProblem,
  type ComposedDocument,
  type YamlMappingNode,
  type YamlNode,
  type YamlScalarNode,
  type YamlSequenceNode,
} from "./yaml-nodes.ts";
import { constructScalar, resolvePlain, type ScalarType, type YamlValues } from "./yaml-scalars.ts";

const CORE = "tag:yaml.org,2002:";
const ORDERED_DICT_TAG = `${CORE}python/object/apply:collections.OrderedDict`;
const SCALAR_TAGS: readonly string[] = ["bool", "float", "int", "null", "str", "timestamp", "binary"];
const MAX_MERGED_PAIRS = 1_000_000;

/** How values are made. */
export interface ConstructOptions {
  readonly values: YamlValues;
  /** Accepts Python's tag for `OrderedDict`, and no other tag of Python. */
  readonly allowOrderedDict: boolean;
  /** Told where each member of a mapping or list stands. */
  readonly onMember?: ((container: object, key: unknown, position: number) => void) | undefined;
  /** How many levels of containers {@link onMember} hears of. */
  readonly memberDepth: number;
}

/**
 * Makes the values of a document: mappings become `Map`s with keys of their own types, later duplicates win at
 * the place of the first.
 *
 * @throws YamlProblem for tags and keys that the safe loader of PyYAML refuses.
 */
export function constructValue({ hasAliases, root }: ComposedDocument, options: ConstructOptions): unknown {
  return root === undefined ? null : new Constructor(options, hasAliases).construct(root);
}

class Constructor {
  readonly #options: ConstructOptions;
  /** What nodes became, for those that stand in several places; undefined when there are none. */
  readonly #made: Map<YamlNode, unknown> | undefined;
  #mergedPairs = 0;
  #depth = 0;

  constructor(options: ConstructOptions, hasAliases: boolean) {
    this.#options = options;
    this.#made = hasAliases ? new Map() : undefined;
  }

  construct(node: YamlNode): unknown {
    if (node.kind === "scalar") return this.#scalar(node);
    const known = this.#made?.get(node);
    if (known !== undefined) return known;
    this.#depth += 1;
    const value = this.#make(node);
    this.#depth -= 1;
    this.#made?.set(node, value);
    return value;
  }

  #note(container: object, key: unknown, position: number): void {
    if (this.#depth <= this.#options.memberDepth) this.#options.onMember?.(container, key, position);
  }

  #make(node: YamlSequenceNode | YamlMappingNode): unknown {
    const tag = node.tag ?? (node.kind === "sequence" ? `${CORE}seq` : `${CORE}map`);
    if (node.kind === "mapping" && tag === `${CORE}map`) return this.#mapping(node);
    if (node.kind === "sequence") {
      if (tag === `${CORE}seq`) return this.#sequence(node.items);
      if (tag === `${CORE}omap` || tag === `${CORE}pairs`) return this.#pairs(node.items);
      if (tag === ORDERED_DICT_TAG && this.#options.allowOrderedDict) return this.#orderedDict(node);
    }
    throw unknownTag(node, tag);
  }

  #scalar(node: YamlScalarNode): unknown {
    try {
      return constructScalar(scalarType(node), node.text, this.#options.values);
    } catch (error) {
      if (error instanceof YamlProblem) throw error;
      throw new YamlProblem(error instanceof Error ? error.message : String(error), node.position);
    }
  }

  #sequence(items: readonly YamlNode[]): unknown[] {
    const list: unknown[] = [];
    for (const [index, item] of items.entries()) {
      list.push(this.construct(item));
      this.#note(list, index, item.position);
    }
    return list;
  }

  #mapping(node: YamlMappingNode): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    const keys = new Map<unknown, unknown>();
    for (const [keyNode, valueNode] of this.#flatten(node)) {
      const key = isText(keyNode) ? keyNode.text : this.#typedKey(keyNode, keys);
      map.set(key, this.construct(valueNode));
      this.#note(map, key, keyNode.position);
    }
    return map;
  }

  /** 1, 1.0 and True are one key in Python: the first spelling stays, the last value counts. */
  #typedKey(node: YamlNode, keys: Map<unknown, unknown>): unknown {
    const identity = keyIdentity(node);
    const key = keys.has(identity) ? keys.get(identity) : this.#key(node);
    keys.set(identity, key);
    return key;
  }

  #key(node: YamlNode): unknown {
    if (node.kind !== "scalar") throw new YamlProblem("a list or mapping cannot be a key", node.position);
    return isSpecialKey(node, "value") ? node.text : this.#scalar(node);
  }

  // As in PyYAML, what is merged comes first, so that keys of the mapping itself win but keep the merged place.
  #flatten(node: YamlMappingNode): [YamlNode, YamlNode][] {
    if (!node.pairs.some(([key]) => isSpecialKey(key, "merge"))) return node.pairs;
    const merged: [YamlNode, YamlNode][] = [];
    const own: [YamlNode, YamlNode][] = [];
    for (const pair of node.pairs) {
      if (isSpecialKey(pair[0], "merge")) this.#addMerged(merged, pair[1]);
      else own.push(pair);
    }
    return [...merged, ...own];
  }

  #addMerged(merged: [YamlNode, YamlNode][], source: YamlNode): void {
    const mappings = source.kind === "sequence" ? source.items.toReversed() : [source];
    for (const mapping of mappings) {
      if (mapping.kind !== "mapping") {
        throw new YamlProblem("only mappings can be merged with <<", mapping.position);
      }
      for (const pair of this.#flatten(mapping)) merged.push(pair);
      this.#mergedPairs += mapping.pairs.length;
      if (merged.length > MAX_MERGED_PAIRS || this.#mergedPairs > MAX_MERGED_PAIRS) {
        throw new YamlProblem(`more than ${MAX_MERGED_PAIRS} merged values`, mapping.position);
      }
    }
  }

  #pairs(items: readonly YamlNode[]): unknown[] {
    return items.map((item) => {
      const pair = item.kind === "mapping" ? item.pairs : [];
      const [only] = pair;
      if (!only || pair.length !== 1) throw new YamlProblem("expected a mapping with one key", item.position);
      return this.#options.values.pair(this.construct(only[0]), this.construct(only[1]));
    });
  }

  // Python writes `OrderedDict` as a call: [[ [key, value], ... ]].
  #orderedDict(node: Extract<YamlNode, { kind: "sequence" }>): Map<unknown, unknown> {
    const [list] = node.items;
    const map = new Map<unknown, unknown>();
    if (node.items.length === 0) return map;
    if (node.items.length > 1 || list?.kind !== "sequence") {
      throw new YamlProblem("an OrderedDict needs one list of pairs", node.position);
    }
    for (const pair of list.items) {
      const [key, value] = pair.kind === "sequence" ? pair.items : [];
      if (!key || !value || pair.kind !== "sequence" || pair.items.length !== 2) {
        throw new YamlProblem("an OrderedDict needs pairs of key and value", pair.position);
      }
      const name = this.#key(key);
      map.set(name, this.construct(value));
      this.#note(map, name, key.position);
    }
    return map;
  }
}

function scalarType(node: YamlScalarNode): ScalarType {
  if (node.tag === undefined) return node.isPlain ? resolvePlain(node.text) : "str";
  const name = node.tag.slice(CORE.length);
  if (node.tag.startsWith(CORE) && isScalarType(name)) return name;
  throw unknownTag(node, node.tag);
}

function isScalarType(name: string): name is ScalarType {
  return SCALAR_TAGS.includes(name);
}

function isSpecialKey(node: YamlNode, type: "merge" | "value"): boolean {
  if (node.kind !== "scalar") return false;
  const mark = type === "merge" ? "<<" : "=";
  return node.tag === undefined ? node.isPlain && node.text === mark : node.tag === CORE + type;
}

/** Whether a node is a text, as nearly all keys are. */
function isText(node: YamlNode): node is YamlScalarNode {
  return node.kind === "scalar" && node.tag === undefined && scalarType(node) === "str";
}

function keyIdentity(node: YamlNode): unknown {
  if (node.kind !== "scalar") return node;
  const type = isSpecialKey(node, "value") ? "str" : scalarType(node);
  if (type !== "bool" && type !== "float" && type !== "int") return `${type} ${node.text}`;
  const number = constructScalar(type, node.text, plainYamlValues);
  return typeof number === "boolean" ? Number(number) : number;
}

function unknownTag(node: YamlNode, tag: string): YamlProblem {
  const shown = tag.startsWith(CORE) ? `!!${tag.slice(CORE.length)}` : tag;
  return new YamlProblem(`the tag ${shown} is not allowed for this ${node.kind}`, node.position);
}
