import type { TagKind, TagStart } from "./lexer-rules.ts";

/** Finds start delimiters, one after the other. */
export class StartFinder {
  /** What was found. */
  kind: TagKind = "block";
  /** Where it begins. */
  index = 0;
  /** Where it ends. */
  end = 0;
  readonly #source: string;
  readonly #places: readonly Place[];

  /** @param starts - where two begin at one place, the first of them counts. */
  constructor(source: string, starts: readonly TagStart[]) {
    this.#source = source;
    this.#places = starts.map((start) => ({ start, index: -1, end: 0 }));
  }

  /** Goes to the first delimiter that begins at `from` or later. Returns whether there is one. */
  find(from: number): boolean {
    let first: Place | undefined;
    for (const place of this.#places) {
      if (place.index < from) this.#advance(place, from);
      if (place.index < (first?.index ?? NOWHERE)) first = place;
    }
    if (first === undefined) return false;
    this.kind = first.start.kind;
    this.index = first.index;
    this.end = first.end;
    return true;
  }

  /** Each kind is looked for on its own, and only behind where it was found last, so that all is looked at once. */
  #advance(place: Place, from: number): void {
    const { delimiter, pattern } = place.start;
    if (pattern === undefined) {
      const index = this.#source.indexOf(delimiter, from);
      place.index = index < 0 ? NOWHERE : index;
      place.end = index + delimiter.length;
    } else {
      pattern.lastIndex = from;
      const match = pattern.exec(this.#source);
      place.index = match?.index ?? NOWHERE;
      place.end = pattern.lastIndex;
    }
  }
}

/** Where a delimiter is next. */
interface Place {
  readonly start: TagStart;
  index: number;
  end: number;
}

const NOWHERE = Number.MAX_SAFE_INTEGER;
