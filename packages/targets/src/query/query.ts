import { nearestName } from "@scap/config";

import { ExpressionError } from "../errors.ts";
import { membersOf } from "../host-set-members.ts";
import { parseHostSet } from "../host-set-parser.ts";
import {
  combineHostSets,
  EMPTY_HOST_SET,
  intersectHostSets,
  uniteHostSets,
  type HostSet,
  type SetStep,
} from "../host-set.ts";
import type { Aliases } from "./alias.ts";
import { DIRECT_BACKEND, type HostBackend, type NamesBackend } from "./backend.ts";
import { complement, joinBounded, type BoundedSet } from "./bounded-set.ts";
import { TextCursor } from "../text-cursor.ts";
import { readNamePattern } from "./name-pattern.ts";
import { parseQuery } from "./query-parser.ts";
import type { QueryChain, QueryLeaf, QueryNode, QueryPlace } from "./query-node.ts";

/** Where `@name` looks. */
export interface GroupLookup {
  /** Names of all groups, for suggestions. */
  names(): Promise<readonly string[]>;
  /** Hosts of a group; undefined when there is no such group. */
  hosts(name: string): Promise<HostSet | undefined>;
}

/** What a query can refer to. */
export interface QueryOptions {
  /** Besides `D{…}`. */
  readonly backends?: readonly HostBackend[] | undefined;
  readonly aliases?: Aliases | undefined;
  readonly groups?: GroupLookup | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a query selects. */
export interface QueryResult {
  readonly hosts: HostSet;
  /** What is legal and yet easily misread. */
  readonly warnings: readonly string[];
}

/**
 * Selects hosts: `web[1-3] and not A:canary`, `@group`, `K{*.example.org}`, in one grammar.
 *
 * @throws {ExpressionError} with the column: `QUERY_SYNTAX`, `QUERY_UNKNOWN_NAME`, `QUERY_ALIAS_LOOP`,
 *   `QUERY_UNBOUNDED`
 * @throws {TargetsError} `QUERY_BACKEND_FAILED`
 */
export async function queryHosts(text: string, options: QueryOptions = {}): Promise<QueryResult> {
  const warnings: string[] = [];
  const backends = [DIRECT_BACKEND, ...(options.backends ?? [])];
  const run: Run = {
    text,
    options,
    backends,
    warnings,
    names: new Map(),
    path: [],
    among: undefined,
    source: undefined,
  };
  const { hosts, isComplement } = await evaluate(run, parseQuery(text, { backends, warnings }));
  if (!isComplement) return { hosts, warnings };
  throw new ExpressionError(
    "The query selects every host except some, and there is no list of every host",
    { text, at: 0 },
    { code: "QUERY_UNBOUNDED", hint: "Put hosts in front: web[1-9] and not web3." },
  );
}

interface Run {
  /** The text that is being evaluated: the query's, or an alias's. */
  readonly text: string;
  readonly source: string | undefined;
  readonly options: QueryOptions;
  readonly backends: readonly HostBackend[];
  readonly warnings: string[];
  /** Names of backends, asked once a query. */
  readonly names: Map<NamesBackend, Promise<HostSet>>;
  /** Aliases that led here. */
  readonly path: readonly string[];
  /** The backend whose braces these are. */
  readonly among: NamesBackend | undefined;
}

async function evaluate(run: Run, node: QueryNode): Promise<BoundedSet> {
  switch (node.kind) {
    case "chain":
      return await evaluateChain(run, node);
    case "not":
      return complement(await evaluate(run, node.operand));
    case "alias":
      return await evaluateAlias(run, node);
    default:
      return { hosts: await lookUp(run, node), isComplement: false };
  }
}

async function evaluateChain(run: Run, chain: QueryChain): Promise<BoundedSet> {
  let left = await evaluate(run, chain.first);
  let steps: SetStep[] = [];
  for (const { operator, operand } of chain.rest) {
    const right = await evaluate(run, operand);
    if (!left.isComplement && !right.isComplement) {
      steps.push({ operator, right: right.hosts });
      continue;
    }
    left = joinBounded(operator, { ...left, hosts: combineHostSets(left.hosts, steps) }, right);
    steps = [];
  }
  return { ...left, hosts: combineHostSets(left.hosts, steps) };
}

async function evaluateAlias(run: Run, node: QueryLeaf & { kind: "alias" }): Promise<BoundedSet> {
  const { options, backends, warnings, path } = run;
  const alias = options.aliases?.get(node.name);
  const trail = [...path, node.name];
  if (alias === undefined) {
    throw unknown(run, node, `There is no alias ${node.name}`, [...(options.aliases?.keys() ?? [])]);
  }
  if (path.includes(node.name)) {
    const circle = trail.slice(trail.indexOf(node.name)).join(" -> ");
    throw failure(run, node, `The alias ${node.name} refers to itself: ${circle}`, {
      code: "QUERY_ALIAS_LOOP",
    });
  }
  const source = alias.source ?? `alias ${node.name}`;
  const parsed = parseQuery(alias.text, { backends, warnings, source });
  return await evaluate({ ...run, text: alias.text, source, path: trail }, parsed);
}

type Lookup = Exclude<QueryLeaf, { kind: "alias" | "not" }>;

async function lookUp(run: Run, node: Lookup): Promise<HostSet> {
  switch (node.kind) {
    case "hosts":
      return run.among === undefined
        ? node.hosts
        : intersectHostSets(node.hosts, await namesOf(run, run.among));
    case "pattern":
      return await lookUpPattern(run, node);
    case "group":
      return await lookUpGroup(run, node);
    case "search":
      return await node.backend.search(node.query, { signal: run.options.signal });
    case "among":
      return await lookUpAmong({ ...run, among: node.backend }, node.backend, node.operand);
  }
}

async function lookUpAmong(run: Run, backend: NamesBackend, operand: QueryNode): Promise<HostSet> {
  const { hosts, isComplement } = await evaluate(run, operand);
  const all = { hosts: await namesOf(run, backend), isComplement: false };
  return joinBounded("&", all, { hosts, isComplement }).hosts;
}

async function lookUpPattern(run: Run, node: Lookup & { kind: "pattern" }): Promise<HostSet> {
  const known = run.backends.filter((backend) => backend.kind === "names");
  const asked = run.among === undefined ? known : [run.among];
  if (asked.length === 0) {
    throw failure(run, node, `No backend knows names for the pattern ${node.text}`, {
      hint: "Write a range such as web[1-3] instead of a pattern.",
    });
  }
  const sets = await Promise.all(asked.map((backend) => namesOf(run, backend)));
  const names = membersOf(uniteHostSets(sets)).filter((name) => node.pattern.test(name));
  return names.length === 0 ? EMPTY_HOST_SET : parseHostSet(names.join(","));
}

async function lookUpGroup(run: Run, node: Lookup & { kind: "group" }): Promise<HostSet> {
  const { groups } = run.options;
  const found = /[*?]/.test(node.name) ? await groupsLike(node.name, groups) : await groups?.hosts(node.name);
  if (found === undefined) {
    const names = (await groups?.names()) ?? [];
    throw unknown(run, node, `There is no group ${node.name}`, names);
  }
  return run.among === undefined ? found : intersectHostSets(found, await namesOf(run, run.among));
}

/** The hosts of all groups whose names match; undefined when none does. */
async function groupsLike(pattern: string, groups: GroupLookup | undefined): Promise<HostSet | undefined> {
  const like = readNamePattern(new TextCursor(pattern, { code: "QUERY_SYNTAX" }));
  const names = ((await groups?.names()) ?? []).filter((name) => like.test(name));
  if (groups === undefined || names.length === 0) return undefined;
  const sets = await Promise.all(names.map((name) => groups.hosts(name)));
  return uniteHostSets(sets.map((set) => set ?? EMPTY_HOST_SET));
}

async function namesOf(run: Run, backend: NamesBackend): Promise<HostSet> {
  const known = run.names.get(backend) ?? backend.names({ signal: run.options.signal });
  run.names.set(backend, known);
  return await known;
}

function unknown(
  run: Run,
  node: QueryPlace & { name: string },
  reason: string,
  names: readonly string[],
): ExpressionError {
  const near = nearestName(node.name, names);
  const hint = near === undefined ? undefined : `Did you mean ${near}?`;
  return failure(run, node, reason, { code: "QUERY_UNKNOWN_NAME", hint });
}

function failure(
  run: Run,
  node: QueryPlace,
  reason: string,
  options: { code?: "QUERY_UNKNOWN_NAME" | "QUERY_ALIAS_LOOP"; hint?: string | undefined },
): ExpressionError {
  const place = { text: run.text, at: node.at, source: run.source };
  return new ExpressionError(reason, place, { code: options.code ?? "QUERY_SYNTAX", hint: options.hint });
}
