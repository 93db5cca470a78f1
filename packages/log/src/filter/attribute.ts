import { LEVELS, levelName } from "../levels.ts";
import { textForm } from "../message/python-text.ts";
import { plainNumber } from "../python-float.ts";
import type { LooseRecord } from "../record.ts";

/** The value of an attribute as filters see it, or `undefined` when the record does not have it. */
export function attributeOf(record: LooseRecord, name: string): unknown {
  switch (name) {
    case "levelname":
      return levelNameOf(record["levelno"] === undefined ? LEVELS.INFO : record["levelno"]);
    case "pathname":
      return record["filename"];
    case "module":
      return moduleOf(record["filename"]);
    default:
      return Object.hasOwn(record, name) ? record[name] : undefined;
  }
}

/** Attributes that are computed on reading: their text need not stand in the line of the record. */
export const DERIVED_ATTRIBUTES: ReadonlySet<string> = new Set(["levelname", "pathname", "module"]);

function levelNameOf(levelno: unknown): string {
  const number = plainNumber(levelno);
  const name = number === undefined ? "Level " : levelName(number);
  return name.startsWith("Level ") ? `Level ${textForm(levelno)}` : name;
}

/** Python's name of the module of a source file. */
export function moduleOf(filename: unknown): string {
  if (typeof filename !== "string") return "Unknown module";
  const base = filename.slice(filename.lastIndexOf("/") + 1);
  // Dots at the beginning belong to the name.
  return /^(\.*[^.].*)\.[^.]*$/s.exec(base)?.[1] ?? base;
}
