import type { Config } from "@scap/config";
import type { AcquireLocksOptions } from "@scap/lock";

/** The lock that deploy servers share, when `lock_backend` is `etcd`. */
export function etcdLock(
  config: Config,
  name: string,
  onWaiting: (lines: readonly string[]) => void,
): AcquireLocksOptions["etcd"] {
  if (config.str("lock_backend") !== "etcd") return undefined;
  const user = config.str("lock_etcd_user");
  const endpoints = (config.str("lock_etcd_endpoints") ?? "").split(",").map((endpoint) => endpoint.trim());
  return {
    endpoints: endpoints.filter((endpoint) => endpoint !== ""),
    name,
    prefix: config.str("lock_etcd_prefix"),
    leaseSeconds: config.float("lock_lease"),
    credentials: user === undefined ? undefined : { user, password: config.str("lock_etcd_password") ?? "" },
    onWaiting,
  };
}
