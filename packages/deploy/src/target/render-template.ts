import type { PublishedConfigFile } from "../deploy-info.ts";
import { TargetWorkError } from "./target-error.ts";

/** Renders the template of a configuration file. */
export async function renderConfigFile(
  file: PublishedConfigFile,
  _variables: ReadonlyMap<string, unknown>,
): Promise<string> {
  throw new TargetWorkError(`Config file ${file.name}: templates cannot be rendered yet`, {
    code: "TEMPLATE",
  });
}
