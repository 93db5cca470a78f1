import type { Config } from "@scap/config";
import type { AcquireLocksOptions, EtcdLockStatusOptions } from "@scap/lock";
import type { LockWaiting } from "./lock-waiting.ts";

/** The lock that deploy servers share, when `lock_backend` is `etcd`. */
export function etcdLock(
  config: Config,
  name: string,
  { onWaiting }: LockWaiting,
): AcquireLocksOptions["etcd"] {
  const places = etcdPlaces(config);
  return (
    places && {
      ...places,
      name,
      leaseSeconds: config.float("lock_lease"),
      onWaiting: (wait) => onWaiting([], wait),
    }
  );
}

/** Where the locks are that deploy servers share; undefined unless `lock_backend` is `etcd`. */
export function etcdPlaces(config: Config): EtcdLockStatusOptions | undefined {
  if (config.str("lock_backend") !== "etcd") return undefined;
  const user = config.str("lock_etcd_user");
  const endpoints = (config.str("lock_etcd_endpoints") ?? "").split(",").map((endpoint) => endpoint.trim());
  return {
    endpoints: endpoints.filter((endpoint) => endpoint !== ""),
    prefix: config.str("lock_etcd_prefix"),
    credentials: user === undefined ? undefined : { user, password: config.str("lock_etcd_password") ?? "" },
  };
}
