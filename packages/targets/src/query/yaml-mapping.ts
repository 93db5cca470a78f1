import { loadAll } from "js-yaml";

/**
 * The mapping in a YAML file; empty for a file of comments.
 *
 * @throws Error with a reason that names the place in the file
 */
export function yamlMapping(text: string, file: string): Readonly<Record<string, unknown>> {
  const documents = loadAll(text, { filename: file });
  if (documents.length > 1) throw new Error(`${file} holds more than one document`);
  const value = documents[0] ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw new Error(`${file} must be a mapping of names to values`);
}
