import { relative } from "node:path";
import { EXIT, renderTable, type Invocation } from "@scap/cli";
import { loadVariables, writeYamlInline, type ResolvedVariable, type VariableOrigin } from "@scap/template";
import { reportTemplateError } from "../report-template-error.ts";
import { openSession } from "../session.ts";
import { configFileList, templateDirectories, variableFiles } from "../template-files.ts";

/** `scap template vars`. */
export async function runTemplateVars(invocation: Invocation): Promise<number> {
  const { cwd, options, stderr, stdout } = invocation;
  const session = await openSession(invocation);
  const directories = await templateDirectories(invocation, session);
  let variables;
  let remote: string[];
  try {
    variables = [...loadVariables({ files: variableFiles(directories) })];
    remote = ((await configFileList(directories))?.entries ?? []).flatMap(({ destination, remoteVars }) =>
      remoteVars === undefined
        ? []
        : [`${destination} also gets the variables of ${remoteVars} on each target`],
    );
  } catch (error) {
    return reportTemplateError(error, invocation);
  }
  const place = ({ file, line }: VariableOrigin): string =>
    [relative(cwd, file) || file, line].filter((part) => part !== undefined).join(":");
  if (options.flag("json")) {
    const shown = variables.map(([name, variable]) => [name, toJson(variable, place)] as const);
    stdout.write(`${JSON.stringify({ variables: Object.fromEntries(shown) })}\n`);
    return EXIT.ok;
  }
  const rows = variables.map(([name, { hidden, origin, value }]) => [
    name,
    writeYamlInline(value),
    place(origin),
    hidden.length === 0 ? "" : `instead of ${hidden.map(place).join(", ")}`,
  ]);
  stdout.write(renderTable([["NAME", "VALUE", "FROM", ""], ...rows]));
  for (const line of remote) stderr.write(`${line}\n`);
  return EXIT.ok;
}

function toJson(
  { hidden, origin, value }: ResolvedVariable,
  place: (origin: VariableOrigin) => string,
): object {
  return { value: writeYamlInline(value), from: place(origin), hides: hidden.map(place) };
}
