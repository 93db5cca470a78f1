/** Fails at once under CI when something that tests need is missing: there it must never be skipped in silence. */
export function requireUnderCi(what: string, obstacle: string | undefined): void {
  if (obstacle === undefined || process.env["CI"] === undefined) return;
  throw new Error(`${what} is needed under CI, but ${obstacle}`);
}
