import { readFile } from "node:fs/promises";
import { readYaml, TemplateError, toPlainValue } from "@scap/template";
import { DeployError } from "../../errors.ts";

/** A time in which nobody should deploy. */
export interface Freeze {
  readonly reason: string;
  /** When it begins; null: it has always been there. */
  readonly from: Date | null;
  readonly until: Date;
  /** File that says so. */
  readonly file: string;
}

/** What {@link activeFreeze} looks at. */
export interface FreezeOptions {
  /** Freeze files; one that does not exist freezes nothing. */
  readonly files: readonly string[];
  readonly repo: string;
  readonly now: Date;
}

/**
 * Makes sure that nothing forbids a deployment now.
 *
 * @throws DeployError `FROZEN` with the reason and the end of the freeze
 */
export async function requireNoFreeze(options: FreezeOptions): Promise<void> {
  const freeze = await activeFreeze(options);
  if (freeze === undefined) return;
  const { file, reason, until } = freeze;
  throw new DeployError(
    `Deployments of ${options.repo} are frozen until ${until.toISOString().replace(".000", "")}: ${reason} (${file})`,
    {
      code: "FROZEN",
      hint: "Wait until then. If it cannot wait, deploy with --during-freeze and say why in the message.",
    },
  );
}

/**
 * The freeze in force for a repository that ends last; undefined when there is none.
 *
 * @throws DeployError `BAD_FREEZE_FILE` for a file that cannot be understood: it may mean that nobody should deploy
 */
export async function activeFreeze({ files, now, repo }: FreezeOptions): Promise<Freeze | undefined> {
  const lists = await Promise.all(files.map(async (file) => await readFreezes(file, repo)));
  return lists
    .flat()
    .filter(({ from, until }) => (from === null || from <= now) && now < until)
    .toSorted((a, b) => b.until.getTime() - a.until.getTime())[0];
}

async function readFreezes(file: string, repo: string): Promise<Freeze[]> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw malformed(file, cause instanceof Error ? cause.message : String(cause));
  });
  if (text === undefined) return [];
  const freezes = parse(text, file);
  if (!Array.isArray(freezes)) throw malformed(file, "expected a list under the key freezes, [] for none");
  return freezes.flatMap((entry, index) => readFreeze(entry, `${file}, entry ${index + 1}`, file, repo));
}

function parse(text: string, file: string): unknown {
  try {
    const value = readYaml(text, { file });
    if (value === null) return [];
    return value instanceof Map ? value.get("freezes") : undefined;
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    // The message begins with the file and the line.
    throw malformed(undefined, cause.message);
  }
}

const KEYS: readonly unknown[] = ["from", "reason", "repositories", "until"];

function readFreeze(entry: unknown, place: string, file: string, repo: string): Freeze[] {
  if (!(entry instanceof Map)) throw malformed(place, "expected reason and until");
  // A misspelt from or repositories would freeze more, or less, than was meant.
  const unknown = [...entry.keys()].find((key) => !KEYS.includes(key));
  if (unknown !== undefined)
    throw malformed(place, `there is no key ${JSON.stringify(unknown)}; keys are ${KEYS.join(", ")}`);
  const [from, reason, repositories, until] = KEYS.map((key): unknown => toPlainValue(entry.get(key)));
  if (typeof reason !== "string" || reason.trim() === "") throw malformed(place, "reason must say why");
  if (until === undefined) throw malformed(place, "until must say when it ends");
  const freeze = {
    reason,
    file,
    until: timeOf(until, `${place}: until`),
    from: from === undefined ? null : timeOf(from, `${place}: from`),
  };
  if (freeze.from !== null && freeze.from >= freeze.until)
    throw malformed(place, "until is not after from, so that it would never be in force");
  return concerns(repositories, repo, place) ? [freeze] : [];
}

/** Names of repositories; `*` stands for any text. Without them all are meant. */
function concerns(patterns: unknown, repo: string, place: string): boolean {
  if (patterns === undefined) return true;
  if (!Array.isArray(patterns) || !patterns.every((each) => typeof each === "string"))
    throw malformed(place, "repositories must be a list of names such as acme/*");
  return patterns.some((pattern) => matches(pattern, repo));
}

function matches(pattern: string, repo: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(repo);
}

/** ISO 8601; UTC when it names no zone, as YAML has it. */
function timeOf(value: unknown, place: string): Date {
  const text = value instanceof Date ? value.toISOString() : String(value).trim().replace(" ", "T");
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes("T");
  const time = new Date(hasZone ? text : `${text}Z`);
  if (!Number.isNaN(time.getTime()) && isDay(text.slice(0, 10))) return time;
  throw malformed(place, `${JSON.stringify(value)} is no time such as 2031-12-27T08:00:00Z`);
}

/** `Date` takes February 31 for March 3. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(day) && date.toISOString().startsWith(day);
}

function malformed(place: string | undefined, reason: string): DeployError {
  const where = place === undefined ? "" : `${place}: `;
  return new DeployError(`Cannot tell whether there is a freeze: ${where}${reason}`, {
    code: "BAD_FREEZE_FILE",
    hint: "Correct the file, or deploy with --during-freeze if you know that you may.",
  });
}
