import { homedir } from "node:os";
import { CliError, EXIT, type Invocation } from "@scap/cli";
import { createOpenSshTransport, createSshPool, type Transport } from "@scap/ssh-job";
import { keyFile } from "./keyholder.ts";
import type { TransportOptions } from "./plugins/plugin.ts";
import { pluginFailed } from "./plugins/blame-plugin.ts";
import { inTime, PLUGIN_PATIENCE_MS } from "./plugins/in-time.ts";
import type { Session } from "./session.ts";

/** What a command wants instead of what is configured. */
export interface WantedTransport {
  readonly transport?: string | undefined;
  readonly user?: string;
  readonly key?: string;
  /** Variables for programs that the transport starts. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * The connections of one command to its targets, as the configuration wants them.
 *
 * @param wanted - what the command wants instead: a transport (`ssh2`, `openssh`), or a login with its key
 */
export async function sshTransport(
  invocation: Invocation,
  session: Session,
  wanted: WantedTransport = {},
): Promise<Transport> {
  const { config } = session;
  const { env, options } = invocation;
  const shared = options.flag("no-shared-authsock") ? undefined : config.str("ssh_auth_sock");
  const agent = shared || env["SSH_AUTH_SOCK"];
  const user = wanted.user ?? config.str("ssh_user");
  const key = wanted.key ?? (await keyFile(config, user));
  const configFile = env["SCAP_SSH_CONFIG"] || config.str("ssh_config");
  // What ssh_config says of a host beats the built-in default, but not what somebody configured.
  const isUserChosen = wanted.user !== undefined || config.origin("ssh_user").kind !== "default";
  const common = {
    ...(configFile ? { sshConfigFile: configFile.replace(/^~(?=\/)/, homedir()) } : {}),
    ...(user !== undefined && (isUserChosen || !configFile) ? { user } : {}),
    ...(key === undefined ? {} : { identityFiles: [key] }),
    ...(agent ? { agent } : {}),
    connectTimeoutMs: (config.float("connect_timeout") ?? 15) * 1000,
  };
  const name = wanted.transport ?? transportName(session);
  if (name === "openssh") return createOpenSshTransport({ ...common, environment: wanted.environment ?? {} });
  if (name !== "ssh2") return await pluginTransport(name, session, common);
  const { prompt } = invocation;
  return createSshPool(
    prompt.isInteractive ? { ...common, prompt: (question) => prompt.secret(question) } : common,
  );
}

/** The transport that the configuration names. */
export function transportName({ config }: Session): string {
  return config.str("ssh_transport") ?? "ssh2";
}

async function pluginTransport(
  name: string,
  session: Session,
  options: TransportOptions,
): Promise<Transport> {
  const plugins = await session.plugins();
  const known = plugins.flatMap(({ transports = [] }) => transports);
  const chosen = known.find((transport) => transport.name === name);
  if (chosen !== undefined) {
    const { name: owner } = plugins.find(({ transports }) => transports?.includes(chosen)) ?? chosen;
    const create = async (): Promise<Transport> => usable(await chosen.create(options));
    return await inTime(create(), PLUGIN_PATIENCE_MS).catch((error: unknown) => {
      throw pluginFailed(owner, error);
    });
  }
  throw new CliError(`There is no transport ${JSON.stringify(name)} (ssh_transport)`, {
    code: "TRANSPORT_UNKNOWN",
    exitCode: EXIT.usage,
    hint: `Known are ${["ssh2", "openssh", ...known.map((transport) => transport.name)].join(", ")}.`,
  });
}

/** Plugins are not type-checked. */
function usable(made: unknown): Transport {
  const transport = made as Partial<Transport> | null | undefined; // looked at before it is used
  if (typeof transport?.connect === "function" && typeof transport.close === "function")
    return made as Transport;
  throw new Error("its transport must have the functions connect and close");
}
