/** What the environment of a check is made of. */
export interface CheckEnvironmentParts {
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly baseEnv?: Readonly<Record<string, string | undefined>> | undefined;
}

/** The environment of a check: variables without a value are left out, and so is the SSH agent unless it is wanted. */
export function checkEnvironment(
  { env = {}, baseEnv = process.env }: CheckEnvironmentParts,
  keepsAgent: boolean,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...baseEnv, ...env })) {
    const isRemoved = value === undefined || (value === "" && name in env);
    if (!isRemoved && (keepsAgent || name !== "SSH_AUTH_SOCK")) result[name] = value;
  }
  return result;
}
