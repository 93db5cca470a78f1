/** Tasks that start in list order, a limited number at the same time. */
export interface RunInOrderOptions<Task> {
  readonly tasks: readonly Task[];
  readonly concurrency: number;
  /** Neighbours that are parallel run together whatever the limit is. */
  readonly isParallel: (task: Task) => boolean;
  readonly signal: AbortSignal | undefined;
  /** Its signal is aborted when another task broke or the caller aborts; it must have cleaned up when it settles. */
  readonly run: (task: Task, signal: AbortSignal) => Promise<void>;
}

/** Runs all tasks. When one breaks, the others are ended first and then the first error is thrown. */
export async function runInOrder<Task>(options: RunInOrderOptions<Task>): Promise<void> {
  const { tasks, concurrency, isParallel, run } = options;
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const running = new Map<Task, Promise<void>>();
  const errors: unknown[] = [];

  const start = (task: Task): void => {
    const ended = run(task, signal)
      .catch((error: unknown) => {
        errors.push(error);
        stop.abort(error);
      })
      .finally(() => running.delete(task));
    running.set(task, ended);
  };
  const mayStart = (task: Task): boolean =>
    running.size < concurrency || (isParallel(task) && [...running.keys()].every(isParallel));

  for (const task of tasks) {
    while (!mayStart(task)) await Promise.race(running.values());
    if (signal.aborted) break;
    start(task);
  }
  await Promise.all(running.values());
  options.signal?.throwIfAborted();
  if (errors.length > 0) throw errors[0];
}
