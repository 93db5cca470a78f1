import { isBreak, type ScalarStyle } from "./yaml-scalar-style.ts";

/** Lines longer than this are folded where a style allows it. */
const BEST_WIDTH = 80;

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "0",
  "\x07": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
  "\x1b": "e",
  '"': '"',
  "\\": "\\",
  "\u0085": "N",
  "\u00a0": "_",
  "\u2028": "L",
  "\u2029": "P",
};

/** Writes words and scalars, and knows where on the line it is. Folds lines exactly as PyYAML does. */
export class YamlLines {
  readonly #parts: string[] = [];
  #column = 0;
  #isAfterBlank = true;
  /** Whether nothing but indentation and indicators is on the line. */
  #isIndention = true;

  /** Everything that was written. */
  get text(): string {
    return this.#parts.join("");
  }

  get isIndention(): boolean {
    return this.#isIndention;
  }

  /** Goes to a column, on a new line unless this one has nothing but indentation up to there. */
  indentTo(column: number): void {
    const isPast = this.#column > column || (this.#column === column && !this.#isAfterBlank);
    if (!this.#isIndention || isPast) this.#break("\n");
    if (this.#column >= column) return;
    this.#write(" ".repeat(column - this.#column));
    this.#isAfterBlank = true;
  }

  /** Writes `-`, `?`, `:`, a tag or a bracket. */
  indicator(word: string, options: { needsBlank?: boolean; isIndention?: boolean } = {}): void {
    const { isIndention = false, needsBlank = true } = options;
    const blank = needsBlank && !this.#isAfterBlank ? " " : "";
    this.#isAfterBlank = false;
    this.#isIndention &&= isIndention;
    this.#write(`${blank}${word}`);
  }

  /** Writes a scalar; its further lines start at `indent`. */
  scalar(text: string, style: ScalarStyle, options: { indent: number; mayFold: boolean }): void {
    const characters = Array.from(text);
    if (style === "plain") this.#plain(characters, options);
    else if (style === "single") this.#singleQuoted(characters, options);
    else this.#doubleQuoted(characters, options);
  }

  /** Writes a text as it is, as a literal block that ends with one line end. */
  literal(text: string, indent: number): void {
    this.indicator("|");
    for (const line of text.trimEnd().split("\n")) {
      this.#break("\n");
      this.indentTo(indent);
      this.#write(line);
    }
    this.#isAfterBlank = this.#isIndention = false;
  }

  #plain(characters: readonly string[], { indent, mayFold }: { indent: number; mayFold: boolean }): void {
    if (characters.length === 0) return;
    if (!this.#isAfterBlank) this.#write(" ");
    this.#isAfterBlank = this.#isIndention = false;
    for (const [index, run] of runsOf(characters).entries()) {
      const isFold = run === " " && index > 0 && this.#column > BEST_WIDTH && mayFold;
      if (isFold) this.#foldTo(indent);
      else this.#write(run);
    }
  }

  #foldTo(indent: number): void {
    this.indentTo(indent);
    this.#isAfterBlank = this.#isIndention = false;
  }

  #singleQuoted(
    characters: readonly string[],
    { indent, mayFold }: { indent: number; mayFold: boolean },
  ): void {
    this.indicator("'");
    const runs = runsOf(characters);
    for (const [index, run] of runs.entries()) {
      const isInside = index > 0 && index < runs.length - 1;
      if (run === " " && isInside && this.#column > BEST_WIDTH && mayFold) this.indentTo(indent);
      else if (isBreak(run[0])) this.#writeBreaks(run, indent);
      else this.#write(run.replaceAll("'", "''"));
    }
    this.indicator("'", { needsBlank: false });
  }

  /** A single line end would be read as a blank, so each run of them has one more. */
  #writeBreaks(run: string, indent: number): void {
    if (run.startsWith("\n")) this.#break("\n");
    for (const character of run) this.#break(character);
    this.indentTo(indent);
  }

  #doubleQuoted(
    characters: readonly string[],
    { indent, mayFold }: { indent: number; mayFold: boolean },
  ): void {
    this.indicator('"');
    let pending = "";
    const flush = (more = ""): void => {
      this.#write(`${pending}${more}`);
      pending = "";
    };
    for (const [index, character] of characters.entries()) {
      const escape = escapeOf(character);
      if (escape !== undefined) flush(escape);
      const isInside = index > 0 && index < characters.length - 1;
      const width = this.#column + Array.from(pending).length - (escape === undefined ? 0 : 1);
      if (isInside && mayFold && (character === " " || pending === "") && width > BEST_WIDTH) {
        flush("\\");
        this.#foldTo(indent);
        // A blank at the start of a line would be taken for indentation.
        if (characters[escape === undefined ? index : index + 1] === " ") this.#write("\\");
      }
      if (escape === undefined) pending += character;
    }
    flush();
    this.indicator('"', { needsBlank: false });
  }

  #write(text: string): void {
    this.#parts.push(text);
    this.#column += Array.from(text).length;
  }

  #break(text: string): void {
    this.#parts.push(text);
    this.#column = 0;
    this.#isAfterBlank = this.#isIndention = true;
  }
}

/** Cuts a text into single blanks, runs of blanks, runs of line ends, and what is between them. */
function runsOf(characters: readonly string[]): string[] {
  return characters.join("").match(/ +|[\n\u0085\u2028\u2029]+|[^ \n\u0085\u2028\u2029]+/gu) ?? [];
}

/** PyYAML writes everything but printable ASCII as an escape. */
function escapeOf(character: string): string | undefined {
  const known = ESCAPES[character];
  if (known !== undefined) return `\\${known}`;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code <= 0x7e) return undefined;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
