import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** One exported name with its declaration. */
interface ApiEntry {
  readonly name: string;
  /** The comment in front of it, as Markdown. */
  readonly comment: string;
  /** The declaration with the comments of its members. */
  readonly code: string;
}

/** The reference page of a package: every name that its index exports, as its declarations tell. */
export function apiPage(packageName: string, indexFile: string): string {
  const entries = exportedNames(indexFile)
    .map(({ file, name }) => entryOf(name, file))
    .toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  const contents = entries.map(({ name }) => `[\`${name}\`](#${name.toLowerCase()})`).join(" · ");
  const sections = entries.map(
    ({ code, comment, name }) => `## ${name}\n\n${comment}\n\n\`\`\`ts\n${code}\n\`\`\`\n`,
  );
  return `# ${packageName}\n\n${contents}\n\n${sections.join("\n")}`;
}

function exportedNames(indexFile: string): { name: string; file: string }[] {
  return parse(readFileSync(indexFile, "utf8")).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier || !statement.exportClause)
      return [];
    if (!ts.isStringLiteral(statement.moduleSpecifier) || !ts.isNamedExports(statement.exportClause))
      return [];
    const file = join(dirname(indexFile), statement.moduleSpecifier.text);
    return statement.exportClause.elements.map(({ name }) => ({ name: name.text, file }));
  });
}

function entryOf(name: string, file: string): ApiEntry {
  const { outputText } = ts.transpileDeclaration(readFileSync(file, "utf8"), { fileName: file });
  const source = parse(outputText);
  // The last of several is the one that says most: overloads come first.
  const found = source.statements.findLast((statement) => nameOf(statement) === name);
  if (!found) throw new Error(`${file} does not declare ${name} itself`);
  const comment = ts
    .getJSDocCommentsAndTags(found)
    .map((part) => outputText.slice(part.pos, part.end))
    .find((text) => text.startsWith("/**"));
  const code = outputText
    .slice(found.getStart(source), found.end)
    .replace(/^export (declare )?/, "")
    .replace(/^ *#private;\n/m, "")
    .replace(/^ *private .*;\n/gm, "");
  return { name, comment: proseOf(comment ?? ""), code };
}

function nameOf(statement: ts.Statement): string | undefined {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]?.name.getText();
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed ? statement.name?.text : undefined;
}

/** Takes the frame of a comment away and makes its tags readable. */
function proseOf(comment: string): string {
  return comment
    .replace(/^\/\*\*\s*/, "")
    .replace(/\s*\*\/$/, "")
    .replaceAll(/^\s*\* ?/gm, "")
    .replaceAll(/\{@link ([^}|]+)[^}]*\}/g, (_, target: string) => `\`${target.trim()}\``)
    .replaceAll(/^@param (\S+) -/gm, "\n- `$1`:")
    .replaceAll(/^@returns /gm, "\nReturns ")
    .replaceAll(/@throws (?:\{(\w+)\} ?)?/g, (_, type: string | undefined) =>
      type === undefined ? "\nThrows " : `\nThrows ${type}: `,
    )
    .replaceAll(/@defaultValue /g, "Default: ")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("page.d.ts", text, ts.ScriptTarget.ESNext, true);
}
