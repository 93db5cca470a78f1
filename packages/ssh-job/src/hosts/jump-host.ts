import { SshError } from "../errors.ts";
import { type CommonSettings, type HostSettings, hostSettings } from "./host-settings.ts";
import type { SshConfig } from "./ssh-config.ts";

/**
 * The settings of the last host of a `ProxyJump` list, `[user@]host[:port]`, which is reached through those before it.
 *
 * @throws SshError `BAD_OPTION` when it is no such list, `BAD_SSH_CONFIG` when jump hosts lead in a circle, or what
 *   `hostSettings` throws.
 */
export async function jumpHostSettings(
  list: string,
  common: CommonSettings,
  config: SshConfig | undefined,
): Promise<HostSettings> {
  const settings = await settingsOfLast(list, common, config);
  const way = [list];
  for (let next = settings.jumpHost; next !== undefined;) {
    const isCircle = way.includes(next);
    way.push(next);
    if (isCircle) throw circle(way);
    next = (await settingsOfLast(next, common, config)).jumpHost;
  }
  return settings;
}

async function settingsOfLast(
  list: string,
  common: CommonSettings,
  config: SshConfig | undefined,
): Promise<HostSettings> {
  const hops = list.split(",");
  const last = parseHop(hops.pop() ?? "");
  const before = hops.length > 0 ? hops.join(",") : undefined;
  const user = last.user ?? common.user;
  const settings = await hostSettings(last.host, { ...common, user, jumpHost: before }, config);
  return last.port === undefined
    ? settings
    : { ...settings, port: last.port, keyPort: keyPortOf(settings, last.port) };
}

/** Without an alias the key is filed under the port. */
function keyPortOf({ keyPort, port }: HostSettings, chosen: number): number {
  return keyPort === port ? chosen : keyPort;
}

function circle(way: readonly string[]): SshError {
  return new SshError("BAD_SSH_CONFIG", `Jump hosts lead in a circle: ${way.join(" -> ")}`, {
    hint: "Exempt the jump host from the block that names it, as in: Host * !bastion",
  });
}

function parseHop(text: string): { host: string; user: string | undefined; port: number | undefined } {
  const match =
    /^(?:ssh:\/\/)?(?:(?<user>[^@\s]+)@)?(?:\[(?<v6>[^\]]+)\]|(?<name>[^:\s]+))(?::(?<port>\d+))?$/.exec(
      text.trim(),
    );
  const { user, v6, name, port } = match?.groups ?? {};
  const host = v6 ?? name;
  if (host === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) {
    throw new SshError("BAD_OPTION", `Not a jump host, [user@]host[:port]: ${text}`);
  }
  return { host, user, port: port === undefined ? undefined : Number(port) };
}
