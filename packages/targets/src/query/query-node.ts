import type { HostSet, SetOperator } from "../host-set.ts";
import type { NamesBackend, SearchBackend } from "./backend.ts";

/** Every way to write an operator, and the one of host sets that it is. */
export const OPERATORS: Readonly<Record<string, SetOperator>> = {
  ",": ",",
  "!": "!",
  "&": "&",
  "^": "^",
  or: ",",
  and: "&",
  xor: "^",
};

/** A query as read: a tree whose chains are evaluated strictly from left to right. */
export type QueryNode = QueryLeaf | QueryChain;

/** What every node knows of its place. */
export interface QueryPlace {
  /** Position in the text, counted from 0. */
  readonly at: number;
  /** The node as written. */
  readonly text: string;
}

/** A node that is no chain. */
export type QueryLeaf = QueryPlace &
  (
    | { readonly kind: "hosts"; readonly hosts: HostSet }
    /** A name with `*` or `?`, looked up among known names. */
    | { readonly kind: "pattern"; readonly pattern: RegExp }
    | { readonly kind: "alias"; readonly name: string }
    | { readonly kind: "group"; readonly name: string }
    | { readonly kind: "search"; readonly backend: SearchBackend; readonly query: string }
    | { readonly kind: "among"; readonly backend: NamesBackend; readonly operand: QueryNode }
    | { readonly kind: "not"; readonly operand: QueryNode }
  );

/** Operands joined without precedence. */
export interface QueryChain extends QueryPlace {
  readonly kind: "chain";
  readonly first: QueryNode;
  readonly rest: readonly QueryStep[];
}

/** One operator of a chain with its right side. */
export interface QueryStep {
  readonly operator: SetOperator;
  /** As written: `and`, `,`. */
  readonly text: string;
  readonly operand: QueryNode;
}
