import { allPids, describeProcess, signalAll } from "../process-table.ts";

/**
 * Lets every `nsenter` go on that brought a command into one of these hosts. It stops itself when its command is
 * stopped, and nobody but us would start it again: it would keep the host from ever being torn down.
 */
export function wakeEnterers(initPids: ReadonlySet<number>): void {
  const processes = allPids().map(describeProcess);
  const enterers = processes.filter((one) => {
    const target = /^nsenter --target (\d+) /.exec(one?.command ?? "")?.[1];
    return target !== undefined && initPids.has(Number(target));
  });
  signalAll(
    enterers.flatMap((one) => one?.pid ?? []),
    "SIGCONT",
  );
}
