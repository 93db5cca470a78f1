import type { Command } from "@scap/cli";
import { keepHeapSmall } from "../keep-heap-small.ts";
import { limitHosts, LOCK_TIMEOUT } from "./common-options.ts";

/** `scap doctor`. */
export const doctor: Command = {
  name: "doctor",
  summary: "Look whether the targets are ready for a deployment, and to go back",
  description: `Looks at every target of this checkout in one round trip, without Node or scap there: whether it can be reached
and its key is known, disk and inodes against what this revision needs, permissions, programs, clock, and whether the
revision to go back to is whole. Equal problems are shown once, with the command that repairs them. Exit status 1 when
there is a problem; changes nothing without --fix.`,
  deployServerOnly: true,
  options: [
    {
      name: "rev",
      short: "r",
      type: "string",
      value: "REV",
      completes: "revisions",
      summary: "revision that is to be deployed, instead of HEAD",
    },
    limitHosts("look only at hosts that match"),
    { name: "fix", type: "flag", summary: "make revisions to go back to whole again where they are not" },
    { name: "json", type: "flag", summary: "print one JSON object" },
    { ...LOCK_TIMEOUT, summary: "with --fix: longest wait for the lock: 90s, 10m (default: 10m)" },
  ],
  examples: [
    { command: "scap doctor", explains: "Before a deployment of HEAD" },
    {
      command: "scap doctor --fix -l 'web[1:3]'",
      explains: "Restore what a rollback on three hosts would need",
    },
  ],
  handler: () => keepHeapSmall(async () => (await import("../run/doctor.ts")).runDoctor),
};
