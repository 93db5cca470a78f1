/** Orders versions such as `1.10.0` and `2.0.0-rc.1`, newest first; a release is newer than what led up to it. */
export function newestFirst(a: string, b: string): number {
  const [releaseA, releaseB] = [releaseOf(a), releaseOf(b)];
  const byRelease = compare(releaseB, releaseA);
  if (byRelease !== 0 || a === b) return byRelease;
  if (a === releaseA) return -1;
  return b === releaseB ? 1 : compare(b, a);
}

function releaseOf(version: string): string {
  return version.split(/[-+]/, 1)[0] ?? version;
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
