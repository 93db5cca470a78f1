import type { Input } from "@scap/cli";
import type { Player } from "./player.ts";

const SKIP_SECONDS = 10;
const KEYS: Readonly<Record<string, (player: Player) => void>> = {
  " ": (player) => player.togglePause(),
  q: (player) => player.stop(),
  "\u001b[C": (player) => player.skip(SKIP_SECONDS),
  "\u001b[D": (player) => player.skip(-SKIP_SECONDS),
  "+": (player) => player.changeSpeed(2),
  "-": (player) => player.changeSpeed(1 / 2),
  // A terminal in this mode sends no signal for Ctrl-C.
  "\u0003": () => process.kill(process.pid, "SIGINT"),
};

/** Lets the keys of a terminal steer a player, until the returned function is called. */
export function listenForKeys(
  stdin: Input & { setRawMode?(raw: boolean): unknown },
  player: Player,
): () => void {
  // Keys that follow each other quickly come together.
  const onData = (data: Buffer | string): void => {
    for (const [key] of String(data).matchAll(/\u001b\[.|./gs)) KEYS[key]?.(player);
  };
  stdin.setRawMode?.(true);
  stdin.on("data", onData);
  stdin.resume();
  return () => {
    stdin.off("data", onData);
    stdin.setRawMode?.(false);
    stdin.pause();
  };
}
