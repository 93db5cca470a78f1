import type { HostState } from "@scap/events";

const SYMBOLS: Readonly<Record<HostState, string>> = {
  "not started": "·",
  running: "▸",
  ok: "✓",
  failed: "✗",
  unreachable: "?",
  "timed-out": "⧖",
  skipped: "–",
  cancelled: "–",
  "rolled back": "↶",
};

/** A sign for a state, so that colour is not the only carrier of meaning. */
export function stateSymbol(state: HostState): string {
  return SYMBOLS[state];
}

/** The class of a state's colours. */
export function stateClass(state: HostState): string {
  return `state ${state.replace(" ", "-")}`;
}
