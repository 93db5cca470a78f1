import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CliError, EXIT, UsageError, type Invocation } from "@scap/cli";
import { isStageName, parsePlanFile, type DeployMode, type PlanFile, type PlanRequest } from "@scap/deploy";
import { messageOf } from "./deploy-message.ts";
import { readingFailure } from "./reading-failure.ts";

/** What a call of `scap deploy` asks for. */
export interface DeployIntent {
  readonly request: PlanRequest;
  /** The plan that it must be the same as. */
  readonly planned?: { readonly plan: PlanFile; readonly source: string };
}

/**
 * Reads what is asked for: from the options, or from the plan file that is named.
 *
 * @throws UsageError for options that contradict each other
 * @throws CliError when a named plan file cannot be read
 */
export async function deployIntent(invocation: Invocation): Promise<DeployIntent> {
  const words = invocation.words("message");
  const named = await namedPlan(invocation, words);
  if (named === undefined) return { request: requestOf(invocation, words) };
  const { isPositional, ...planned } = named;
  refuseOtherWishes(invocation);
  const message = (isPositional ? words.slice(1) : words).join(" ");
  const { request } = planned.plan;
  return { planned, request: message === "" ? request : { ...request, message } };
}

/**
 * A first word that ends in `.json` is a plan if there is a file of that name with a plan in it; else it is a word of
 * the message. The only word without a blank always is a plan: to deploy without one when its name is misspelt would be
 * the opposite of what was asked for.
 */
async function namedPlan(
  { cwd, options }: Invocation,
  words: readonly string[],
): Promise<{ plan: PlanFile; source: string; isPositional: boolean } | undefined> {
  const [word = ""] = words;
  const given = options.string("from-plan");
  const source = given ?? (word.endsWith(".json") ? word : undefined);
  if (source === undefined) return undefined;
  const isMessage = given === undefined && (words.length > 1 || /\s/.test(word));
  const text = await readFile(resolve(cwd, source), "utf8").catch((cause: unknown) => {
    if (isMessage) return "";
    throw unreadable(source, readingFailure(cause));
  });
  const plan = parsePlanFile(text, source);
  if (plan !== undefined) return { plan, source, isPositional: given === undefined };
  if (!isMessage) throw unreadable(source, "it is not a plan of scap deploy --plan -o FILE");
  return undefined;
}

function unreadable(source: string, reason: string): CliError {
  return new CliError(`Cannot use the plan ${source}: ${reason}`, {
    code: "BAD_PLAN",
    exitCode: EXIT.failed,
    hint: "Make one with scap deploy --plan -o FILE. A message that ends in .json needs a second word.",
  });
}

function refuseOtherWishes({ options }: Invocation): void {
  const flags = ["dry-run", "service-restart", "init", "force", "plan"].filter((name) => options.flag(name));
  const others = ["rev", "stages"].filter((name) => options.string(name) !== undefined);
  if (options.list("limit-hosts").length > 0) others.push("limit-hosts");
  const [other] = [...flags, ...others];
  if (other !== undefined)
    throw new UsageError(`--${other} cannot be used with a plan file: the plan decides that`);
}

function requestOf(invocation: Invocation, words: readonly string[]): PlanRequest {
  const { options } = invocation;
  const mode = modeOf(invocation);
  const [stage, revision] = [options.string("stages"), options.string("rev")];
  return {
    mode,
    limits: options.list("limit-hosts"),
    force: options.flag("force"),
    message: messageOf(words, { isInit: mode === "init" }),
    ...(mode === "stages" && stage !== undefined && isStageName(stage) ? { stage } : {}),
    ...(revision === undefined ? {} : { revision }),
  };
}

/** Looking beats restarting, which beats single stages; preparing the checkout beats them all. */
function modeOf({ options }: Invocation): DeployMode {
  if (options.list("limit-hosts").includes("")) throw new UsageError("--limit-hosts: the pattern is empty");
  if (options.flag("init")) return "init";
  if (options.flag("dry-run")) return "dry-run";
  if (options.flag("service-restart")) return "restart";
  return options.string("stages") === undefined ? "deploy" : "stages";
}
