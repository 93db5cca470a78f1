export { currentBranch } from "./branch.ts";
export { checkoutRevision, type CheckoutOptions } from "./checkout-revision.ts";
export { redactText, stripCredentials } from "./credentials.ts";
export {
  DEPLOY_TAG_PREFIX,
  deployTagsToDelete,
  lastDeployTag,
  nextDeployTag,
  parseDeployTag,
  sortDeployTags,
  type DeployTag,
} from "./deploy-tag.ts";
export { GitCommandError, GitError, type GitErrorCode, type GitErrorOptions } from "./errors.ts";
export { EXACT_SETTINGS } from "./exact-settings.ts";
export { REDIRECTING_VARIABLES } from "./git-environment.ts";
export { resolveGitDirectory } from "./git-directory.ts";
export {
  gitVersion,
  isGitAtLeast,
  OLDEST_GIT,
  parseGitVersion,
  requireGitVersion,
  type GitVersion,
} from "./git-version.ts";
export {
  identityEnvironment,
  loginAccount,
  systemIdentity,
  type Account,
  type GitIdentity,
  type GitPerson,
} from "./identity.ts";
export {
  initGitDirectory,
  initRepository,
  objectFormatOf,
  type InitRepositoryOptions,
  type ObjectFormat,
} from "./init-repository.ts";
export { configureRepository } from "./configure-repository.ts";
export {
  hasLargeFilePointers,
  largeFilePath,
  largeFilePointers,
  localLargeFiles,
  type LargeFile,
  type LargeFilePointer,
} from "./local-large-files.ts";
export {
  installLargeFileFilters,
  pullLargeFiles,
  type LargeFileProgram,
  type PullLargeFilesOptions,
} from "./large-files.ts";
export { joinPacks } from "./join-packs.ts";
export { dateIndex, refreshIndex } from "./refresh-index.ts";
export { packRevision, type PackOptions, type RevisionPack } from "./pack-revision.ts";
export { createPackStore, type PackStore, type PackStoreRequest } from "./pack-store.ts";
export { deleteReferences, isObjectId, isReferenceName, readReferences, writeReference } from "./refs.ts";
export { openRepository, type Repository, type RepositoryPaths } from "./repository.ts";
export { reflog } from "./reflog.ts";
export { addShallow, readShallow } from "./shallow.ts";
export { runGit, type GitOutput, type RunGitOptions } from "./run-git.ts";
export { storePack, type StorePackOptions } from "./store-pack.ts";
export { listSubmodules, parseSubmodules, type Submodule, type SubmoduleEntry } from "./submodules.ts";
export type { CreateDeployTagOptions } from "./tags.ts";
export { fetchRepository, type FetchRepositoryOptions } from "./clone.ts";
export { gitInfo, gitInfoFile, gitInfoText, type GitInfo, type GitInfoOptions } from "./git-info.ts";
export { cacheGitInfo } from "./git-info-cache.ts";
export {
  mirrorCheckout,
  updateSubmodulesFromUpstream,
  type MirrorCheckoutOptions,
  type MirrorCheckoutResult,
} from "./mirror-checkout.ts";
export { getRemoteUrl, hasRemote, setRemoteUrl, type RemoteOptions } from "./remotes.ts";
export { directoryKind, requireTopLevel, type DirectoryKind } from "./top-level.ts";
export {
  collectGarbage,
  commitAll,
  DEFAULT_IGNORES,
  hasWorktreeChanges,
  ignorePatterns,
} from "./working-tree.ts";
