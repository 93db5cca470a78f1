import { underSubject, type OptionSpec } from "../option-spec.ts";

/** Options that Python Scap does not have: refusals of its that are a choice here. */
export const GUARD_OPTIONS: readonly OptionSpec[] = underSubject("Refusals", [
  {
    name: "refuse_root",
    type: "bool",
    default: false,
    help: "Refuse to run as root, as Python Scap does.",
  },
  {
    name: "plugins",
    type: "list",
    default: null,
    help: "Absolute paths of plugin modules, between commas; a checkout cannot set it.",
  },
  {
    name: "deploy_server_pattern",
    type: "str",
    default: null,
    check: complaintAboutPattern,
    help: "Regular expression; deploying commands run only on hosts whose name matches.",
  },
  {
    name: "strict_templates",
    toTargets: true,
    type: "bool",
    default: true,
    help: "Fail on an undefined variable in a template instead of leaving it empty.",
  },
]);

function complaintAboutPattern(text: string): string | undefined {
  try {
    RegExp(text);
    return undefined;
  } catch (error) {
    return `must be a regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
}
