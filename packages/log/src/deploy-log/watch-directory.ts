import { type FSWatcher, existsSync, watch } from "node:fs";
import { dirname, relative } from "node:path";

/** What is watched, and who is told. */
export interface WatchOptions {
  /** The directory; it need not exist yet. */
  readonly directory: string;
  /** Closest directory above that is watched while the directory is missing. */
  readonly root: string;
  /** Called after something may have changed; never during the call of `watchDirectory`. */
  readonly onChange: () => void;
  /** Ends the watching. */
  readonly signal: AbortSignal;
}

const POLL_MS = 100;

/**
 * Tells about changes in a directory by the system's file events, so that waiting costs nothing. Only where the
 * system has no events to give (too many watches, some network file systems) it looks ten times a second.
 */
export function watchDirectory({ directory, root, onChange, signal }: WatchOptions): void {
  let watcher: FSWatcher | undefined;
  let watched: string | undefined;
  let poll: NodeJS.Timeout | undefined;
  const changed = (): void => {
    aim();
    onChange();
  };
  const drop = (): void => {
    watcher?.close();
    watched = undefined;
  };
  const aim = (): void => {
    const wanted = closestExisting(directory, root);
    if (wanted === watched || signal.aborted) return;
    drop();
    try {
      watcher = watch(wanted, (event, name) => {
        // A directory that is removed ends its watch with an event about itself.
        if (event === "rename" && (name === null || !existsSync(wanted))) watched = undefined;
        changed();
      });
      watcher.on("error", startPolling);
      watched = wanted;
    } catch {
      startPolling();
    }
  };
  const startPolling = (): void => {
    drop();
    poll ??= setInterval(onChange, POLL_MS);
  };
  signal.addEventListener("abort", () => {
    drop();
    clearInterval(poll);
  });
  aim();
}

function closestExisting(directory: string, root: string): string {
  let path = directory;
  while (!existsSync(path) && path !== root && !relative(root, path).startsWith("..")) path = dirname(path);
  return path;
}
