import type { LabHost } from "@scap/lab";

/** Somebody who reads what is live on a host, all the time. */
export interface Reader {
  /** What was seen that must never be seen: a missing file, or two files of different revisions. */
  mistakes(): string[];
  stop(): Promise<void>;
}

/** Shell text of the reader: enters the live directory and compares two files of it, until a file says stop. */
const LOOP = `
while [ ! -e "$2" ]; do
  if cd -P "$1" 2>/dev/null; then
    a=$(cat a.txt 2>&1); b=$(cat b.txt 2>&1)
    [ "$a" = "$b" ] || echo "a=$a b=$b in $PWD"
    cd /
  else
    echo "nothing is live"
  fi
done`;

let count = 0;

/** Starts a reader of `directory` on a host. */
export async function watchReader(host: LabHost, directory: string): Promise<Reader> {
  const stop = `/tmp/reader-stop-${++count}`;
  let seen = "";
  const run = host
    .exec(["sh", "-c", LOOP, "reader", directory, stop], { timeoutMs: 300_000 })
    .then(({ stdout }) => {
      seen = stdout;
    });
  const end = async (): Promise<void> => {
    await host.exec(["touch", stop]);
    await run;
  };
  return {
    mistakes: () => seen.split("\n").filter((line) => line !== ""),
    stop: end,
  };
}
