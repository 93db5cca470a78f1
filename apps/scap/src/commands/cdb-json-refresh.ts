import type { Command } from "@scap/cli";

/** `scap cdb-json-refresh`. */
export const cdbJsonRefresh: Command = {
  name: "cdb-json-refresh",
  summary: "Write the JSON files of a localisation cache that changed",
  hidden: true,
  deployServerOnly: true,
  options: [
    {
      name: "directory",
      short: "d",
      type: "directory",
      value: "DIR",
      required: true,
      summary: "directory with the CDB files",
    },
    {
      name: "threads",
      short: "t",
      type: "integer",
      value: "N",
      default: 0,
      summary: "worker threads; below 1 means the processors less two",
    },
    { name: "prune", type: "flag", summary: "remove JSON and MD5 files that have no CDB file" },
  ],
  examples: [
    {
      command: "scap cdb-json-refresh -d /srv/mediawiki-staging/php-1.45.0-wmf.3/cache/l10n",
      explains: "Write what targets rebuild their caches from",
    },
    {
      command: "scap cdb-json-refresh -d /tmp/l10n --threads 4 --prune",
      explains: "With four threads; also remove JSON files of caches that are gone",
    },
  ],
  handler: async () => (await import("../run/cdb-json-refresh.ts")).runCdbJsonRefresh,
};
