/** Longest wait for a plugin to do what it was asked for, in milliseconds. */
export const PLUGIN_PATIENCE_MS = 10_000;

/** Waits for what a plugin works on, but not for ever. @throws Error when it takes longer than `patienceMs` */
export async function inTime<T>(work: T | Promise<T>, patienceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it took longer than ${patienceMs / 1000} seconds`)),
      patienceMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
