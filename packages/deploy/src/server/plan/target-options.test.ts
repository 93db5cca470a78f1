import { loadConfig, type Config } from "@scap/config";
import { describe, expect, it } from "vitest";
import { DEPLOY_OPTIONS } from "../../options.ts";
import { checkTargetOptions } from "./target-options.ts";

async function configOf(...defines: string[]): Promise<Config> {
  const none = "/nonexistent/scap.cfg";
  const place = { cwd: "/nonexistent", systemFile: none, fqdn: "deploy1" };
  return await loadConfig({ ...place, defines, options: DEPLOY_OPTIONS });
}

describe("what targets would refuse one by one", () => {
  it.each([
    ["service_name:web=stop", "service_name"],
    ["shared:../x", "shared"],
    ["git_server:http://deploy1", "git_server"],
    ["git_server:deploy1 # main", "git_server"],
    ["git_scheme:http://", "git_scheme"],
    ["git_scheme:no scheme", "git_scheme"],
  ])("is refused on the deploy server: %s", async (define, option) => {
    const config = await configOf(define);
    const place = `-D ${define}: `;
    expect(() => checkTargetOptions(config)).toThrow(place);
    expect(() => checkTargetOptions(config)).toThrow(option);
  });
});

describe("what targets would ignore", () => {
  it.each([
    ["service_name:web=reload:disable-secondry", "did you mean disable-secondary?"],
    ["service_name:web=reload:never", "only disable-secondary is known"],
    ["nrpe_dir:etc/nagios", "is no absolute path"],
  ])("is told on the deploy server: %s", async (define, doubt) => {
    const [warning, ...others] = checkTargetOptions(await configOf(define));
    expect(warning).toContain(`-D ${define}: `);
    expect(warning).toContain(doubt);
    expect(others).toEqual([]);
  });
});

it("what targets understand passes", async () => {
  const defines = [
    ...[
      "service_name: web, worker = reload:disable-secondary",
      "service_port: 0_080 ",
      "shared: cache, var/x",
    ],
    ...["git_server:deploy1:8080", "git_scheme:https", "nrpe_dir:/etc/x", "service_timeout:inf", "umask:022"],
    ...["git_binary_manager:git-lfs,", "cache_revs:0", "git_rev:1234567", "git_server:[::1]:80"],
  ];
  expect(checkTargetOptions(await configOf(...defines))).toEqual([]);
});

it.each([
  ["confirm_promote:canarys", 'must be one of canaries, all, never, not "canarys"'],
  ["runtime:nevr", "did you mean never?"],
  ["service_port:80_000", "must be 1 to 65535"],
])("a value that is none of those allowed is refused when loading: %s", async (define, message) => {
  await expect(configOf(define)).rejects.toThrow(message);
});
