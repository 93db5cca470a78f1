import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { difference, renderOurs } from "./compare.ts";
import { hasPythonJinja, PythonJinja } from "./python-jinja.ts";
import { TemplateGenerator } from "./template-generator.ts";

const COUNT = Number(process.env["JINJA_DIFFERENTIAL_COUNT"] ?? 3000);
const SEED = Number(process.env["JINJA_DIFFERENTIAL_SEED"] ?? 1);

const have = hasPythonJinja();

/** The variables of the recorded cases, as JSON text that keeps floats apart from integers. */
function variablesText(): string {
  const text = readFileSync(new URL("fixtures/jinja-cases.json", import.meta.url), "utf8");
  const [, rest = ""] = text.split('"vars":');
  return (rest.split('"cases":')[0] ?? "").trim().replace(/,$/, "");
}

describe.skipIf(!have && process.env["CI"] === undefined)(
  `random templates${have ? "" : " (NOT RUN: needs Debian's python3-jinja2)"}`,
  () => {
    let python: PythonJinja;
    beforeAll(async () => {
      python = await PythonJinja.start();
    });
    afterAll(() => python.stop());

    it(
      `agree with Python's Jinja2 on output, or on the kind and line of the error (${COUNT} templates, seed ${SEED})`,
      async () => {
        const generator = new TemplateGenerator(SEED);
        const variables = variablesText();
        const requests = Array.from({ length: COUNT }, () => generator.generate(variables));
        const results = await python.renderAll(requests);
        const differences = requests.flatMap((request, index) => {
          const found = difference(results[index] ?? {}, renderOurs(request));
          return found === undefined
            ? []
            : [`${JSON.stringify(request.template)} ${JSON.stringify(request.options)}\n  ${found}`];
        });
        const rendered = results.filter(({ output }) => output !== undefined).length;
        console.info(`seed ${SEED}: ${COUNT} templates compared, ${rendered} of them render in Python`);
        expect(differences.slice(0, 20)).toEqual([]);
      },
      COUNT * 100,
    );
  },
);
