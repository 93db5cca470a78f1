import { createHash } from "node:crypto";
import { DeployError } from "../../errors.ts";
import { STAGES, type StageName } from "../../stage.ts";
import { changedLines } from "./plan-changes.ts";
import { planFacts } from "./plan-facts.ts";
import type { DeployMode } from "./plan.ts";
import type { PreparedDeployment } from "./prepare.ts";

/** What was asked for when a plan was made. */
export interface PlanRequest {
  readonly mode: DeployMode;
  readonly stage?: StageName;
  /** Revision as the user gave it; absent when the configuration chose. */
  readonly revision?: string;
  readonly limits: readonly string[];
  readonly force: boolean;
  readonly message: string;
}

/** A plan on file, to be carried out later if nothing has changed by then. */
export interface PlanFile {
  readonly kind: typeof PLAN_KIND;
  /** SHA-256 of the lines, hexadecimal. */
  readonly digest: string;
  readonly request: PlanRequest;
  /** Everything that decides what happens, one fact a line. */
  readonly lines: readonly string[];
}

const PLAN_KIND = "scap-deploy-plan-1";

/** A plan as it goes to file. The same hosts, revision, configuration and limits give the same digest. */
export function planFile(prepared: PreparedDeployment, request: PlanRequest): PlanFile {
  const lines = planFacts(prepared, request.force);
  return { kind: PLAN_KIND, digest: digestOf(lines), request, lines };
}

/**
 * Reads a plan from the text of its file.
 *
 * @returns undefined when it is not a plan at all
 * @throws DeployError `BAD_PLAN` when it is one, but not as it was written
 */
export function parsePlanFile(text: string, source: string): PlanFile | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || value["kind"] !== PLAN_KIND) return undefined;
  const { digest, lines, request } = value;
  const isWhole = Array.isArray(lines) && lines.every((line) => typeof line === "string");
  if (isWhole && isRequest(request) && digest === digestOf(lines)) {
    return { kind: PLAN_KIND, digest, request, lines };
  }
  throw new DeployError(`${source} was changed after it was written: its digest does not fit`, {
    code: "BAD_PLAN",
    hint: "Make the plan anew with scap deploy --plan -o FILE.",
  });
}

/**
 * Makes sure that a plan is still what would be done.
 *
 * @throws DeployError `PLAN_CHANGED` that names the lines that are different
 */
export function requireSamePlan(planned: PlanFile, prepared: PreparedDeployment, source: string): void {
  const now = planFile(prepared, planned.request);
  if (now.digest === planned.digest) return;
  const changes = changedLines(planned.lines, now.lines);
  throw new DeployError(
    `${source} is not what would be deployed now; nothing was done:\n${changes.map((line) => `  ${line}`).join("\n")}`,
    {
      code: "PLAN_CHANGED",
      hint: "Look at the changes, then make the plan anew: scap deploy --plan -o FILE, with the same -e and -D.",
    },
  );
}

function digestOf(lines: readonly string[]): string {
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const MODES: readonly unknown[] = [
  "deploy",
  "stages",
  "restart",
  "dry-run",
  "init",
] satisfies readonly DeployMode[];

function isRequest(value: unknown): value is PlanRequest {
  if (!isRecord(value)) return false;
  const { force, limits, message, mode, revision, stage } = value;
  const isText = (each: unknown): boolean => typeof each === "string";
  const isStage = stage === undefined || (STAGES as readonly unknown[]).includes(stage);
  const isRevision = revision === undefined || isText(revision);
  const areLimits = Array.isArray(limits) && limits.every(isText);
  return (
    MODES.includes(mode) &&
    isStage &&
    isRevision &&
    areLimits &&
    isText(message) &&
    typeof force === "boolean"
  );
}
