import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EXIT, type Invocation } from "@scap/cli";
import {
  checkTemplate,
  findTemplate,
  loadVariables,
  readText,
  TemplateError,
  type ConfigFileEntry,
} from "@scap/template";
import { reportTemplateError } from "../report-template-error.ts";
import { openSession } from "../session.ts";
import { configFileList, templateDirectories, variableFiles } from "../template-files.ts";

/** `scap template check`: reports every template with an error, not only the first, and whether variables can be read. */
export async function runTemplateCheck(invocation: Invocation): Promise<number> {
  const { stderr, stdout } = invocation;
  const session = await openSession(invocation);
  const directories = await templateDirectories(invocation, session);
  let list;
  try {
    list = await configFileList(directories);
    loadVariables({ files: variableFiles(directories) });
  } catch (error) {
    return reportTemplateError(error, invocation);
  }
  for (const warning of list?.warnings ?? []) stderr.write(`warning: ${warning}\n`);
  const names = new Set([
    ...(list?.entries ?? []).map(({ template }) => template),
    ...(await templatesIn(directories)),
  ]);
  let failures = 0;
  for (const name of names) {
    const entry = list?.entries.find(({ template }) => template === name);
    try {
      await checkOne({ name, directories, entry, invocation });
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      reportTemplateError(error, invocation);
      failures += 1;
    }
  }
  stdout.write(`${names.size} templates, ${failures} with errors\n`);
  return failures > 0 ? EXIT.failed : EXIT.ok;
}

interface CheckedTemplate {
  readonly name: string;
  readonly directories: readonly string[];
  readonly entry: ConfigFileEntry | undefined;
  readonly invocation: Invocation;
}

async function checkOne({ directories, entry, invocation, name }: CheckedTemplate): Promise<void> {
  await checkTemplate({
    text: readText(findTemplate(name, directories)),
    name,
    engine: entry?.engine,
    erbSyntax: entry?.erbSyntax,
    onWarning: (message) => invocation.stderr.write(`warning: ${message}\n`),
  });
}

async function templatesIn(directories: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    directories.map(async (directory) => {
      const entries = await readdir(join(directory, "templates"), { withFileTypes: true }).catch(() => []);
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    }),
  );
  return lists.flat().toSorted();
}
