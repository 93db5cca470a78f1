import { readFile, stat } from "node:fs/promises";

import type { Logger } from "@scap/log";

import type { DeployInfo } from "../deploy-info.ts";
import { MAX_DEPLOY_INFO_BYTES, parseDeployInfo } from "../parse-deploy-info.ts";
import type { StageResult } from "../protocol.ts";
import { DEFAULT_STAGES, type StageName } from "../stage.ts";
import { downloadDeployInfo } from "./sources/download-deploy-info.ts";
import { makeDirectories } from "./make-directories.ts";
import { obtainRevision } from "./sources/obtain-revision.ts";
import { repairHost } from "./repair/repair-host.ts";
import type { ConfigRenderer } from "./config/render-config-files.ts";
import { MARKER_VARIABLE } from "./run-lock.ts";
import { runStages } from "./stages/run-stages.ts";
import type { ServiceManager } from "./services/service-manager.ts";
import { serverUrl } from "./sources/server-url.ts";
import { describeFailure, TargetWorkError } from "./target-error.ts";
import { resolveTargetPaths, targetPaths, type TargetPaths } from "./target-paths.ts";
import { writeFileAtomically } from "./write-file.ts";
import { takeWriterSeat } from "./writer-seat.ts";

/** One call of `deploy-local`. */
export interface RunDeployLocalOptions {
  readonly repo: string;
  /** Absent: fetch, config_deploy and promote, with handle_service after a promotion. */
  readonly stage?: StageName;
  readonly group?: string;
  readonly force: boolean;
  /** Get the deploy info anew even when there is a cached one. */
  readonly refreshConfig: boolean;
  /** Of this host. */
  readonly configuration: TargetConfiguration;
  readonly services: ServiceManager;
  readonly render: ConfigRenderer;
  /** Makes the logger once it is known whether the deploy info asks for JSON lines. */
  readonly createLogger: (json: boolean) => Logger;
  readonly signal: AbortSignal;
}

/** What a target knows by itself. */
export interface TargetConfiguration {
  readonly gitServer: string | undefined;
  readonly gitScheme: string;
  readonly gitDeployDir: string;
  readonly secondarySignalFile: string;
  /** Mask for what is made where the deploy info says nothing about it. */
  readonly umask: number;
  /** Options that the host's files set; the deploy info wins where it says something itself. */
  readonly own: Partial<DeployInfo>;
  /** Options given with `-D`, which win over the deploy info. */
  readonly overrides: Partial<DeployInfo>;
}

/**
 * Runs stages on this host by itself, without a deploy server's worker connection.
 *
 * @throws TargetWorkError with the status to exit with
 */
export async function runDeployLocal(options: RunDeployLocalOptions): Promise<StageResult> {
  try {
    return await run(options);
  } catch (cause) {
    const { code, exitCode, hint, message, output } = describeFailure(cause);
    throw new TargetWorkError(message, {
      code,
      exitCode,
      cause,
      ...(hint === undefined ? {} : { hint }),
      ...(output === undefined ? {} : { output }),
    });
  }
}

async function run(options: RunDeployLocalOptions): Promise<StageResult> {
  const { configuration, signal } = options;
  const unresolved = targetPaths(options.repo, configuration.gitDeployDir);
  const text = await deployInfoText(unresolved, options);
  const published = parseDeployInfo(text.text, text.source);
  const info = withServer({ ...configuration.own, ...published, ...configuration.overrides }, configuration);
  process.umask(info.umask ?? configuration.umask);
  await makeDirectories(unresolved.revs);
  const paths = await resolveTargetPaths(unresolved);
  const seat = await takeWriterSeat(paths, { run: new Date().toISOString(), kind: "command" });
  try {
    if (text.isNew) await writeFileAtomically(paths.config, text.text);
    const assertHeld = async (): Promise<void> => await seat.assertHeld();
    const logger = options.createLogger(info.log_json);
    const secondarySignalFile = async (): Promise<string> => configuration.secondarySignalFile;
    const ownOptions = async (): Promise<Partial<DeployInfo>> => configuration.own;
    const host = { logger, secondarySignalFile, ownOptions };
    await repairHost({ ...options, ...host, paths, seat });
    return await runStages(options.stage === undefined ? DEFAULT_STAGES : [options.stage], {
      paths,
      info,
      ...(options.group === undefined ? {} : { group: options.group }),
      force: options.force,
      showsSecrets: false,
      logger,
      signal,
      environment: { [MARKER_VARIABLE]: seat.marker },
      services: options.services,
      render: options.render,
      secondarySignalFile,
      assertHeld,
      obtainRevision: async () => await obtainRevision(paths, info, { isReceived: false, signal }),
    });
  } finally {
    await seat.release();
  }
}

async function deployInfoText(
  paths: TargetPaths,
  { configuration, refreshConfig, signal }: RunDeployLocalOptions,
): Promise<{ text: string; source: string; isNew: boolean }> {
  const { gitScheme, gitServer } = configuration;
  if (gitServer === undefined || gitServer === "") {
    throw new TargetWorkError("git_server is not set", {
      code: "NO_GIT_SERVER",
      hint: "Set it in /etc/scap.cfg to the host name of the deploy server, or give -Dgit_server:HOST.",
    });
  }
  const cached = refreshConfig ? undefined : await readCached(paths.config);
  if (cached !== undefined) return { text: cached, source: paths.config, isNew: false };
  const server = serverUrl({ git_scheme: gitScheme, git_server: gitServer }, paths.repo);
  return {
    text: await downloadDeployInfo(server, { signal }),
    source: `${server}/.git/DEPLOY_HEAD`,
    isNew: true,
  };
}

/** A file that is too large is no copy of a deploy info, and is not read. */
async function readCached(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true || found.size > MAX_DEPLOY_INFO_BYTES) return undefined;
  return await readFile(path, "utf8");
}

/** Where the deploy info came from is where everything is fetched from, whatever it says itself. */
function withServer(info: DeployInfo, { gitScheme, gitServer }: TargetConfiguration): DeployInfo {
  return { ...info, git_scheme: gitScheme, ...(gitServer === undefined ? {} : { git_server: gitServer }) };
}
