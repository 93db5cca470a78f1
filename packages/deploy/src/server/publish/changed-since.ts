import { parseDeployInfo } from "../../parse-deploy-info.ts";
import { serialiseDeployInfo } from "../../serialise-deploy-info.ts";
import { DeployError } from "../../errors.ts";
import { readDeployHead } from "./deploy-head.ts";
import type { PreparedDeployment } from "../plan/prepare.ts";

/** What every deployment has of its own. */
const OWN_FIELDS = new Set(["tag", "user", "timestamp"]);

/**
 * What targets would be told otherwise than an earlier deployment told them, by field of the deploy info: checks,
 * configuration files, options.
 *
 * @param tag - of the earlier deployment; where another one was published since, nothing is known and nothing differs
 */
export async function changedSince(prepared: PreparedDeployment, tag: string): Promise<string[]> {
  const { info, repository, settings } = prepared;
  const published = (await readDeployHead(repository.gitDirectory)) ?? "";
  if (tagOf(published) !== tag) return [];
  const own = { tag, user: "", timestamp: "" };
  const present = serialiseDeployInfo(
    { ...info, ...own },
    { orderedChecks: settings.hasPythonOrderedChecks },
  );
  const [before, now] = [fields(published), fields(present)];
  const names = [...new Set([...before.keys(), ...now.keys()])].toSorted();
  return names.filter((name) => !OWN_FIELDS.has(name) && before.get(name) !== now.get(name));
}

function tagOf(published: string): string | undefined {
  try {
    return parseDeployInfo(published, "DEPLOY_HEAD").tag;
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return undefined;
  }
}

/** Text of each field: only the line that begins one starts with its name at the left edge. */
function fields(text: string): Map<string, string> {
  const blocks = text.split(/^(?=[a-z_]+:)/m);
  return new Map(blocks.map((block) => [block.slice(0, block.indexOf(":")), block]));
}
