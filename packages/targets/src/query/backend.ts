import type { HostSet } from "../host-set.ts";

/** What a backend is told besides the query. */
export interface BackendCall {
  readonly signal?: AbortSignal | undefined;
}

/** A source of hosts that a query reaches as `X{…}`; `prefix` is the X, in either case. */
export type HostBackend = DirectBackend | NamesBackend | SearchBackend;

interface BackendIdentity {
  /** Letters and digits, a letter first; `A` is taken by aliases. */
  readonly prefix: string;
  /** For messages, for example `known hosts`. */
  readonly name: string;
}

/** Takes names as they are written, without looking them up. */
export interface DirectBackend extends BackendIdentity {
  readonly kind: "direct";
}

/** Knows a fixed set of names, and cuts every query of the common grammar down to them. */
export interface NamesBackend extends BackendIdentity {
  readonly kind: "names";
  /** All names; asked at most once a query. */
  names(call: BackendCall): Promise<HostSet>;
}

/** Has a query language of its own. */
export interface SearchBackend extends BackendIdentity {
  readonly kind: "search";
  /** The hosts that a query, the text between the braces, selects. */
  search(query: string, call: BackendCall): Promise<HostSet>;
}

/** `D{…}`: names as written. */
export const DIRECT_BACKEND: DirectBackend = { kind: "direct", prefix: "D", name: "direct" };
