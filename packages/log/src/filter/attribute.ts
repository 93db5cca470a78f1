import { LEVELS, levelName } from "../levels.ts";
import { textForm } from "../message/python-text.ts";
import { PythonFloat } from "../python-float.ts";
import type { LooseRecord } from "../record.ts";

/** The value of an attribute as filters see it, or `undefined` when the record does not have it. */
export function attributeOf(record: LooseRecord, name: string): unknown {
  switch (name) {
    case "levelname":
      return levelNameOf(record["levelno"] ?? LEVELS.INFO);
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
  if (typeof levelno === "number") return levelName(levelno);
  return levelno instanceof PythonFloat ? levelName(levelno.value) : `Level ${textForm(levelno)}`;
}

function moduleOf(filename: unknown): unknown {
  if (typeof filename !== "string") return "Unknown module";
  const base = filename.slice(filename.lastIndexOf("/") + 1);
  const dot = base.lastIndexOf(".");
  return dot > 0 ? base.slice(0, dot) : base;
}
