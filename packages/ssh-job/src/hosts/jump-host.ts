import { SshError } from "../errors.ts";
import { type CommonSettings, type HostSettings, hostSettings } from "./host-settings.ts";
import type { SshConfig } from "./ssh-config.ts";

/**
 * The settings of the last host of a `ProxyJump` list, `[user@]host[:port]`, which is reached through those before it.
 *
 * @throws SshError `BAD_OPTION` when it is no such list, or what `hostSettings` throws.
 */
export async function jumpHostSettings(
  list: string,
  common: CommonSettings,
  config: SshConfig | undefined,
): Promise<HostSettings> {
  const hops = list.split(",");
  const last = parseHop(hops.pop() ?? "");
  const before = hops.length > 0 ? hops.join(",") : undefined;
  const settings = await hostSettings(last.host, { ...common, user: last.user, jumpHost: before }, config);
  return { ...settings, user: last.user ?? common.user ?? settings.user, port: last.port ?? settings.port };
}

function parseHop(text: string): { host: string; user: string | undefined; port: number | undefined } {
  const match =
    /^(?:ssh:\/\/)?(?:(?<user>[^@\s]+)@)?(?:\[(?<v6>[^\]]+)\]|(?<name>[^:\s]+))(?::(?<port>\d+))?$/.exec(
      text.trim(),
    );
  const { user, v6, name, port } = match?.groups ?? {};
  const host = v6 ?? name;
  if (host === undefined) throw new SshError("BAD_OPTION", `Not a jump host, [user@]host[:port]: ${text}`);
  return { host, user, port: port === undefined ? undefined : Number(port) };
}
