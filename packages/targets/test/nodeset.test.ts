import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import {
  countHosts,
  expandHosts,
  foldHosts,
  parseHostSet,
  queryHosts,
  type QueryOptions,
  splitHosts,
  writeHostSet,
} from "../src/index.ts";
import { ExpressionGenerator } from "./expression-generator.ts";
import { fleetTerms } from "./fleet-names.ts";
import { GROUPS, NESTED, groupExpression } from "./group-expressions.ts";
import { mixedTerms } from "./mixed-terms.ts";
import { askNodeset, hasClusterShell, type NodesetAnswer } from "./nodeset-oracle.ts";

const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);
const ALL_NAMES = Object.values(GROUPS).join(",");
const isMissing = !hasClusterShell() && process.env["CI"] === undefined;

describe.skipIf(isMissing)(
  `agreement with ClusterShell${isMissing ? " NOT RUN: needs clustershell" : ""}`,
  () => {
    test(`4,000 expressions with one varying number agree to the letter (seed ${SEED})`, async () => {
      const questions = generate(1, 4_000);
      const answers = await askNodeset(questions);
      expect(answers).toHaveLength(questions.length);
      for (const [index, [expression, parts]] of questions.entries()) {
        expect({ expression, ...ours(expression, parts) }).toEqual({ expression, ...answers[index] });
      }
    });

    test(`1,000 expressions with two or three varying numbers agree in their hosts (seed ${SEED})`, async () => {
      const questions = [...generate(2, 900), ...generate(3, 100)];
      const answers = await askNodeset(questions);
      let more = 0;
      for (const [index, [expression]] of questions.entries()) {
        const answer = answers[index];
        if (answer === undefined || "error" in answer)
          throw new Error(`${expression}: ${answer?.error ?? "none"}`);
        const folded = foldHosts([expression]);
        expect([expression, countHosts(expression)]).toEqual([expression, BigInt(answer.count)]);
        expect([expression, expandHosts(expression).toSorted()]).toEqual([
          expression,
          answer.hosts.toSorted(),
        ]);
        expect(expandHosts(folded)).toEqual(expandHosts(expression));
        if (termsOf(folded) > termsOf(answer.folded)) more += 1;
      }
      expect(more).toBe(0);
    });

    test(`1,000 expressions with several widths, digits around brackets and empty sets agree (seed ${SEED})`, async () => {
      const generator = new ExpressionGenerator(SEED + 13);
      const questions = Array.from(
        { length: 1_000 },
        () => [mixedTerms(generator), 1 + generator.below(5)] as const,
      );
      const answers = await askNodeset(questions);
      let empty = 0;
      for (const [index, [expression, parts]] of questions.entries()) {
        const answer = answers[index];
        if (answer === undefined || "error" in answer)
          throw new Error(`${expression}: ${answer?.error ?? "none"}`);
        const mine = ours(expression, parts);
        if (answer.count === 0) empty += 1;
        if (expression.includes(".dc")) {
          expect([expression, expandHosts(expression).toSorted()]).toEqual([
            expression,
            answer.hosts.toSorted(),
          ]);
        } else expect({ expression, ...mine }).toEqual({ expression, ...answer });
      }
      expect(empty).toBeGreaterThan(20);
    });

    test(`1,000 lists of names as fleets have them agree in their hosts (seed ${SEED})`, async () => {
      const generator = new ExpressionGenerator(SEED + 11);
      const lists = Array.from({ length: 1_000 }, () => fleetTerms(generator));
      const answers = await askNodeset(lists.map((list) => [list, 1] as const));
      for (const [index, list] of lists.entries()) {
        const answer = answers[index];
        if (answer === undefined || "error" in answer) throw new Error(`${list}: ${answer?.error ?? "none"}`);
        expect([list, expandHosts(list).toSorted()]).toEqual([list, answer.hosts.toSorted()]);
        const folded = foldHosts([list]);
        expect(expandHosts(folded)).toEqual(expandHosts(list));
        expect([list, termsOf(folded) <= termsOf(answer.folded)]).toEqual([list, true]);
      }
    });

    test(`2,000 expressions with groups, nested groups and wildcards agree to the letter (seed ${SEED})`, async () => {
      const directory = await groupFiles();
      const generator = new ExpressionGenerator(SEED + 5);
      const questions = Array.from({ length: 2_000 }, () => groupExpression(generator));
      const answers = await askNodeset(
        questions.map(({ theirs }) => [theirs, 1] as const),
        directory,
      );
      await rm(directory, { recursive: true });
      for (const [index, { theirs, ours: text }] of questions.entries()) {
        const { hosts } = await queryHosts(text, OUR_GROUPS);
        expect({ theirs, folded: writeHostSet(hosts) }).toEqual({ theirs, folded: foldedOf(answers[index]) });
      }
    });

    test(`names fold as ClusterShell folds them (seed ${SEED})`, async () => {
      const generator = new ExpressionGenerator(SEED + 7);
      const lists = Array.from({ length: 500 }, () =>
        expandHosts(generator.expression(1)).filter(() => generator.below(3) > 0),
      );
      const answers = await askNodeset(lists.map((names) => [names.join(","), 1] as const));
      for (const [index, names] of lists.entries()) {
        expect({ names, folded: foldHosts(names) }).toEqual({ names, folded: foldedOf(answers[index]) });
      }
    });
  },
);

const sets = new Map(Object.entries(GROUPS).map(([name, text]) => [name, parseHostSet(text)]));
const OUR_GROUPS: QueryOptions = {
  groups: {
    names: () => Promise.resolve([...sets.keys()]),
    hosts: (name) => Promise.resolve(sets.get(name)),
  },
  aliases: new Map(Object.entries(NESTED).map(([name, [, text]]) => [name, { text }])),
  backends: [{ kind: "names", prefix: "G", name: "groups", names: async () => parseHostSet(ALL_NAMES) }],
};

/** A directory with `groups.conf` and the groups of the tests. */
async function groupFiles(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "scap-nodeset-"));
  const nested = Object.entries(NESTED).map(([name, [text]]) => [name, text]);
  const groups = { ...GROUPS, ...Object.fromEntries(nested), all: ALL_NAMES };
  await writeFile(join(directory, "groups.conf"), `[Main]\ndefault: test\nautodir: ${directory}\n`);
  await writeFile(join(directory, "test.yaml"), JSON.stringify({ test: groups }));
  return directory;
}

function generate(numbers: number, count: number): [string, number][] {
  const generator = new ExpressionGenerator(SEED + numbers);
  return Array.from({ length: count }, () => [generator.expression(numbers), 1 + generator.below(7)]);
}

function ours(expression: string, parts: number): NodesetAnswer {
  return {
    hosts: expandHosts(expression),
    folded: foldHosts([expression]),
    count: Number(countHosts(expression)),
    parts: splitHosts(parts, expression),
  };
}

function foldedOf(answer: NodesetAnswer | undefined): string {
  return answer === undefined || "error" in answer ? "" : answer.folded;
}

/** Commas outside brackets part the terms. */
function termsOf(folded: string): number {
  return folded.replace(/\[[^\]]*\]/g, "").split(",").length;
}
