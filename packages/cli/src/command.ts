import type { Invocation } from "./invocation.ts";

/** A command as data: help, completion, reference pages and argument parsing all come from this one object. */
export interface Command {
  readonly name: string;
  /** One imperative line for the list of commands, without a final period. */
  readonly summary: string;
  /** Further paragraphs of the help page. */
  readonly description?: string;
  /** Left out of lists and suggestions; works and has help. */
  readonly hidden?: boolean;
  /** Only runs on hosts that `deploy_server_pattern` allows, and not while `block_deployments` is set. */
  readonly deployServerOnly?: boolean;
  /** Must run inside tmux or screen where `require_terminal_multiplexer` is set and a terminal is attached. */
  readonly isLong?: boolean;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  readonly examples?: readonly Example[];
  /** Named actions: `scap targets list`. A command has actions or a handler of its own, or both. */
  readonly commands?: readonly Command[];
  /** Loads the handler; only called when the command runs, so that other commands start without it. */
  readonly handler?: () => Promise<Handler>;
}

/** Runs a command and answers with its exit status. */
export type Handler = (invocation: Invocation) => Promise<number>;

/** A positional argument. */
export interface Argument {
  readonly name: string;
  readonly summary: string;
  /** `one` is required, `optional` may be absent, `any` takes zero or more words, `many` one or more. */
  readonly count: "one" | "optional" | "any" | "many";
  readonly choices?: readonly string[];
  /** What completion offers besides; others are as good. */
  readonly suggestions?: readonly string[];
  readonly completes?: Completes;
}

/** An option, `--name` with an optional short form. */
export interface Option {
  /** Long name without the dashes. */
  readonly name: string;
  /** Other long names that mean the same. */
  readonly aliases?: readonly string[];
  /** One letter. */
  readonly short?: string;
  readonly type: "flag" | "string" | "integer" | "directory";
  /** What the help calls the value, for example `REV`. */
  readonly value?: string;
  /** May be given several times; the value is then a list. */
  readonly repeat?: boolean;
  /** The value may be left out: `--sudo` alone means this value, and another one needs `--sudo=VALUE`. */
  readonly optionalValue?: string;
  readonly required?: boolean;
  /** Left out of help and completion: for what the program starts itself. */
  readonly hidden?: boolean;
  readonly choices?: readonly string[];
  readonly default?: string | number;
  /** One line for the help page, with units where there are any. */
  readonly summary: string;
  /** What completion offers where other values are as good. */
  readonly suggestions?: readonly string[];
  readonly completes?: Completes;
}

/** What completion offers for a value that has no fixed choices. */
export type Completes =
  | "files"
  | "directories"
  /** One host or several with commas between them. */
  | "hosts"
  /** Hosts and groups (`@canary`), also several. */
  | "host-sets"
  | "lab-hosts"
  | "groups"
  | "revisions"
  | "environments"
  | "options"
  /** `NAME:VALUE` of a configuration option. */
  | "definitions"
  | "logs"
  /** Kept runs of commands. */
  | "runs";

/** A command line with what it does. */
export interface Example {
  readonly command: string;
  readonly explains: string;
}

/** Options that every command understands. A command's own option takes a short form over. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  {
    name: "conf",
    short: "c",
    type: "string",
    value: "FILE",
    completes: "files",
    summary: "read only this configuration file",
  },
  {
    name: "define",
    short: "D",
    type: "string",
    value: "NAME:VALUE",
    repeat: true,
    completes: "definitions",
    summary: "override a configuration option (repeatable)",
  },
  {
    name: "environment",
    short: "e",
    type: "string",
    value: "NAME",
    completes: "environments",
    summary: "use scap/environments/NAME of the repository",
  },
  { name: "verbose", short: "v", type: "flag", summary: "show debug messages and stack traces" },
  { name: "no-local-config", type: "flag", summary: "ignore the configuration in ./scap" },
  { name: "no-log-message", type: "flag", summary: "keep announcements out of chat" },
  { name: "no-input", type: "flag", summary: "ask nothing, as without a terminal" },
  { name: "no-shared-authsock", type: "flag", summary: "use your own ssh agent, not the shared one" },
  { name: "help", short: "h", type: "flag", summary: "show this help" },
];
