/** Seconds between SIGTERM and SIGKILL when a command is to end. */
export const KILL_GRACE_S = 5;

/** A word for each of these seconds, for a loop of the shell. */
export const GRACE_STEPS: string = Array.from({ length: KILL_GRACE_S }, (_, index) => index + 1).join(" ");

/** Where a command announces itself to the watcher of its connection. */
export interface Place {
  /** Path of the watcher's pipe. */
  readonly pipe: string;
  /** Tells the commands of the connection apart. */
  readonly id: number;
}

/**
 * sshd makes the login shell a session and process group leader. The watcher sits on the channel's input: a line is
 * the name of a signal to send, the end of input means that the command is over, or that the client or the network
 * is gone. It is started twice removed, so that a `wait` in the command does not wait for it, and it holds no output,
 * so that the channel closes when the command's own output does. What a command that ended by itself has left in the
 * background is left alone; after a signal, or without a client, nothing of the group survives.
 */
export function lifeline(group: string): string[] {
  const watch = [
    "trap '' HUP INT QUIT TERM; asked=",
    `while IFS= read -r s; do asked=1; kill -s "$s" -- "-${group}"; done`,
    endGroup("$$", group),
  ];
  return ["exec 3<&0 </dev/null", `( ( ${watch.join("; ")} ) <&3 3<&- >/dev/null 2>&1 & )`, "exec 3<&-"];
}

/** The lifeline of a command that a watcher of the connection looks after, as long as that one is there. */
export function sharedLifeline({ pipe, id }: Place): string[] {
  return [
    `if { [ -p ${pipe} ] && echo "begin ${id} $$" >${pipe}; } 2>/dev/null; then exec </dev/null; else`,
    ...lifeline("$$"),
    "fi",
  ];
}

/** Shell that ends what is left of a group; to be run in a subshell, with `asked` set if it got a signal before. */
export function endGroup(leader: string, group: string): string {
  return [
    `if kill -0 "${leader}"; then kill -s TERM -- "-${group}"`,
    `for i in ${GRACE_STEPS}; do sleep 1; kill -0 "${leader}" || break; done`,
    `elif [ -z "$asked" ]; then exit 0; else sleep 0.5 || sleep 1; fi`,
    `kill -s KILL -- "-${group}"`,
  ].join("; ");
}
