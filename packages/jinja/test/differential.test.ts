import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { difference, renderOurs } from "./compare.ts";
import { NOTED_TEMPLATES } from "./noted-templates.ts";
import { hasPythonJinja, PythonJinja, type PythonRequest, type PythonResult } from "./python-jinja.ts";
import { TemplateGenerator } from "./template-generator.ts";
import { LIBRARY } from "./template-library.ts";

const COUNT = Number(process.env["JINJA_DIFFERENTIAL_COUNT"] ?? 3000);
const SEED = Number(process.env["JINJA_DIFFERENTIAL_SEED"] ?? 1);

const have = hasPythonJinja();

/** The variables of the recorded cases, as JSON text that keeps floats apart from integers. */
function variablesText(): string {
  const text = readFileSync(new URL("fixtures/jinja-cases.json", import.meta.url), "utf8");
  const [, rest = ""] = text.split('"vars":');
  return (rest.split('"cases":')[0] ?? "").trim().replace(/,$/, "");
}

function differencesOf(requests: readonly PythonRequest[], results: readonly PythonResult[]): string[] {
  return requests.flatMap((request, index) => {
    const found = difference(results[index] ?? {}, renderOurs(request));
    const shown = `${JSON.stringify(request.template)} ${JSON.stringify(request.options)}`;
    return found === undefined ? [] : [`${shown}\n  ${found}`];
  });
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
        const differences = differencesOf(requests, results);
        const rendered = results.filter(({ output }) => output !== undefined).length;
        console.info(`seed ${SEED}: ${COUNT} templates compared, ${rendered} of them render in Python`);
        expect(differences.slice(0, 20)).toEqual([]);
      },
      COUNT * 100,
    );

    it("agree where they did not, and where templates lead to themselves", async () => {
      const variables = variablesText();
      const requests = NOTED_TEMPLATES.map((template) => ({ template, templates: LIBRARY, variables }));
      expect(differencesOf(requests, await python.renderAll(requests))).toEqual([]);
    });
  },
);
