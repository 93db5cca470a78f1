import type { Config } from "@scap/config";
import { createRedactor, type Redactor } from "@scap/log";

type Environment = Readonly<Record<string, string | undefined>>;

/** Removes the values of secret options and of the variables that `secret_variables` names. */
export function logRedactor(config: Config, env: Environment): Redactor {
  const options = config.catalogue.specs.filter(({ secret }) => secret === true).map(({ name }) => name);
  const variables = [
    ...(config.list("secret_variables") ?? []),
    ...options.map((name) => config.str(`${name}_env`) ?? ""),
  ];
  const secrets = [
    ...options.map((name) => config.str(name) ?? ""),
    ...variables.map((name) => env[name] ?? ""),
  ];
  return createRedactor({ secrets });
}
