/** The declaration of a configuration option: name, type, default and one line of help. */
export interface LockOption {
  readonly name: string;
  readonly type: "str" | "list" | "path" | "float";
  readonly default: string | number | null;
  readonly subject: string;
  readonly help: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly secret?: boolean;
  readonly choices?: readonly string[];
}

const SUBJECT = "Locks";

/** Options of locks that Python Scap does not have. */
export const LOCK_OPTIONS: readonly LockOption[] = [
  {
    name: "lock_backend",
    type: "str",
    default: "file",
    subject: SUBJECT,
    help: "Locks by files on this host, or by etcd also for all deploy servers of a cluster.",
    choices: ["file", "etcd"],
  },
  {
    name: "lock_etcd_endpoints",
    type: "list",
    default: null,
    subject: SUBJECT,
    help: "Addresses of the etcd members, for example http://127.0.0.1:2379.",
  },
  {
    name: "lock_etcd_prefix",
    type: "str",
    default: "/scap/lock/",
    subject: SUBJECT,
    help: "What all keys of locks in etcd start with.",
  },
  {
    name: "lock_etcd_user",
    type: "str",
    default: null,
    subject: SUBJECT,
    help: "User of etcd's own user management; unset means none.",
  },
  {
    name: "lock_etcd_password",
    type: "str",
    default: null,
    subject: SUBJECT,
    secret: true,
    help: "Password of that user.",
  },
  {
    name: "lock_lease",
    type: "float",
    default: 30,
    unit: "seconds",
    min: 2,
    max: 3600,
    subject: SUBJECT,
    help: "How long a lock in etcd outlives a dead holder.",
  },
  {
    name: "lock_group",
    type: "str",
    default: null,
    subject: SUBJECT,
    help: "Group of the people who deploy: its members may force the global lock, lock files are theirs alone (mode 0660), and files of others are refused; without it only root and the holder may force it, and anybody may lock.",
  },
  {
    name: "lock_signal_dir",
    type: "path",
    default: "/tmp",
    subject: SUBJECT,
    help: "Directory of the files that ask for a forced unlock; Python Scap only looks in /tmp.",
  },
];
