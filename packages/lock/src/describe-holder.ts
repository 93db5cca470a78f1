import type { LockHolder } from "./holders.ts";
import { parseAsctimeUtc } from "./lock-note.ts";

const MAX_FIELD_LENGTH = 200;
const MAX_COMMAND_LENGTH = 60;

/** What the wanted lock is, as far as the text about its holders needs it. */
export interface WantedLock {
  readonly path: string;
  readonly name: string;
  readonly globalLock: string | false;
}

/** One line for each holder, and advice where the global lock can be removed by force. */
export function describeHolders(
  wanted: WantedLock,
  holders: readonly LockHolder[],
  now: Date = new Date(),
): string[] {
  const lines = holders.map((holder) => describeHolder(wanted.name, holder, now));
  if (lines.length === 0) {
    lines.push(`${wanted.name}: ${wanted.path} is locked, but no details are available`);
  }
  const isExclusive = (holder: LockHolder): boolean =>
    holder.path === wanted.path && holder.mode !== "shared";
  if (wanted.path === wanted.globalLock && holders.some(isExclusive)) {
    lines.push('Somebody stopped all deployments; "scap lock --unlock-all <reason>" can remove that lock.');
  }
  return lines;
}

/** One line about a holder: path, who, process, since when, why. Fields that nobody knows are shown as `?`. */
export function describeHolder(name: string, holder: LockHolder, now: Date = new Date()): string {
  const { note } = holder;
  const process = describeProcess(holder);
  if (!note) {
    const problem = holder.noteProblem ? `; its note ${holder.noteProblem}` : "";
    const known = process === "pid ?" ? "" : ` (${process}, user id ${holder.uid ?? "?"})`;
    return `${name}: ${holder.path} is locked, but no details are available${known}${problem}`;
  }
  const since = note.timestampUtc ? `${printable(note.timestampUtc)} UTC${age(note.timestampUtc, now)}` : "?";
  const who = note.locker ? printable(note.locker) : "?";
  const why = note.reason ? printable(note.reason) : "?";
  return `${name}: ${holder.path} is locked by ${who} (${process}) since ${since}: ${why}`;
}

function describeProcess({ note, pid, command }: LockHolder): string {
  const pids = [...new Set([note?.pid, pid].filter((known) => known !== undefined))];
  return `pid ${pids.join(", ") || "?"}${command ? `, ${shortCommand(command)}` : ""}`;
}

function shortCommand(command: string): string {
  return printable(command.replace(/^\S*\//, ""), MAX_COMMAND_LENGTH);
}

/** Text from a note without control characters and of bounded length: it comes from a file that anyone may write. */
export function printable(text: string, maxLength: number = MAX_FIELD_LENGTH): string {
  const characters = Array.from(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escapeCharacter));
  if (characters.length <= maxLength) return characters.join("");
  return `${characters.slice(0, maxLength).join("")}…`;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `\\u${code.toString(16).padStart(4, "0")}`;
}

function age(timestampUtc: string, now: Date): string {
  const since = parseAsctimeUtc(timestampUtc);
  if (!since || since > now) return "";
  const seconds = Math.floor((now.getTime() - since.getTime()) / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `, ${seconds}s ago`;
  if (minutes < 60) return `, ${minutes}m ${seconds % 60}s ago`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `, ${Math.floor(hours / 24)} days ago`;
  return `, ${hours}h ${minutes % 60}m ago`;
}
