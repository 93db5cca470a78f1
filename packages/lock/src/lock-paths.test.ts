import { expect, test } from "vitest";
import {
  backportLockPath,
  globalLockPath,
  repositoryLockPath,
  specificLockPath,
  stagingLockPath,
} from "./lock-paths.ts";

test.each([
  [{ gitRepo: "my/service/deploy" }, "/var/lock/scap.my_service_deploy.lock"],
  [{ gitRepo: "/srv/mediawiki" }, "/var/lock/scap._srv_mediawiki.lock"],
  [{}, "/var/lock/scap.srv_mediawiki-staging.lock"],
  [{ stageDir: "/srv/staging/mw/" }, "/var/lock/scap.srv_staging_mw.lock"],
  [{ lockFile: "/x/y", gitRepo: "a" }, "/x/y"],
  [{ gitRepo: "a/b", lockDir: "/run/scap" }, "/run/scap/scap.a_b.lock"],
])("the lock of %j is %s (case 1)", (config, path) => {
  expect(specificLockPath(config)).toBe(path);
});

test("a MediaWiki sync uses the staging lock even where git_repo is configured (lock W15)", () => {
  expect(stagingLockPath({ gitRepo: "a/b" })).toBe("/var/lock/scap.srv_mediawiki-staging.lock");
});

test("a repository command without lock_file and git_repo is refused", () => {
  expect(() => repositoryLockPath({})).toThrow("neither lock_file nor git_repo is set");
});

test("lock_dir moves every lock (lock W16)", () => {
  expect(globalLockPath({ lockDir: "/run/scap" })).toBe("/run/scap/scap-global-lock");
  expect(backportLockPath({ lockDir: "/run/scap" })).toBe("/run/scap/scap.backport.lock");
  expect(globalLockPath()).toBe("/var/lock/scap-global-lock");
});
