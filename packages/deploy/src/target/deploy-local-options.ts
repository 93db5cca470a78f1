import { STAGES } from "../stage.ts";

/** One option of the command line, in the form that command-line packages use. */
export interface DeployLocalOption {
  readonly name: string;
  readonly short?: string;
  readonly type: "flag" | "string";
  readonly value?: string;
  readonly required?: boolean;
  readonly completes?: "groups";
  readonly summary: string;
}

/** What every command that runs stages on its own host declares: `deploy-local` and `scap deploy-local`. */
export const DEPLOY_LOCAL: {
  readonly summary: string;
  readonly description: string;
  readonly stages: readonly string[];
  readonly options: readonly DeployLocalOption[];
} = {
  summary: "Fetch, configure and promote a revision on this host",
  description: `Without STAGE: fetch, config_deploy and promote, then handle_service if something was promoted.
What to deploy is read from the deploy server (git_server) or, without --refresh-config, from the copy of the last time.`,
  stages: STAGES,
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
};
