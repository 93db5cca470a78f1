import type { HostAddress } from "../hosts/host-settings.ts";
import { lookupName } from "../host-keys/known-hosts.ts";
import { checkHostName } from "../hosts/host-name.ts";

/** What the arguments of ssh depend on. */
export interface OpenSshArgumentsOptions {
  readonly user?: string | undefined;
  readonly identityFiles?: readonly string[] | undefined;
  readonly knownHostsFiles?: readonly string[] | undefined;
  readonly sshConfigFile?: string | boolean | undefined;
  readonly jumpHost?: string | undefined;
  readonly connectTimeoutMs?: number | undefined;
  readonly keepaliveIntervalMs?: number | undefined;
  readonly keepaliveCountMax?: number | undefined;
  /** More options in the form of ssh_config, such as `GSSAPIAuthentication=yes`. They win. */
  readonly sshOptions?: readonly string[] | undefined;
}

/**
 * The arguments in front of the host name that ssh gets in every case: nothing is asked, nothing is forwarded, host
 * keys are strict, and dead connections are noticed.
 */
export function openSshArguments(
  host: string,
  options: OpenSshArgumentsOptions,
  at: HostAddress = {},
): string[] {
  const { identityFiles = [], knownHostsFiles, sshConfigFile } = options;
  const set = (name: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`-o${name}=${value}`];
  return [
    ...(options.sshOptions ?? []).map((option) => `-o${option}`),
    ...(sshConfigFile === true
      ? []
      : [`-F${typeof sshConfigFile === "string" ? sshConfigFile : "/dev/null"}`]),
    ...SAFE_OPTIONS.map((option) => `-o${option}`),
    ...set("ConnectTimeout", seconds(options.connectTimeoutMs ?? 10_000)),
    ...set("ServerAliveInterval", seconds(options.keepaliveIntervalMs ?? 10_000)),
    ...set("ServerAliveCountMax", options.keepaliveCountMax ?? 3),
    ...set("UserKnownHostsFile", knownHostsFiles?.map(quoteOption).join(" ")),
    ...(knownHostsFiles ? ["-oGlobalKnownHostsFile=none"] : []),
    ...set("User", options.user ?? at.user),
    ...set("Port", at.port),
    ...(at.address === undefined ? [] : addressOptions(host, at.address, at.port ?? 22)),
    ...(identityFiles.length > 0 ? ["-oIdentitiesOnly=yes"] : []),
    ...identityFiles.map((file) => `-oIdentityFile=${quoteOption(file)}`),
    ...set("ProxyJump", options.jumpHost),
  ];
}

/** The host behind `--`, so that it can never be read as an option. @throws SshError `BAD_HOST_NAME` */
export function hostArgument(host: string): string[] {
  checkHostName(host);
  return ["--", host];
}

const SAFE_OPTIONS = [
  "BatchMode=yes",
  "StrictHostKeyChecking=yes",
  "UpdateHostKeys=no",
  "ConnectionAttempts=1",
  "PasswordAuthentication=no",
  "KbdInteractiveAuthentication=no",
  "ForwardAgent=no",
  "ForwardX11=no",
  "ClearAllForwardings=yes",
  "PermitLocalCommand=no",
  "EscapeChar=none",
  "RequestTTY=no",
];

/** The name stays the one under which the key is filed; an alias is taken as it is, so the port must be in it. */
function addressOptions(host: string, address: string, port: number): string[] {
  return [`-oHostName=${address}`, `-oHostKeyAlias=${lookupName(host, port)}`];
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

function quoteOption(path: string): string {
  return /[\s"]/.test(path) ? `"${path.replaceAll('"', String.raw`\"`)}"` : path;
}
