import type { Command } from "@scap/cli";
import { DEPLOY_LOCAL } from "@scap/deploy/options";

/** `scap deploy-local`: deploy servers and configuration management of Python Scap call it by this name. */
export const deployLocal: Command = {
  name: "deploy-local",
  hidden: true,
  summary: DEPLOY_LOCAL.summary,
  description: DEPLOY_LOCAL.description,
  arguments: [
    { name: "stage", summary: "run only this stage", count: "optional", choices: DEPLOY_LOCAL.stages },
  ],
  options: DEPLOY_LOCAL.options,
  examples: [
    { command: "scap deploy-local -r acme/web", explains: "Bring a new host to the deployed revision" },
    { command: "scap deploy-local -r acme/web config_deploy", explains: "Render configuration files again" },
  ],
  handler: async () => (await import("../run/deploy-local.ts")).runDeployLocalCommand,
};
