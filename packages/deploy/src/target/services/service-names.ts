import { TargetWorkError } from "../target-error.ts";

/** One item of `service_name`. */
export interface ServiceItem {
  readonly name: string;
  readonly action: "restart" | "reload";
  /** What is said for secondary hosts, or nothing; only {@link DISABLE_SECONDARY} has a meaning. */
  readonly secondary: string;
  /** Whether the service is stopped and disabled on secondary hosts. */
  readonly isDisabledOnSecondary: boolean;
}

/** The word that stops and disables a service on secondary hosts. */
export const DISABLE_SECONDARY = "disable-secondary";

/**
 * Reads `service_name`: a comma list of `name`, `name=action` or `name=action:secondary`. Blanks do not count.
 *
 * @throws TargetWorkError `BAD_SERVICE_NAME` for an empty item, an unknown action or an impossible name
 */
export function parseServiceNames(text: string): ServiceItem[] {
  return text.split(",").map((item) => parseItem(item.trim(), text));
}

function parseItem(item: string, text: string): ServiceItem {
  const match = /^([^=]+?)(?:\s*=\s*([^:]*?)(?:\s*:\s*(.*))?)?$/.exec(item);
  const [, name = "", action = "restart", last = ""] = match ?? [];
  if (!/^[A-Za-z0-9@._:-]+$/.test(name) || name.startsWith("-")) {
    throw bad(
      text,
      item === "" ? "it has an empty item" : `${JSON.stringify(item)} does not start with a service`,
    );
  }
  if (action !== "restart" && action !== "reload") {
    throw bad(text, `${JSON.stringify(action)} is not an action; use restart or reload`);
  }
  const secondary = last.trim();
  return { name, action, secondary, isDisabledOnSecondary: secondary === DISABLE_SECONDARY };
}

function bad(text: string, reason: string): TargetWorkError {
  return new TargetWorkError(`service_name: ${JSON.stringify(text)} is not valid: ${reason}`, {
    code: "BAD_SERVICE_NAME",
    hint: "Correct it in scap/scap.cfg.",
  });
}
