/**
 * Matches a name against a list of patterns as ssh does: separated by `,`, with `*` and `?`, `!` in front of a
 * pattern that must not match. Case matters.
 *
 * @returns `refused` when a negated pattern matches, wherever it stands in the list.
 */
export function matchPatternList(name: string, list: string): "match" | "none" | "refused" {
  let found: "match" | "none" = "none";
  for (const item of list.split(",")) {
    const negated = item.startsWith("!");
    if (!matchPattern(name, negated ? item.slice(1) : item)) continue;
    if (negated) return "refused";
    found = "match";
  }
  return found;
}

/** Matches with `*` for any text and `?` for one character; everything else stands for itself. */
export function matchPattern(text: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) return text === pattern;
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[next] === "*") {
      star = next++;
      resume = at;
    } else if (pattern[next] === "?" || pattern[next] === text[at]) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[next] === "*") next++;
  return next === pattern.length;
}
