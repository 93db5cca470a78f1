import type { Command } from "@scap/cli";
import { STAGES } from "@scap/deploy";

/** `deploy-local` as a command for people and configuration management. */
export const command: Command = {
  name: "deploy-local",
  summary: "Fetch, configure and promote a revision on this host",
  description: `Without STAGE: fetch, config_deploy and promote, then handle_service if something was promoted.
What to deploy is read from the deploy server (git_server) or, without --refresh-config, from the copy of the last time.`,
  arguments: [{ name: "stage", summary: "run only this stage", count: "optional", choices: [...STAGES] }],
  options: [
    {
      name: "repo",
      short: "r",
      type: "string",
      value: "REPO",
      required: true,
      summary: "name of the repository, such as group/name",
    },
    {
      name: "group",
      short: "g",
      type: "string",
      value: "GROUP",
      completes: "groups",
      summary: "run the checks of this group only; default: those of all groups",
    },
    { name: "force", short: "f", type: "flag", summary: "go on where there is nothing to do" },
    { name: "refresh-config", type: "flag", summary: "get the deploy info anew" },
  ],
  examples: [
    { command: "deploy-local -r acme/web", explains: "Bring a new host to the deployed revision" },
    { command: "deploy-local -r acme/web config_deploy", explains: "Render configuration files again" },
  ],
};
