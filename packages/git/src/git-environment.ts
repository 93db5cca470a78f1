/**
 * Variables that lead git to another repository or to other settings, by git's own list and where git has forgotten one;
 * for scripts that must do without a process to ask it.
 */
export const REDIRECTING_VARIABLES: readonly string[] = [
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_CONFIG",
  "GIT_CONFIG_COUNT",
  "GIT_CONFIG_PARAMETERS",
  "GIT_DIR",
  "GIT_GRAFT_FILE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_INTERNAL_SUPER_PREFIX",
  "GIT_NAMESPACE",
  "GIT_NO_REPLACE_OBJECTS",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_REPLACE_REF_BASE",
  "GIT_SHALLOW_FILE",
  "GIT_WORK_TREE",
];

/** Variables that would redirect git to another repository, or change what it does to this one. */
const FOREIGN =
  /^GIT_(DIR|WORK_TREE|IMPLICIT_WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|CEILING_DIRECTORIES|CONFIG|CONFIG_.*|QUARANTINE_PATH|REPLACE_REF_BASE|NO_REPLACE_OBJECTS|TEMPLATE_DIR|DEFAULT_HASH|DEFAULT_REF_FORMAT|ATTR_SOURCE|EXTERNAL_DIFF|DIFF_OPTS|SHALLOW_FILE|GRAFT_FILE|INTERNAL_.*|EDITOR|SEQUENCE_EDITOR|PAGER|TRACE.*|ASKPASS|LITERAL_PATHSPECS|GLOB_PATHSPECS|NOGLOB_PATHSPECS|ICASE_PATHSPECS)$/;

/**
 * The environment for a git command: `base` without what redirects git, never waiting for a person, and with messages in
 * one language.
 */
export function gitEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && !FOREIGN.test(name)) environment[name] = value;
  }
  environment["LC_ALL"] = "C";
  environment["GIT_TERMINAL_PROMPT"] = "0";
  environment["GIT_OPTIONAL_LOCKS"] = "0";
  environment["GIT_PAGER"] = "cat";
  return { ...environment, ...extra };
}
