import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { coerceText, parseIni } from "../src/index.ts";
import { applicableSections, mergeSections } from "../src/sections.ts";
import {
  askConfigParser,
  askForMerge,
  askForNumbers,
  hasPython,
  type ConfigParserAnswer,
} from "./configparser-oracle.ts";

const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);
const isMissing = !hasPython() && process.env["CI"] === undefined;

const blank = fc.constantFrom("", "", " ", "  ", "\t", "\u00a0", "\f");
const word = fc.constantFrom(
  "a",
  "B",
  "foo",
  "İx",
  "foo bar",
  "[x",
  "%(a)s",
  "'q'",
  "# c",
  "; c",
  "",
  "100%",
  "x=y",
  "k: v",
  "\uFEFF",
);
const line = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(
      blank,
      fc.constantFrom("[global]", "[DEFAULT]", "[x y]", "[G]"),
      fc.constantFrom("", "", " junk"),
    ),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(blank, word, blank, fc.constantFrom(":", "=", " := "), blank, word, blank),
  },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom("  ", "\t", "    "), word) },
  {
    weight: 1,
    arbitrary: fc.tuple(blank, fc.constantFrom("#x", ";x", "", "//x: 1", "rem", "[]", "[ ]", ":")),
  },
);
const iniText = fc
  .array(fc.tuple(line, fc.constantFrom("\n", "\n", "\n", "\r\n", "\r")), { maxLength: 9 })
  .map((lines) => `[global]\n${lines.map(([parts, end]) => parts.join("") + end).join("")}`);

/** Pieces in any order; a second `]` on a header line is left out, since versions of Python disagree about it. */
const iniPieces = fc
  .array(
    fc.constantFrom(
      ...["[", "[global]", "[a]", "[DEFAULT]", "]", "a", "b", "A", "é", "Σ", "İ", "😀", "foo: bar\n", "rem "],
      ...[":", "=", "=:", "#", ";", "%", "'", " ", "  ", "\t", "\n", "\n", "\n", "\r", "\r\n", "\0"],
      ...["\v", "\f", "\x1c", "\x1f", "\x85", "\u2028", "\uFEFF", "\u00a0", "\u200b", "__name__"],
    ),
    { maxLength: 14 },
  )
  .map((pieces) => `[global]\n${pieces.join("")}`)
  .filter((source) => !/\[[^\n\r]*\][^\n\r]*\]/.test(source));

/** What Python may or may not take for a number. */
const numberText = fc
  .array(
    fc.constantFrom(
      ...["1", "0", "5", "10", "00", "_", ".", "e", "E", "+", "-", " ", "\t", "\n", "x", "o", "inf", "nan"],
      ...["infinity", "NaN", "٣", "５", "𝟡", "²", "\u00a0", "\u2003", "\0"],
    ),
    { maxLength: 5 },
  )
  .map((pieces) => pieces.join(""));

/** A file with some sections, each with some options, whose values tell where they stand. */
const layer = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom("DEFAULT", "global", "example", "dc1.example", "d1.dc1.example", "d1", "Example"),
      fc.subarray(["a", "b", "c"]),
    ),
    { selector: ([section]) => section },
  )
  .chain((sections) => fc.integer({ max: 99, min: 10 }).map((mark) => ({ sections, mark })))
  .map(({ sections, mark }) =>
    sections
      .map(
        ([section, options]) => `[${section}]\n${options.map((o) => `${o}: ${section} ${mark}\n`).join("")}`,
      )
      .join(""),
  );

/** The number that Python printed; null where it refused the text. */
function asNumber(printed: string | null | undefined): number | null {
  return printed === null || printed === undefined ? null : Number(printed.replace("inf", "Infinity"));
}

function ours(source: string): ConfigParserAnswer {
  const file = parseIni(source, "scap.cfg");
  if (file.problems.length > 0) return null;
  const sections = [...file.sections].map(([name, section]) => {
    const options = [...section.options].map(([option, { value }]) => [option, value] as const);
    return [name, Object.fromEntries(options)] as const;
  });
  return { DEFAULT: {}, ...Object.fromEntries(sections) };
}

describe.skipIf(isMissing)(
  `agreement with Python${isMissing ? " NOT RUN: needs /usr/bin/python3" : ""}`,
  () => {
    test(`8,000 random files are read as ConfigParser reads them (seed ${SEED})`, async () => {
      const texts = fc.sample(fc.oneof(iniText, iniPieces), { numRuns: 8_000, seed: SEED });
      const answers = await askConfigParser(texts);
      for (const [index, source] of texts.entries()) {
        expect({ source, read: ours(source) }).toEqual({ source, read: answers[index] });
      }
    });

    test(`3,000 texts are numbers where they are numbers in Python (seed ${SEED})`, async () => {
      const texts = fc.sample(numberText, { numRuns: 3_000, seed: SEED });
      const answers = await askForNumbers(texts);
      for (const [index, text] of texts.entries()) {
        const [int, float] = [coerceText("int", text), coerceText("float", text)];
        const read = [int.ok ? int.value : null, float.ok ? float.value : null];
        const [wantedInt, wantedFloat] = answers[index] ?? [];
        const wanted = [asNumber(wantedInt), asNumber(wantedFloat)];
        expect({ text, read }).toEqual({ text, read: wanted });
      }
    });

    test(`2,000 pairs of files merge as Python Scap merges them (seed ${SEED})`, async () => {
      const pairs = fc.sample(fc.tuple(layer, layer), { numRuns: 2_000, seed: SEED });
      const answers = await askForMerge(pairs.map((texts) => [texts, applicableSections("d1.dc1.example.")]));
      for (const [index, texts] of pairs.entries()) {
        const files = texts.map((source) => parseIni(source, "scap.cfg"));
        const merged = mergeSections(files, { fqdn: "d1.dc1.example." });
        const read = Object.fromEntries([...merged].map(([option, { value }]) => [option, value]));
        expect({ texts, read }).toEqual({ texts, read: answers[index] });
      }
    });
  },
);

test("no text of any kind makes the parser throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (source) => {
      parseIni(source, "scap.cfg");
      parseIni(`[global]\n${source}`, "scap.cfg");
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

test("a file cut at any byte is read or refused with a line that exists", () => {
  const whole = "[global]\nfoo: bar\n  more\n\n# c\n[a.b] x\nÜ = é\n:\n[a.b]\nfoo\n";
  const bytes = Buffer.from(whole);
  for (let end = 0; end <= bytes.length; end += 1) {
    const cut = bytes.subarray(0, end).toString();
    for (const { origin } of parseIni(cut, "scap.cfg").problems) {
      expect(origin?.kind === "file" ? origin.line : 0).toBeLessThanOrEqual(cut.split("\n").length);
    }
  }
});

test("whatever is written as a number is read as that number", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(coerceText("int", ` ${value}\n`)).toEqual({ ok: true, value: value + 0 });
    }),
    { seed: SEED },
  );
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      const text = String(value).replace("Infinity", "inf");
      expect(coerceText("float", text)).toEqual({ ok: true, value: Object.is(value, -0) ? 0 : value });
    }),
    { seed: SEED },
  );
});

test("a file of a megabyte with one endless line of blanks is read at once", () => {
  const file = parseIni(`[global]\nfoo: a${" ".repeat(1_000_000)}b\n${" ".repeat(1_000_000)}\n`, "scap.cfg");
  expect(file.sections.get("global")?.options.get("foo")?.value).toHaveLength(1_000_002);
});
