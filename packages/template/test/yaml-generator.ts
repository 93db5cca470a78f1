/** Scalars of all types. */
const WORDS: readonly string[] = [
  ..."a b key x1 yes No ON off true TRUE tRue y N ~ null Null NULL nULL 0 1 -1 +7 12 012 0o14 08 -0b101 0x1F 0xg".split(
    " ",
  ),
  ..."1_000 _1 1__0_ 60:30 1:60 -1:30:00 190:20:30.15 1:2.5 .5 1. -1.5 1e3 1.0e3 1.0e+3 .5e-3 1.5E+10 .inf".split(
    " ",
  ),
  ..."-.INF +.inf .NaN -.nan 12345678901234567890 2020-01-01 2020-1-1 2020-01-01T10:00:00Z -a ?a :a #c a#b".split(
    " ",
  ),
  ..."2020-01-01t1:02:03.5-3 2020-01-01T10:00:00.123456789+05:30 2020-12-31T23:59:59-23:59 . .. é ☃ 😀 a\\b".split(
    " ",
  ),
  ...'\'\' "" \'x\' "x" \'it\'\'s\' "a\\tb" "\\x41\\u00e9\\U0001F600" "\\ \\/\\0\\a\\e\\N\\_\\L\\P"'.split(
    " ",
  ),
];
/** What PyYAML refuses in most places. */
const ODD_WORDS: readonly string[] =
  '2020-02-30 2020-01-01T00:00:00+24:00 - --- ... ? : a: = << "\\q" @x `x %x !x !!str & * | > {} [] , a, [a {a a] a} " \' \\ ='.split(
    " ",
  );
const TAGS: readonly string[] =
  "!!str !!int !!float !!bool !!null !!timestamp !!binary ! !<tag:yaml.org,2002:str>".split(" ");
const ODD_TAGS: readonly string[] =
  "!!omap !!pairs !!seq !!map !foo !!python/none !!unknown !!merge !!value".split(" ");
const HEADERS: readonly string[] = "| > |- >- |+ >+ |2 >1 |2- >+1 |0 |10 |x".split(" ");
const BREAKS: readonly string[] = [
  "\n",
  "\n",
  "\n",
  "\n",
  "\n\n",
  " # c\n",
  "\r\n",
  "\r",
  "\n# c\n",
  " \n",
  "\t\n",
];

/** Writes random texts that are YAML, or nearly; the same for the same seed. */
export class YamlGenerator {
  #state: number;
  #anchors = 0;

  constructor(seed: number) {
    this.#state = (seed % 2_147_483_646) + 1;
  }

  /** The next text. */
  next(): string {
    this.#anchors = 0;
    const text = this.#below(12) === 0 ? `---\n${this.#block(0, 3)}` : this.#block(0, 3);
    if (this.#below(7) === 0) return this.#damaged(text);
    return this.#below(4) === 0 ? text.replace(/\n$/, "") : text;
  }

  #below(limit: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state % limit;
  }

  #pick(items: readonly string[]): string {
    return items[this.#below(items.length)] ?? "";
  }

  #word(): string {
    return this.#pick(this.#below(25) === 0 ? ODD_WORDS : WORDS);
  }

  #tag(): string {
    return this.#pick(this.#below(4) === 0 ? ODD_TAGS : TAGS);
  }

  #anchor(): string {
    return this.#below(8) === 0 ? this.#pick(["&x ", "&y "]) : `&n${this.#anchors++} `;
  }

  #block(indent: number, depth: number): string {
    const count = 1 + this.#below(4);
    return this.#below(3) === 0 ? this.#list(indent, depth, count) : this.#mapping(indent, depth, count);
  }

  #list(indent: number, depth: number, count: number): string {
    const items = Array.from({ length: count }, () => `- ${this.#node(indent + 2, depth - 1)}`);
    return items.map((item) => " ".repeat(indent) + item).join("");
  }

  #mapping(indent: number, depth: number, count: number): string {
    const entries = Array.from(
      { length: count },
      () => `${this.#key(indent)}: ${this.#node(indent + 2, depth - 1)}`,
    );
    return entries.map((entry) => " ".repeat(indent) + entry).join("");
  }

  #key(indent: number): string {
    const kind = this.#below(24);
    if (kind === 0) return this.#below(2) === 0 ? "<<" : "b";
    if (kind === 1) return `? ${this.#word()}\n${" ".repeat(indent)}`;
    if (kind === 2) return `&k ${this.#word()}`;
    if (kind === 3) return `${this.#tag()} ${this.#word()}`;
    return kind < 14 ? this.#pick(["a", "b", "c", "d", "a b", "'a'", '"b"']) : this.#word();
  }

  /** A value and the end of its line. */
  #node(indent: number, depth: number): string {
    const prefix =
      (this.#below(14) === 0 ? `${this.#tag()} ` : "") + (this.#below(8) === 0 ? this.#anchor() : "");
    if (depth > 0 && this.#below(3) === 0) return `${prefix.trimEnd()}\n${this.#block(indent, depth)}`;
    return prefix + this.#leaf(indent, depth) + this.#pick(BREAKS);
  }

  #leaf(indent: number, depth: number): string {
    switch (this.#below(14)) {
      case 0:
        return this.#reference();
      case 1:
      case 2:
        return this.#flow(depth);
      case 3:
        return this.#literal(indent);
      case 4:
        return `${this.#word()} ${this.#word()}`;
      case 5:
        return `${this.#word()}\n${" ".repeat(indent + this.#below(2))}${this.#word()}`;
      case 6:
        return this.#quoted(indent);
      case 7:
        return "";
      case 8:
        return this.#pick(["aGk=", "aGk", "a G k =", "\n  aGk=", "====", "éé"]);
      default:
        return this.#word();
    }
  }

  #reference(): string {
    // The newest anchor may be the one of the node around this.
    const name = (): string => (this.#anchors < 2 ? "x" : `n${this.#below(this.#anchors - 1)}`);
    const [one, other] = [name(), name()];
    return this.#pick([
      `*${one}`,
      `[*${one}, *${other}]`,
      `{<<: *${one}, a: 1}`,
      `{<<: [*${one}, *${other}], b: 2}`,
    ]);
  }

  #flow(depth: number): string {
    const member = (): string => (depth > 0 && this.#below(4) === 0 ? this.#flow(depth - 1) : this.#word());
    const between = this.#pick([", ", ",", " , ", ",\n    ", ", # c\n    ", ",#c\n    "]);
    const count = this.#below(4);
    if (this.#below(2) === 0)
      return `[${Array.from({ length: count }, member).join(between)}${this.#pick(["", "", ","])}]`;
    const pair = (): string =>
      `${this.#pick(["a", "b", "'c'", "1", "? d", "<<"])}${this.#pick([": ", ": ", ":", ""])}${member()}`;
    return `{${Array.from({ length: count }, pair).join(between)}}`;
  }

  #literal(indent: number): string {
    const lines = Array.from({ length: this.#below(5) }, () => {
      const margin = " ".repeat(Math.max(0, indent + this.#below(4) - 1));
      return this.#below(4) === 0
        ? ""
        : margin + this.#pick(["text", "more text", "# no comment", "- x", "\ttab", "a: b", ""]);
    });
    return `${this.#pick(HEADERS)}\n${lines.join("\n")}`;
  }

  #quoted(indent: number): string {
    const quote = this.#pick(["'", '"']);
    const parts = [
      "a",
      " ",
      "  ",
      "\n",
      "\n\n",
      `\n${" ".repeat(indent)}`,
      "b c",
      "#",
      ": ",
      "\\\n",
      "\t",
      "''",
      '\\"',
      "é",
      "%",
      "--- ",
    ];
    return quote + Array.from({ length: this.#below(6) }, () => this.#pick(parts)).join("") + quote;
  }

  /** A text with one character or line too much or too little. */
  #damaged(text: string): string {
    const position = this.#below(text.length + 1);
    const cut = this.#below(3) === 0 ? this.#below(4) : 0;
    const more =
      cut > 0
        ? ""
        : this.#pick([" ", "\n", ":", "-", "'", '"', "[", "]", "{", "}", ",", "#", "\t", "&", "*", "!", "a"]);
    return text.slice(0, position) + more + text.slice(position + cut);
  }
}
