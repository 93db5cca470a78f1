import { hostname } from "node:os";
import { accountName } from "@scap/config";
import type { DeployStarted } from "@scap/events";
import { loginAccount } from "@scap/git";
import { lastPublished } from "./deploy-head.ts";
import type { PreparedDeployment } from "../plan/prepare.ts";

/** How far a clock is believed to have been set back; a last deployment further ahead had a wrong clock itself. */
const LARGEST_STEP_MS = 24 * 3_600_000;

/** The names that a deployment has before it starts. */
export interface DeployIdentity {
  /** The tag that will be made; null for a run that makes none. */
  readonly tag: string | null;
  /** The account that it runs as. */
  readonly user: string;
  /** Whoever became that account, as far as they are known and others. */
  readonly caller: Pick<DeployStarted, "loginUser" | "sudoUser">;
  readonly timestamp: string;
  /** Names the run for workers: later runs compare greater. */
  readonly run: string;
}

/**
 * Chooses tag, user and time of a deployment. Must be called with the deploy lock held.
 *
 * @param fencingRevision - grows with every lock that deploy servers share; where there is one, the order of runs does
 *   not depend on their clocks
 */
export async function identifyDeployment(
  prepared: PreparedDeployment,
  now: Date,
  fencingRevision?: bigint,
): Promise<DeployIdentity> {
  const { mode } = prepared.plan;
  const makesTag = mode === "deploy" || mode === "stages" || mode === "rollback" || mode === "init";
  const time = await timeAfterLast(prepared, now);
  const stamp = time.toISOString();
  const user = accountName();
  return {
    tag: makesTag ? await prepared.repository.nextDeployTag(time) : null,
    user,
    caller: await callerOf(user),
    // Python leaves the fraction out when it is zero.
    timestamp: stamp.endsWith(".000Z") ? stamp.slice(0, -5) : `${stamp.slice(0, -1)}000`,
    run: `${runOrder(stamp, fencingRevision)}-${hostname()}-${process.pid}`,
  };
}

async function callerOf(user: string): Promise<DeployIdentity["caller"]> {
  const login = await loginAccount();
  const sudoUser = process.env["SUDO_USER"] ?? "";
  return {
    ...(login === undefined || login.user === user ? {} : { loginUser: login.user }),
    ...(sudoUser === "" || sudoUser === user ? {} : { sudoUser }),
  };
}

/**
 * The time, but after the last deployment: targets refuse a run that is older than the one they know, and the last tag is
 * that of the last deployment.
 */
async function timeAfterLast({ repository }: PreparedDeployment, now: Date): Promise<Date> {
  const { timestamp = "" } = (await lastPublished(repository.directory)) ?? {};
  const aheadMs = Date.parse(`${timestamp.replace(/(?:Z|\+00:00)$/, "")}Z`) - now.getTime();
  return aheadMs >= 0 && aheadMs < LARGEST_STEP_MS ? new Date(now.getTime() + aheadMs + 1) : now;
}

/** Any letter comes after the digits of a time: a run whose order is sure is newer than one that only has a clock. */
function runOrder(stamp: string, fencingRevision: bigint | undefined): string {
  const time = stamp.replaceAll(/\D/g, "");
  return fencingRevision === undefined ? time : `r${String(fencingRevision).padStart(20, "0")}-${time}`;
}
