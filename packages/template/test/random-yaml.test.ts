import { describe, expect, it } from "vitest";
import { havePyYaml, readOurs, readTheirs } from "./pyyaml.ts";
import { YamlGenerator } from "./yaml-generator.ts";
import { piecesOfYaml } from "./yaml-pieces.ts";

const COUNT = Number(process.env["YAML_DIFFERENTIAL_COUNT"] ?? 3000);
const SEED = Number(process.env["YAML_DIFFERENTIAL_SEED"] ?? 1);

describe.skipIf(!havePyYaml && process.env["CI"] === undefined)(
  `random YAML${havePyYaml ? "" : " (NOT RUN: needs Debian's python3-yaml)"}`,
  () => {
    it(
      `has the values that PyYAML reads, where both can read it (${COUNT} texts, seed ${SEED})`,
      () => {
        const generator = new YamlGenerator(SEED);
        const texts = Array.from({ length: COUNT }, () => generator.next());
        const theirs = readTheirs(texts).map((value) => JSON.stringify(value));
        const ours = texts.map((text) => JSON.stringify(readOurs(text)));
        const shown = texts.map(
          (text, index) => `${JSON.stringify(text)}\n  PyYAML: ${theirs[index]}\n  ours:   ${ours[index]}`,
        );
        const different = shown.filter((_, index) => theirs[index] !== ours[index]);
        const isRefused = (text: string): boolean => text.includes('"ERROR"');
        const read = theirs.filter((value) => value !== '"ERROR"').length;
        console.info(
          `seed ${SEED}: ${COUNT} texts compared, PyYAML reads ${read}, ${different.length} only one side`,
        );
        expect(different.filter((text) => !isRefused(text))).toEqual([]);
        // Damaged texts that only one side makes sense of, such as `[?a]`, which we refuse.
        expect(different.slice(COUNT / 100)).toEqual([]);
      },
      COUNT * 100,
    );

    it(
      `is read like PyYAML does, or refused, whatever its pieces are (${COUNT} texts, seed ${SEED})`,
      () => {
        const texts = piecesOfYaml(SEED, COUNT);
        const theirs = readTheirs(texts).map((value) => JSON.stringify(value));
        const different = texts
          .map((text, index) => ({ text, theirs: theirs[index], ours: JSON.stringify(readOurs(text)) }))
          .filter(({ ours, theirs: wanted }) => ours !== wanted && ours !== '"ERROR"');
        expect(different.filter(({ theirs: wanted }) => wanted !== '"ERROR"')).toEqual([]);
        // Damaged texts that only we make sense of, such as `k: !!null : x`.
        expect(different.slice(COUNT / 200)).toEqual([]);
      },
      COUNT * 100,
    );
  },
);
