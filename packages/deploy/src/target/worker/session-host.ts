import { dirname } from "node:path";

import type { Logger } from "@scap/log";

import type { DeployInfo } from "../../deploy-info.ts";
import { PROTOCOL_VERSION, type HelloRequest } from "../../protocol.ts";
import type { ConfigRenderer } from "../config/render-config-files.ts";
import type { OwnCommand } from "../guards/promote-guard.ts";
import { makeDirectories } from "../make-directories.ts";
import { realDirectory } from "../revisions/revisions.ts";
import type { ServiceManager } from "../services/service-manager.ts";
import { TargetWorkError } from "../target-error.ts";
import { resolveTargetPaths, targetPaths, type TargetPaths } from "../target-paths.ts";
import { takeWriterSeat, type WriterSeat } from "../writer-seat.ts";
import { SessionLeases, type SessionLeasesOptions } from "./session-leases.ts";

/** What a session needs of the host. */
export interface WorkerSessionOptions {
  readonly logger: Logger;
  readonly services: ServiceManager;
  readonly render: ConfigRenderer;
  /** `git_deploy_dir` of the target's own configuration, which wins over the deploy server's. */
  readonly ownDeployDir: () => Promise<string | undefined>;
  /** Option `secondary_host_signal_file` of the target's own configuration. */
  readonly secondarySignalFile: () => Promise<string>;
  /** What the target's own configuration sets; the deploy info wins where it says something itself. */
  readonly ownOptions: () => Promise<Partial<DeployInfo>>;
  /** Starts what looks after this host when this process has gone. Absent: only the next worker does. */
  readonly ownCommand?: OwnCommand;
}

/** The repository on this host as a session has it. */
export interface SessionHost {
  readonly paths: TargetPaths;
  /** Missing where the run only reads. */
  readonly writer?: SessionWriter;
}

/** The right to change the host, and the leases of what is promoted under it. */
export interface SessionWriter {
  readonly seat: WriterSeat;
  readonly leases: SessionLeases;
}

/**
 * Finds the repository that a run greets for, and takes the writer's seat when it asks for that.
 *
 * @throws TargetWorkError `PROTOCOL` for another version; see {@link takeWriterSeat} for the seat
 */
export async function openHost(request: HelloRequest, options: WorkerSessionOptions): Promise<SessionHost> {
  if (request.protocol !== PROTOCOL_VERSION) throw wrongProtocol(request.protocol);
  const gitDeployDir = (await options.ownDeployDir()) ?? request.gitDeployDir;
  const paths = targetPaths(request.repo, gitDeployDir);
  if (!request.writer) {
    const isMissing = (await realDirectory(dirname(paths.root))) === null;
    return { paths: isMissing ? paths : await resolveTargetPaths(paths) };
  }
  // Before the first directory is made: a login's own mask may keep all others out, or let everybody in.
  if (request.umask !== undefined) process.umask(request.umask);
  await makeDirectories(paths.revs);
  return await openForWriting({
    ...options,
    paths: await resolveTargetPaths(paths),
    gitDeployDir,
    run: request.run,
  });
}

async function openForWriting(options: SessionLeasesOptions): Promise<SessionHost> {
  const { paths, run } = options;
  const seat = await takeWriterSeat(paths, { run, kind: "worker" });
  return { paths, writer: { seat, leases: new SessionLeases(options) } };
}

function wrongProtocol(version: number): TargetWorkError {
  return new TargetWorkError(
    `This deploy-local speaks protocol ${PROTOCOL_VERSION}, the deploy server protocol ${version}`,
    { code: "PROTOCOL", hint: "Install the same version of scap on both." },
  );
}
