/** Pieces of YAML, of its scalars, and what only resembles it. */
const PIECES: readonly string[] = [
  ..."0 1 2 7 8 9 10 _ . - + : e E x o b f n y ~ null true No on inf .nan .inf T Z -01 2020-01-02 12:30 :59".split(
    " ",
  ),
  ..."' \" \\ # , [ ] { } *a ! | > |- % @ ` ? << = é 😀 abc".split(" "),
  ...[
    " ",
    "  ",
    " #",
    "&a ",
    "!!str ",
    "!!int ",
    "!!float ",
    "!!null ",
    "!!binary ",
    "! ",
    ">-\n  ",
    "\n  ",
    "\n",
  ],
  ...[
    "\t",
    "? ",
    "- ",
    ": ",
    "a b",
    "\r\n",
    "\r",
    "\0",
    "\u007f",
    "\u0080",
    "\u0085",
    "\u00a0",
    "\u2028",
    "\u2029",
  ],
  ...["\ufeff", "\ufffe"],
];

/** Places where a scalar can stand. */
const PLACES: readonly ((scalar: string) => string)[] = [
  (scalar) => `k: ${scalar}\n`,
  (scalar) => `k: ${scalar}`,
  (scalar) => `- ${scalar}\n- z\n`,
  (scalar) => `[${scalar}, 1]\n`,
  (scalar) => `{${scalar}: 1}\n`,
  (scalar) => `${scalar}: 1\n`,
  (scalar) => `k:\n  ${scalar}\nz: 1\n`,
  (scalar) => `a: &a {q: 1}\nk: ${scalar}\n`,
  (scalar) => `k: |\n  ${scalar}\nz: 1\n`,
  (scalar) => `k: "${scalar}"\n`,
  (scalar) => `k: '${scalar}'\n`,
  (scalar) => `k: >-\n  ${scalar}\n  ${scalar}\n\n  x\n`,
];

/** Short texts with pieces of YAML in any order; the same for the same seed. */
export function piecesOfYaml(seed: number, count: number): string[] {
  let state = (seed % 2_147_483_646) + 1;
  const pick = <Item>(items: readonly Item[]): Item => {
    state = (state * 48_271) % 2_147_483_647;
    return items[state % items.length] as Item; // never empty
  };
  return Array.from({ length: count }, () => {
    const pieces = Array.from({ length: pick([1, 2, 3, 4, 5, 6]) }, () => pick(PIECES));
    return pick(PLACES)(pieces.join(""));
  });
}
