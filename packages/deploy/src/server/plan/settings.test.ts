import { loadConfig } from "@scap/config";
import { expect, it } from "vitest";
import { deploySettings } from "./settings.ts";

async function settings(...defines: string[]) {
  const none = "/nonexistent/scap.cfg";
  return deploySettings(
    await loadConfig({ cwd: "/nonexistent", defines, systemFile: none, fqdn: "deploy1" }),
  );
}

it.each(["../x", "/abs", "a b", "-x", "a//b"])(
  "refuses the repository name %s (deploy W38)",
  async (repo) => {
    await expect(settings(`git_repo:${repo}`)).rejects.toMatchObject({ code: "BAD_GIT_REPO" });
  },
);

it("refuses a deployment directory that is not absolute before a target is asked", async () => {
  const relative = settings("git_repo:acme/web", "git_deploy_dir:srv/deployment");
  await expect(relative).rejects.toThrow('git_deploy_dir is "srv/deployment", which is no absolute path');
  const { gitDeployDir } = await settings("git_repo:acme/web");
  expect(gitDeployDir).toBe("/srv/deployment");
});
