/** What of the page's state is kept in its address, so that a link leads to the same view. */
export interface Place {
  /** Milliseconds from the start; undefined means the end. */
  readonly ms: number | undefined;
  readonly filter: string;
}

/** Reads `#t=1500&filter=...`; anything else is the start of the page. */
export function readPlace(hash: string): Place {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const ms = Number.parseFloat(fields.get("t") ?? "");
  return { ms: Number.isFinite(ms) && ms >= 0 ? ms : undefined, filter: fields.get("filter") ?? "" };
}

/** The fragment of a link to a place. */
export function placeHash({ filter, ms }: Place): string {
  const fields = new URLSearchParams();
  // Rounded up, so that what happened at this moment has happened behind the link too.
  if (ms !== undefined) fields.set("t", String(Math.ceil(ms)));
  if (filter !== "") fields.set("filter", filter);
  return `#${fields.toString()}`;
}
