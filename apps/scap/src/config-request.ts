import type { Invocation } from "@scap/cli";
import type { LoadConfigOptions } from "@scap/config";
import { CONFIG_OPTIONS } from "./config-options.ts";

/** The configuration that the global options of a command line ask for; `fqdn` is for commands that have it. */
export function configRequest({ cwd, options, stdin }: Invocation, fqdn?: string): LoadConfigOptions {
  return {
    cwd,
    environment: options.string("environment"),
    defines: options.list("define"),
    confFile: options.string("conf"),
    localConfig: !options.flag("no-local-config"),
    options: CONFIG_OPTIONS,
    fqdn,
    stdin,
  };
}
