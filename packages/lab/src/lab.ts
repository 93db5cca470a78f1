/** `embedded`: SSH servers in this process, no root. `real`: one `sshd` each in its own namespaces, root. */
export type LabKind = "embedded" | "real";

/** A running fleet for trying and testing. */
export interface Lab {
  readonly kind: LabKind;
  /** Where the lab keeps its files. */
  readonly directory: string;
  /** In the order that was asked for. */
  readonly hosts: readonly LabHost[];
  /** For `ssh -F`: knows every host by its name. */
  readonly sshConfigFile: string;
  /** Every host's key, under its name and under its address and port. */
  readonly knownHostsFile: string;
  /** The one private key that every host accepts. */
  readonly identityFile: string;
  /** The login that every host accepts. */
  readonly user: string;
  /** Variables that make a client's `ssh`, `git` and `scap` use this lab. */
  readonly env: Readonly<Record<string, string>>;
  /** @throws {LabError} `UNKNOWN_HOST` */
  host(name: string): LabHost;
  /** Ends every host and everything that runs on it, and waits until it is gone. May be called twice. */
  close(): Promise<void>;
}

/** One host of a lab, and the ways to hurt it. */
export interface LabHost {
  readonly name: string;
  /** IP address that clients connect to. */
  readonly address: string;
  readonly port: number;
  /** The host's private files as seen from here: `srv`, `home`, `etc`, `tmp` are below it. */
  readonly root: string;
  /** `git_deploy_dir` as the host itself sees it. */
  readonly deployDir: string;
  /** Runs a command on the host without going through SSH, as the login user unless told otherwise. */
  exec(argv: readonly string[], options?: LabExecOptions): Promise<LabExecResult>;
  /** Turns a path as the host sees it into the path of the same file as seen from here. */
  outside(path: string): string;
  /** Everything that runs on the host apart from what the lab itself needs there. */
  processes(): Promise<readonly LabProcess[]>;
  /** TCP connections that the SSH server has accepted since the lab started. */
  connectionCount(): Promise<number>;
  /** Processor time that the host's processes have used, in milliseconds; the ended ones included where the kind can. */
  cpuMs(): Promise<number>;

  /** Sends a signal to each process whose command line contains `match`; tells how many. @defaultValue `SIGKILL` */
  kill(match: string, signal?: NodeJS.Signals): Promise<number>;
  /** Kills the SSH server and its sessions at once; new connections are refused. */
  killServer(): Promise<void>;
  /** Starts the SSH server again, with the same address, port and key. */
  startServer(): Promise<void>;
  /** Stops every process where it stands: connections stay open, nothing answers. */
  pause(): Promise<void>;
  /** Ends {@link pause}. */
  resume(): Promise<void>;
  /** From now on every packet is lost, in both directions. */
  cut(): Promise<void>;
  /** Ends {@link cut}. What was on the way arrives late, as TCP does. */
  restore(): Promise<void>;
  /** Leaves no free byte below `/srv`. @throws {LabError} `NOT_SUPPORTED` where `/srv` is not a disk of its own */
  fillDisk(options?: FillDiskOptions): Promise<void>;
  /** Ends {@link fillDisk}. */
  freeDisk(): Promise<void>;
  /** Changes delay and loss. @throws {LabError} `NOT_SUPPORTED` */
  shape(link: LinkShape): Promise<void>;
}

/** How a command runs on a host. */
export interface LabExecOptions {
  /** Login to run as; only `root` and the lab's user exist on real hosts, only the latter on embedded ones. */
  readonly user?: string;
  /** Text for standard input. @defaultValue empty */
  readonly input?: string;
  /** Kills the command after this many milliseconds. @defaultValue 60_000 */
  readonly timeoutMs?: number;
}

/** How a command ended on a host. */
export interface LabExecResult {
  /** Exit status; 128 + n after signal n. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process on a host. */
export interface LabProcess {
  /** Its id as seen from here. */
  readonly pid: number;
  /** Its parent's id as seen from here. */
  readonly parentPid: number;
  /** Arguments, joined by blanks. */
  readonly command: string;
}

/** How full a disk becomes. */
export interface FillDiskOptions {
  /** Bytes that stay free, about. @defaultValue 0 */
  readonly leaveBytes?: number;
}

/** What a link does to packets. */
export interface LinkShape {
  /** Added to the round trip, in milliseconds: half of it each way. @defaultValue 0 */
  readonly rttMs?: number;
  /** Packets lost each way, in percent. @defaultValue 0 */
  readonly lossPercent?: number;
}

/** What both kinds of lab are started with. */
export interface LabOptions {
  /** Names, or how many: `3` is `web1`, `web2`, `web3`. */
  readonly hosts: number | readonly string[];
  /** Where to keep files; created, and left behind when the lab closes. @defaultValue a temporary one, removed in the end */
  readonly directory?: string;
  /** Lines for the `[global]` section of the hosts' `scap.cfg`, besides `git_deploy_dir`. */
  readonly scapConfig?: Readonly<Record<string, string>>;
  /** Hides `node` on the hosts. @defaultValue false */
  readonly withoutNode?: boolean;
}
