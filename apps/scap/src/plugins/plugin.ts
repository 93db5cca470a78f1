import type { Command } from "@scap/cli";
import type { DerivedCheckType } from "@scap/checks";
import type { LogRecord } from "@scap/log";
import type { Transport } from "@scap/ssh-job";

/** What a plugin module exports as `plugin`. */
export interface Plugin {
  readonly name: string;
  readonly commands?: readonly Command[];
  readonly checkTypes?: readonly DerivedCheckType[];
  readonly transports?: readonly PluginTransport[];
  readonly notifiers?: readonly Notifier[];
}

/** A way to reach hosts, chosen with `ssh_transport`. */
export interface PluginTransport {
  readonly name: string;
  readonly create: (options: TransportOptions) => Transport | Promise<Transport>;
}

/** What the configuration says about reaching hosts. */
export interface TransportOptions {
  readonly user?: string;
  readonly sshConfigFile?: string;
  readonly identityFiles?: readonly string[];
  readonly agent?: string;
  readonly connectTimeoutMs: number;
}

/** Is told what happens in a deployment. */
export interface Notifier {
  readonly name: string;
  /** Called for each announcement and event, in order, one at a time; a failure does not disturb the deployment. */
  readonly notify: (record: LogRecord) => unknown;
}
