import type { CheckType } from "../check-type.ts";
import { runProcess } from "../run-process.ts";

const UNIT_NAME = /^[\w:.@\\][\w:.@\\-]*$/;

/** Asks systemd whether the unit `service` is active. */
export const serviceType: CheckType = {
  name: "service",
  summary: "ask systemd whether a unit is active",
  options: ["service"],
  validate: (check) => (unitOf(check) === undefined ? ["service must be the name of a systemd unit"] : []),
  prepare(check) {
    const unit = unitOf(check);
    if (unit === undefined) throw new Error("service must be the name of a systemd unit");
    return async (context) => {
      const attempt = await runProcess(["systemctl", "is-active", unit], context);
      if (attempt.exitCode === undefined || attempt.status !== "failed") return attempt;
      return { ...attempt, reason: `service ${unit} is ${attempt.output.trim() || "not active"}` };
    };
  },
};

function unitOf({
  options,
  command,
}: {
  options: ReadonlyMap<string, unknown>;
  command: string;
}): string | undefined {
  const unit = options.get("service") ?? command;
  return typeof unit === "string" && UNIT_NAME.test(unit) ? unit : undefined;
}
