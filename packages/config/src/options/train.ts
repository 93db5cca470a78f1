import { underSubject, type OptionSpec } from "../option-spec.ts";

/** Train, Gerrit, patches, task tracker: names, types and defaults of Python Scap. */
export const TRAIN_OPTIONS: readonly OptionSpec[] = underSubject("Train, Gerrit, patches, task tracker", [
  {
    name: "gerrit_url",
    type: "str",
    default: "https://gerrit.wikimedia.org/r/",
    help: "Base URL for reading from Gerrit.",
  },
  {
    name: "gerrit_push_url",
    type: "str",
    default: "ssh://gerrit.wikimedia.org:29418/",
    help: "Base URL for pushing.",
  },
  {
    name: "gerrit_push_user",
    type: "str",
    default: null,
    help: "Bot account for pushes; when unset the operator's own ssh agent is used.",
  },
  {
    name: "train_blockers_url",
    type: "str",
    default: "https://train-blockers.toolforge.org/api.php",
    help: "JSON source for the current train; a file:/// URL is accepted.",
  },
  {
    name: "version_update_patch_timeout",
    type: "int",
    default: 300,
    min: 0,
    unit: "seconds",
    help: "Seconds to wait for a version patch to be merged.",
  },
  { name: "patch_path", type: "path", default: "/srv/patches", help: "Directory of security patches." },
  {
    name: "require_security_patches",
    type: "bool",
    default: true,
    help: "Fail when no patches are found for a version.",
  },
  {
    name: "notify_patch_failures",
    type: "bool",
    default: false,
    help: "Report patches that do not apply in the task tracker.",
  },
  {
    name: "patch_bot_phorge_name",
    type: "str",
    default: "SecurityPatchBot",
    help: "Tracker account used for reporting patches that do not apply.",
  },
  {
    name: "patch_bot_phorge_token",
    type: "str",
    default: null,
    secret: true,
    help: "API token of that account.",
  },
  {
    name: "phorge_url",
    type: "str",
    default: "https://phabricator.wikimedia.org",
    help: "Tracker base URL.",
  },
]);
