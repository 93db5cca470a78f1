import type { Command } from "@scap/cli";
import { keepHeapSmall } from "../keep-heap-small.ts";
import { limitHosts, LOCK_TIMEOUT } from "./common-options.ts";

/** `scap deploy`. */
export const deploy: Command = {
  name: "deploy",
  summary: "Deploy a revision of this repository to its targets",
  description: `Run it at the top of a checkout that has scap/scap.cfg. The groups of server_groups follow one another,
canaries first; each host goes through fetch, config_deploy and promote, with the checks of scap/checks.yaml before
and after. When more hosts of a group fail than its failure_limit allows, what was deployed is rolled back.`,
  deployServerOnly: true,
  isLong: true,
  arguments: [
    {
      name: "message",
      summary:
        "why you deploy; goes into the log and the announcements (a first word that names a plan file carries it out)",
      count: "any",
    },
  ],
  options: [
    {
      name: "rev",
      short: "r",
      type: "string",
      value: "REV",
      completes: "revisions",
      summary: "revision to deploy instead of HEAD",
    },
    {
      name: "stages",
      short: "s",
      type: "string",
      value: "STAGE",
      choices: ["fetch", "config_deploy", "promote"],
      summary: "run only this stage",
    },
    limitHosts("deploy only to hosts that match, such as web1, web[1:3], *.dc1, !web9, ~regex"),
    { name: "force", short: "f", type: "flag", summary: "do the work again on hosts that have the revision" },
    {
      name: "allow-bad",
      type: "flag",
      summary: "deploy the revision although hosts marked it as bad; without it you are asked",
    },
    {
      name: "resume",
      type: "flag",
      summary: "go on with the last deployment, which was interrupted: with its revision, hosts and message",
    },
    { name: "dry-run", type: "flag", summary: "show how rendered config files would change; change nothing" },
    {
      name: "show-secrets",
      type: "flag",
      summary: "with --dry-run: do not mask values of remote_vars on the screen",
    },
    { name: "service-restart", type: "flag", summary: "only restart the services of service_name" },
    { name: "init", short: "i", type: "flag", summary: "prepare the checkout, contact no target" },
    { name: "plan", type: "flag", summary: "show what would happen where, and stop" },
    {
      name: "check-hosts",
      type: "flag",
      summary: "with --plan: also look whether the hosts are ready, and can go back (see scap doctor)",
    },
    {
      name: "output",
      short: "o",
      type: "string",
      value: "FILE",
      completes: "files",
      summary: "with --plan: also write the plan to a file",
    },
    {
      name: "from-plan",
      type: "string",
      value: "FILE",
      completes: "files",
      summary: "carry out this plan, if it is still what would be done",
    },
    { name: "during-freeze", type: "flag", summary: "deploy although a freeze file forbids it" },
    { name: "json", type: "flag", summary: "print every event as one JSON object a line" },
    { name: "yes", short: "y", type: "flag", summary: "continue after each group without asking" },
    LOCK_TIMEOUT,
  ],
  examples: [
    { command: "scap deploy 'fix the login page'", explains: "Deploy HEAD to all groups" },
    {
      command: "scap deploy --plan -r v1.4 -l 'web[1:3]'",
      explains: "See what deploying v1.4 to three hosts would do",
    },
    {
      command: "scap deploy --plan -o plan.json && scap deploy plan.json",
      explains: "Deploy exactly what was looked at, or say what has changed",
    },
  ],
  handler: () => keepHeapSmall(async () => (await import("../run/deploy.ts")).runDeploy),
};
