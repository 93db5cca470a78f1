/** What every deploy tag starts with. */
export const DEPLOY_TAG_PREFIX = "scap/sync";

/** A tag `scap/sync/<date>/<number>`, taken apart. */
export interface DeployTag {
  readonly name: string;
  /** UTC date, `YYYY-MM-DD`. */
  readonly date: string;
  /** Counts the deployments of a day, from 1. */
  readonly sequence: number;
}

/** Takes a deploy tag's name apart; undefined for any other name. */
export function parseDeployTag(name: string): DeployTag | undefined {
  const match = /^scap\/sync\/(\d{4}-\d{2}-\d{2})\/(\d{4,9})$/.exec(name);
  if (match === null) return undefined;
  return { name, date: match[1] ?? "", sequence: Number(match[2]) };
}

/** The deploy tags among names, oldest first: by date, then by number. Names that do not fit are left out. */
export function sortDeployTags(names: Iterable<string>): DeployTag[] {
  const tags: DeployTag[] = [];
  for (const name of names) {
    const tag = parseDeployTag(name);
    if (tag !== undefined) tags.push(tag);
  }
  return tags.toSorted((a, b) => (a.date === b.date ? a.sequence - b.sequence : a.date < b.date ? -1 : 1));
}

/** The newest deploy tag among names. */
export function lastDeployTag(names: Iterable<string>): string | undefined {
  return sortDeployTags(names).at(-1)?.name;
}

/** The name for the next deployment on a UTC date: one more than the greatest number of that day, from `0001`. */
export function nextDeployTag(names: Iterable<string>, date: Date): string {
  const day = date.toISOString().slice(0, 10);
  const last = sortDeployTags(names).findLast((tag) => tag.date === day);
  return `${DEPLOY_TAG_PREFIX}/${day}/${String((last?.sequence ?? 0) + 1).padStart(4, "0")}`;
}

/**
 * The deploy tags to delete so that at most `keep` remain. The newest of each day is never among them when the day is
 * `today`, nor is the newest of all, so that no name is ever given twice.
 *
 * @throws RangeError when `keep` is negative or not a whole number.
 */
export function deployTagsToDelete(names: Iterable<string>, keep: number, today: Date): string[] {
  if (!Number.isInteger(keep) || keep < 0) {
    throw new RangeError(`The number of tags to keep must be a whole number from 0, not ${keep}`);
  }
  const tags = sortDeployTags(names);
  const day = today.toISOString().slice(0, 10);
  const spared = new Set([tags.at(-1)?.name, tags.findLast((tag) => tag.date === day)?.name]);
  return tags
    .slice(0, Math.max(0, tags.length - Math.max(keep, 1)))
    .map((tag) => tag.name)
    .filter((name) => !spared.has(name));
}
