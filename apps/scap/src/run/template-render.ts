import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { EXIT, type Invocation } from "@scap/cli";
import {
  findTemplate,
  guessOutputFormat,
  loadVariables,
  mergeVariables,
  mergeVariablesDeep,
  parseOutputFormat,
  readText,
  readVariables,
  renderTemplate,
  sortMappings,
  type ConfigFileEntry,
  type OutputFormat,
  type TemplateVariables,
} from "@scap/template";
import { reportTemplateError } from "../report-template-error.ts";
import { openSession, type Session } from "../session.ts";
import { configFileList, templateDirectories, variableFiles } from "../template-files.ts";
import { readRemoteVariables } from "./template-remote-vars.ts";

/** `scap template render`: prints the rendered bytes and nothing else on standard output. */
export async function runTemplateRender(invocation: Invocation): Promise<number> {
  try {
    const text = await render(invocation);
    invocation.stdout.write(text);
    return EXIT.ok;
  } catch (error) {
    return reportTemplateError(error, invocation);
  }
}

/** What a checkout knows about a template; nothing when variables were given on the command line. */
interface Checkout {
  readonly session: Session | undefined;
  readonly directories: readonly string[];
  readonly entry: ConfigFileEntry | undefined;
}

async function render(invocation: Invocation): Promise<string> {
  const { options } = invocation;
  const name = invocation.word("file") ?? "";
  const checkout = await readCheckout(invocation, name);
  const { entry, session } = checkout;
  const path = resolve(invocation.cwd, name);
  const file = existsSync(path) ? path : findTemplate(name, checkout.directories);
  return renderTemplate({
    text: readText(file),
    name,
    engine: entry?.engine,
    erbSyntax: options.flag("erb-syntax") || entry?.erbSyntax,
    outputFormat: outputFormat(invocation, entry, name),
    strict: !options.flag("lenient") && session?.config.bool("strict_templates") !== false,
    variables: await collectVariables(invocation, checkout),
    onWarning: (message) => invocation.stderr.write(`warning: ${message}\n`),
  });
}

async function readCheckout(invocation: Invocation, name: string): Promise<Checkout> {
  const { options } = invocation;
  if (options.list("vars").length > 0 && !options.flag("host") && existsSync(resolve(invocation.cwd, name))) {
    return { session: undefined, directories: [], entry: undefined };
  }
  const session = await openSession(invocation);
  const directories = await templateDirectories(invocation, session);
  const entry = (await configFileList(directories))?.entries.find(
    ({ template }) => template === basename(name),
  );
  return { session, directories, entry };
}

function outputFormat(
  { options }: Invocation,
  entry: ConfigFileEntry | undefined,
  name: string,
): OutputFormat | null {
  const wanted = options.string("output-format");
  if (wanted === "none") return null;
  if (wanted !== undefined) return parseOutputFormat(wanted, name);
  return entry ? entry.outputFormat : guessOutputFormat(name);
}

async function collectVariables(invocation: Invocation, checkout: Checkout): Promise<TemplateVariables> {
  const { cwd, options } = invocation;
  const { entry, session } = checkout;
  const isDeep = entry?.merge === "deep";
  const given = options.list("vars").map((file) => readVariables(resolve(cwd, file)).variables);
  const own = given.length > 0 ? given : [publishedVariables(checkout)];
  const host = options.string("host");
  const merge = isDeep ? mergeVariablesDeep : mergeVariables;
  if (host === undefined || !session || entry?.remoteVars === undefined) return merge(...own);
  return merge(...own, await readRemoteVariables({ invocation, session, host, path: entry.remoteVars }));
}

/** The deploy info has mappings sorted by their keys, and that is how templates loop over them on targets. */
function publishedVariables({ directories, entry }: Checkout): TemplateVariables {
  const merge = entry?.merge === "deep" ? "deep" : "shallow";
  const variables = loadVariables({ files: variableFiles(directories), merge });
  return new Map(Array.from(variables, ([name, { value }]) => [name, sortMappings(value)] as const));
}
