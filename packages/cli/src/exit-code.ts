/** Exit statuses that mean the same in every command. */
export const EXIT = {
  /** The work is done. */
  ok: 0,
  /** The work ran and failed, or was refused for a stated reason, such as configuration that is wrong. */
  failed: 1,
  /** Wrong usage. */
  usage: 2,
  /** An error that the program did not expect. */
  bug: 70,
  /** Ended by SIGINT (Ctrl-C). */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;
