/** Templates: parsing and rendering against nunjucks and Python's Jinja2, and the files of a target. */
import { renderConfigFile } from "@scap/deploy";
import { templates, variables, type BenchTemplate } from "./template/corpus.ts";
import { ours, theirs, WarmPython, type Compile, type Variables } from "./template/engines.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 9);
const RENDERS = 1000;
const PARSES = 50;
const TARGET_FILES = 100;

/** Prints the comparisons. */
export async function run(): Promise<void> {
  const python = new WarmPython();
  const values = variables();
  try {
    const rows = [];
    for (const template of templates()) rows.push(await compare(template, values, python));
    console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])));
  } finally {
    python.stop();
  }
  console.log(`${TARGET_FILES} files of a target: ${(await targetFiles(values)).toFixed(0)} ms`);
  console.log(`ratios of our time to theirs: medians of ${ROUNDS} paired runs; node ${process.version}`);
}

async function compare(
  template: BenchTemplate,
  values: Variables,
  python: WarmPython,
): Promise<{ readonly name: string } & Readonly<Record<string, string | number>>> {
  const { name, text } = template;
  const expected = (await python.render(text, values, 1)).output;
  for (const compile of [ours, theirs]) {
    if (compile(text, name)(values).trimEnd() !== expected.trimEnd())
      throw new Error(`${name} comes out different`);
  }
  const [first, nunjucks, jinja2]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    first.push(firstRender(ours, template, values) / firstRender(theirs, template, values));
    const mine = renders(ours, template, values);
    nunjucks.push(mine / renders(theirs, template, values));
    jinja2.push(mine / (await python.render(text, values, RENDERS)).ms);
  }
  return {
    name,
    lines: text.split("\n").length - 1,
    "parse and first render / nunjucks": ratio(first),
    "1,000 renders / nunjucks": ratio(nunjucks),
    "1,000 renders / Python": ratio(jinja2),
  };
}

function firstRender(compile: Compile, { name, text }: BenchTemplate, values: Variables): number {
  const start = performance.now();
  for (let count = 0; count < PARSES; count++) compile(text, name)(values);
  return performance.now() - start;
}

function renders(compile: Compile, { name, text }: BenchTemplate, values: Variables): number {
  const render = compile(text, name);
  const start = performance.now();
  for (let count = 0; count < RENDERS; count++) render(values);
  return performance.now() - start;
}

/** What the stage config_deploy does on a target before it writes: the templates in turn until there are enough. */
async function targetFiles(values: Variables): Promise<number> {
  const all = templates();
  const known = new Map(Object.entries(values));
  const start = performance.now();
  for (let at = 0; at < TARGET_FILES; at++) {
    const { name, text } = all[at % all.length] ?? { name: "", text: "" };
    const file = { name: `/etc/shop/${at}-${name}`, template: text, output_format: null, erb_syntax: false };
    await renderConfigFile(file, known, { strict: true });
  }
  return performance.now() - start;
}

function ratio(values: readonly number[]): string {
  const median = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  return `${median.toFixed(2)}x`;
}
