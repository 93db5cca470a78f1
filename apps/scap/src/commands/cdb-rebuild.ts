import type { Command } from "@scap/cli";

/** `scap cdb-rebuild`. */
export const cdbRebuild: Command = {
  name: "cdb-rebuild",
  summary: "Rebuild the localisation cache of MediaWiki from its JSON files",
  description: `Runs on the targets as mwdeploy, for each active version, oldest first. One file that cannot be rebuilt
does not stop the others; its old CDB file stays.`,
  hidden: true,
  options: [
    {
      name: "version",
      type: "string",
      value: "VERSION",
      summary: "only this MediaWiki version; it must be active",
    },
    { name: "no-progress", type: "flag", summary: "show no progress" },
    { name: "master", type: "flag", summary: "work in the staging tree, as www-data" },
    {
      name: "threads",
      short: "t",
      type: "integer",
      value: "N",
      default: 0,
      summary: "worker threads; below 1 means the processors less two",
    },
    { name: "force", type: "flag", summary: "rebuild every file, needed or not" },
  ],
  examples: [
    { command: "scap cdb-rebuild --version 1.45.0-wmf.3", explains: "Rebuild the files of one version" },
    {
      command: "scap cdb-rebuild --force --no-progress",
      explains: "All files of all versions in use, quietly",
    },
  ],
  handler: async () => (await import("../run/cdb-rebuild.ts")).runCdbRebuild,
};
