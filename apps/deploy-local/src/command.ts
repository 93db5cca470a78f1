import type { Command } from "@scap/cli";
import { DEPLOY_LOCAL } from "@scap/deploy/options";

/** `deploy-local` as a command for people and configuration management. */
export const command: Command = {
  name: "deploy-local",
  summary: DEPLOY_LOCAL.summary,
  description: DEPLOY_LOCAL.description,
  arguments: [
    { name: "stage", summary: "run only this stage", count: "optional", choices: DEPLOY_LOCAL.stages },
  ],
  options: DEPLOY_LOCAL.options,
  examples: [
    { command: "deploy-local -r acme/web", explains: "Bring a new host to the deployed revision" },
    { command: "deploy-local -r acme/web config_deploy", explains: "Render configuration files again" },
  ],
};
