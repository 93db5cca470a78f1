import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { encodeCdb } from "@scap/cdb";

/** Numbers that are the same in every run. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Writes `count` records as cdbmake text and returns their keys. */
export function writeCdbmakeText(path: string, count: number): string[] {
  const below = randomNumbers(12_345);
  const fd = openSync(path, "w");
  const keys: string[] = [];
  let text = "";
  for (let n = 0; n < count; n++) {
    const key = `key-${below(1 << 24).toString(36)}${n}`;
    const value = `value ${below(1 << 24)} ${"x".repeat(below(60))}`;
    keys.push(key);
    text += `+${key.length},${value.length}:${key}->${value}\n`;
    if (text.length > 1 << 20) {
      writeSync(fd, text);
      text = "";
    }
  }
  writeSync(fd, `${text}\n`);
  closeSync(fd);
  return keys;
}

const WORDS = [
  "the page edit user has been deleted by a sysop with reason from wiki".split(" "),
  "la page modifier été supprimé par créé à la préférence où utilisateur".split(" "),
  "страница правка участник была удалена администратором причина из вики".split(" "),
  "页面 编辑 用户 已被 删除 管理员 原因 维基 的 了".split(" "),
];

/** Makes a localisation cache of CDB files whose JSON texts have about `jsonBytes` bytes each. */
export function writeL10nCache(directory: string, files: number, jsonBytes: number): void {
  mkdirSync(directory, { recursive: true });
  const templates = WORDS.map((words) => l10nEntries(words, jsonBytes));
  for (let n = 0; n < files; n++) {
    const entries = templates[n % templates.length] ?? [];
    writeFileSync(join(directory, `l10n_cache-${n}.cdb`), encodeCdb([["language", `s:${n}`], ...entries]));
  }
}

/** Values as PHP's serialize writes them, with the mark-up and quotes that messages have. */
function l10nEntries(words: readonly string[], jsonBytes: number): [string, string][] {
  const below = randomNumbers(7);
  const entries: [string, string][] = [];
  for (let size = 0; size < jsonBytes;) {
    let text = Array.from({ length: 3 + below(14) }, () => words[below(words.length)]).join(" ");
    if (below(5) === 0) text += ' <a href="/wiki/$1">$2</a>\n';
    const key = `messages:${WORDS[0]?.[below(14)] ?? ""}-${entries.length}`;
    const value = `s:${Buffer.byteLength(text)}:"${text}";`;
    entries.push([key, value]);
    size += jsonLength(key) + jsonLength(value) + 7;
  }
  return entries;
}

/** Characters that a text takes inside of a JSON string in pure ASCII. */
function jsonLength(text: string): number {
  const escaped = JSON.stringify(text).replaceAll("/", "\\/");
  return escaped.length - 2 + 5 * (text.match(/[^\0-\u007f]/g)?.length ?? 0);
}
