import { CdbError } from "../errors.ts";

/**
 * A text form of a database.
 *
 * - `cdbmake`: `+3,5:one->Hello` a record, the lengths in bytes, and an empty line at the end; takes any bytes
 * - `json`: one object of strings, the form of MediaWiki's localisation caches; UTF-8 only, one value a key
 * - `ndjson`: one `{"key":"one","value":"Hello"}` a line; `keyBase64` and `valueBase64` for what is not UTF-8
 * - `tsv`: key, tab, value, line feed; backslash, tab, line feed and carriage return as `\\`, `\t`, `\n` and `\r`
 */
export type CdbTextFormat = "cdbmake" | "json" | "ndjson" | "tsv";

/** All text formats. */
export const TEXT_FORMATS: readonly CdbTextFormat[] = ["cdbmake", "json", "ndjson", "tsv"];

/** @throws {@link CdbError} `CDB_OPTION` for a name that is none */
export function requireTextFormat(name: string): CdbTextFormat {
  const format = TEXT_FORMATS.find((known) => known === name);
  if (format !== undefined) return format;
  throw new CdbError("CDB_OPTION", `unknown format ${JSON.stringify(name)}`, {
    hint: `The formats are ${TEXT_FORMATS.join(", ")}.`,
  });
}

/** Takes text in pieces and puts the records in it. */
export interface TextParser {
  /**
   * Takes what it can of a piece.
   *
   * @param offset where the piece starts in the text
   * @param isLast nothing follows, so that everything must be taken
   * @returns how many bytes were taken; the rest comes again, with more behind it
   * @throws CdbError `CDB_INPUT` with the offset
   */
  parse(bytes: Buffer, offset: number, isLast: boolean): number;
}
