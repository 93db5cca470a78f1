import type { CheckAction, CheckTarget } from "./check-type.ts";
import { createCheckTypes, type CheckTypes } from "./check-types.ts";
import type { Check } from "./check.ts";
import { CheckInvalidError, type CheckProblem } from "./errors.ts";
import { listScripts } from "./list-scripts.ts";
import { DEFAULT_NRPE_DIR, readNrpeCommands } from "./nrpe-commands.ts";

/** A check with what it takes to run it. */
export interface PreparedCheck {
  readonly check: Check;
  readonly action: CheckAction;
}

/** Where the checks of a target find what they name. */
export interface PrepareChecksOptions {
  readonly checks: readonly Check[];
  /** @defaultValue the built-in types */
  readonly types?: CheckTypes | undefined;
  /** Option `nrpe_dir`. @defaultValue `"/etc/nagios/nrpe.d"` */
  readonly nrpeDir?: string | undefined;
  /** `scap/scripts` of the revision; without it there are no scripts. */
  readonly scriptsDir?: string | undefined;
  readonly onWarning?: ((message: string) => void) | undefined;
  readonly onDebug?: ((message: string) => void) | undefined;
}

/** Makes all checks ready, so that none runs when one of them cannot. @throws CheckInvalidError with all of them. */
export function prepareChecks(options: PrepareChecksOptions): PreparedCheck[] {
  const types = options.types ?? createCheckTypes();
  const target = lookUpTarget(options);
  const problems: CheckProblem[] = [];
  const prepared: PreparedCheck[] = [];
  for (const check of options.checks) {
    try {
      const type = types.get(check.type);
      if (!type) throw new Error(`unknown type "${check.type}"`);
      prepared.push({ check, action: type.prepare(check, target) });
    } catch (error) {
      problems.push({
        severity: "error",
        message: error instanceof Error ? error.message : String(error),
        check: check.name,
        file: check.place.file,
        line: check.place.line,
      });
    }
  }
  if (problems.length > 0) throw new CheckInvalidError(problems);
  return prepared;
}

function lookUpTarget({ nrpeDir, scriptsDir, onWarning, onDebug }: PrepareChecksOptions): CheckTarget {
  return {
    nrpeCommands: once(() => readNrpeCommands(nrpeDir ?? DEFAULT_NRPE_DIR, { onWarning })),
    scripts: once(() => {
      if (scriptsDir === undefined) return new Map<string, string>();
      const onEntry = (name: string, isRegistered: boolean): void =>
        onDebug?.(
          `script ${name} ${isRegistered ? "registered" : "is not an executable file: not registered"}`,
        );
      return listScripts(scriptsDir, { onEntry });
    }),
  };
}

function once<Result>(compute: () => Result): () => Result {
  let result: { value: Result } | undefined;
  return () => (result ??= { value: compute() }).value;
}
