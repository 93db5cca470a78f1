import type { DeployInfo } from "../../deploy-info.ts";

/** URL of the deploy server's checkout. */
export function serverUrl(info: Pick<DeployInfo, "git_scheme" | "git_server">, repo: string): string {
  return `${info.git_scheme ?? "http"}://${info.git_server ?? ""}/${repo}`;
}
