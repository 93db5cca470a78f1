import { deployTagsToDelete } from "./deploy-tag.ts";
import { identityEnvironment, systemIdentity } from "./identity.ts";
import type { Repository } from "./repository.ts";

type Git = Repository["git"];

/** What {@link Repository.createTag} needs. */
export interface CreateDeployTagOptions {
  readonly name: string;
  readonly commit: string;
  /** Written into the tag's message. */
  readonly user: string;
  /** Written into the tag's message, as it stands in the deploy info. */
  readonly timestamp: string;
  /** Finds the fully qualified name of this host, where git has no identity configured. @defaultValue its plain name */
  readonly host?: () => Promise<string>;
  /** Whether the signing settings of the user apply. @defaultValue false */
  readonly sign?: boolean;
}

/** Names of all tags, in git's order. */
export async function listTags(git: Git): Promise<string[]> {
  const { stdout } = await git(["for-each-ref", "--format=%(refname:lstrip=2)", "refs/tags"]);
  return stdout.split("\n").filter((name) => name !== "");
}

/** Makes an annotated tag whose message has the paragraphs `user <user>` and `timestamp <timestamp>`. */
export async function createDeployTag(git: Git, options: CreateDeployTagOptions): Promise<void> {
  const signing = options.sign === true ? [] : ["-c", "tag.gpgSign=false"];
  const message = ["-m", `user ${options.user}`, "-m", `timestamp ${options.timestamp}`];
  const env = await missingIdentity(git, options.host);
  await git([...signing, "tag", "-a", ...message, "--", options.name, options.commit], { env });
}

/** Git's own identity wins where it is complete, so that tags carry the name that people know. */
async function missingIdentity(
  git: Git,
  host: CreateDeployTagOptions["host"],
): Promise<Record<string, string>> {
  const { stdout } = await git(["config", "--get-regexp", "^user\\.(name|email)$"], { acceptStatus: [1] });
  const isComplete = /^user\.name ./m.test(stdout) && /^user\.email ./m.test(stdout);
  const isInEnvironment = process.env["GIT_COMMITTER_NAME"] && process.env["GIT_COMMITTER_EMAIL"];
  return isComplete || isInEnvironment ? {} : identityEnvironment(await systemIdentity(await host?.()));
}

/** Deletes one tag; one that is not there is an error. */
export async function deleteTag(git: Git, name: string): Promise<void> {
  await git(["tag", "--delete", "--", name]);
}

/** See {@link deployTagsToDelete}. All deletions happen in one git command. */
export async function cleanDeployTags(git: Git, keep: number, today: Date): Promise<string[]> {
  const doomed = deployTagsToDelete(await listTags(git), keep, today);
  if (doomed.length > 0) {
    const commands = doomed.map((name) => `delete refs/tags/${name}\n`).join("");
    await git(["update-ref", "--stdin"], { input: commands });
  }
  return doomed;
}
