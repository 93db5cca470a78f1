import { EXIT, printable, renderTable, type Invocation } from "@scap/cli";
import {
  checkConfig,
  describeProblem,
  effectiveOptions,
  explainOption,
  inspectConfig,
  shownOptions,
  type ConfigProblem,
  type ConfigValue,
  type InspectedConfig,
  type OptionExplanation,
} from "@scap/config";
import { configRequest } from "../config-request.ts";
import { countText } from "../count-text.ts";

/** `scap config show`: prints what it can even when values are wrong, and then ends with 2. */
export async function runConfigShow(invocation: Invocation): Promise<number> {
  const { options, stdout, stderr } = invocation;
  const { config, problems } = await inspect(invocation);
  const withOrigin = options.flag("origin");
  if (options.flag("json")) {
    const origins = shownOptions(config).map(
      ({ name, value, from }) => [name, { value, origin: from }] as const,
    );
    const shown = withOrigin ? Object.fromEntries(origins) : effectiveOptions(config);
    stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  } else {
    const rows = shownOptions(config).map(({ name, value, from }) =>
      withOrigin ? [name, textOf(value), from] : [name, textOf(value)],
    );
    stdout.write(printable(renderTable(rows)));
  }
  for (const problem of problems) stderr.write(printable(`error: ${describeProblem(problem)}\n`));
  for (const warning of config.warnings) stderr.write(printable(`warning: ${describeProblem(warning)}\n`));
  return problems.length > 0 ? EXIT.failed : EXIT.ok;
}

/** `scap config check`. */
export async function runConfigCheck(invocation: Invocation): Promise<number> {
  const { options, stdout } = invocation;
  const { problems, warnings } = checkConfig(await inspect(invocation));
  if (options.flag("json")) {
    stdout.write(
      `${JSON.stringify({ problems: problems.map(toJson), warnings: warnings.map(toJson) }, null, 2)}\n`,
    );
  } else {
    for (const problem of problems) stdout.write(printable(`error: ${describeProblem(problem)}\n`));
    for (const warning of warnings) stdout.write(printable(`warning: ${describeProblem(warning)}\n`));
    stdout.write(`${countText(problems.length, "error")}, ${countText(warnings.length, "warning")}\n`);
  }
  return problems.length > 0 ? EXIT.failed : EXIT.ok;
}

/** `scap config explain`. */
export async function runConfigExplain(invocation: Invocation): Promise<number> {
  const { options, stdout, stderr } = invocation;
  const explanation = explainOption(await inspect(invocation), invocation.word("key") ?? "");
  if (options.flag("json")) stdout.write(`${JSON.stringify(explanation, null, 2)}\n`);
  else stdout.write(printable(renderExplanation(explanation)));
  if (explanation.isKnown || explanation.settings.length > 0) return EXIT.ok;
  const { name, suggestion } = explanation;
  const hint = suggestion === undefined ? "" : ` Did you mean ${suggestion}?`;
  stderr.write(printable(`There is no option ${name}.${hint}\n`));
  return EXIT.usage;
}

async function inspect(invocation: Invocation): Promise<InspectedConfig> {
  return await inspectConfig(configRequest(invocation, invocation.options.string("fqdn")));
}

function renderExplanation(explanation: OptionExplanation): string {
  const { name, help, type, unit, choices, deprecated, value, from, settings } = explanation;
  const about = [
    ["type", unit === undefined ? type : `${type} (${unit})`],
    ...(choices === undefined ? [] : [["choices", choices.join(", ")]]),
    ["default", textOf(explanation.default)],
    ["value", `${textOf(value)} (${from})`],
    ...(deprecated === undefined ? [] : [["deprecated", deprecated]]),
  ];
  const places = settings.map((setting) => [setting.from, textOf(setting.value), setting.state]);
  const rest = places.length === 0 ? "" : `\nset in\n${renderTable(places, "  ")}`;
  return `${name}: ${help ?? "Not an option of scap; kept as text."}\n${renderTable(about, "  ")}${rest}`;
}

function toJson({ message, origin, option }: ConfigProblem): Record<string, unknown> {
  const place =
    origin?.kind === "file" ? { file: origin.file, line: origin.line, section: origin.section } : {};
  return { message, option: option ?? null, ...place };
}

function textOf(value: ConfigValue): string {
  if (value === null) return "(unset)";
  const text = String(value);
  return text === "" || /[\x00-\x1f\x7f]|^\s|\s$/.test(text) ? JSON.stringify(text) : text;
}
