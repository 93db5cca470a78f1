import type { Invocation } from "@scap/cli";
import type { LoadConfigOptions } from "@scap/config";
import { CONFIG_OPTIONS } from "./config-options.ts";

/** The configuration that the global options of a command line ask for; `fqdn` is for commands that have it. */
export function configRequest(invocation: Invocation, fqdn?: string): LoadConfigOptions {
  const { cwd, options } = invocation;
  const confFile = options.string("conf");
  return {
    cwd,
    environment: options.string("environment"),
    defines: options.list("define"),
    confFile,
    localConfig: !options.flag("no-local-config"),
    options: CONFIG_OPTIONS,
    fqdn,
    // Only touched where it is read: opening it takes time.
    stdin: confFile === "-" ? invocation.stdin : undefined,
  };
}
