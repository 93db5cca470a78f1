/** Where logs are received: a datagram socket of this host, or a port. */
export type LogAddress =
  | { readonly protocol: "unix"; readonly path: string }
  | { readonly protocol: "tcp" | "udp"; readonly host: string; readonly port: number | undefined };

/** Reads `unix:///dev/log`, `udp://HOST:PORT` or `tcp://HOST:PORT`; undefined for anything else. */
export function parseLogAddress(text: string): LogAddress | undefined {
  const path = /^unix:\/\/(\/.+)$/.exec(text)?.[1];
  if (path !== undefined) return { protocol: "unix", path };
  const [, protocol, host, digits] = /^(tcp|udp):\/\/([^\s/:@?#]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || port === 0 || (port ?? 1) > 65_535) return undefined;
  return { protocol: protocol === "tcp" ? "tcp" : "udp", host, port };
}
