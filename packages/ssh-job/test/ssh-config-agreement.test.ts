import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type HostSettings, hostSettings } from "../src/hosts/host-settings.ts";
import { loadSshConfig } from "../src/hosts/ssh-config.ts";
import { pick, seededRandom } from "./seeded-random.ts";
import { CONFIG_HOSTS, type GeneratedConfig, generateConfig } from "./ssh-config-generator.ts";
import { hasSshd, sshdNote } from "./sshd-fixture.ts";

const run = promisify(execFile);
const SEED = Number(process.env["SSH_CONFIG_SEED"] ?? 20_261_122);
const CONFIGS = 300;
const AGENTS = { SSH_AUTH_SOCK: "/run/auth", SCAP_AGENT: "/run/scap" };
const ENVIRONMENT = { ...process.env, ...AGENTS };

describe.skipIf(!hasSshd && !process.env["CI"])(`generated ssh_config files${sshdNote}`, () => {
  let directory: string;

  beforeAll(async () => {
    for (const [name, value] of Object.entries(AGENTS)) vi.stubEnv(name, value);
    directory = await mkdtemp(join(tmpdir(), "ssh-job-configs-"));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true });
  });

  it(`mean what ssh -G says, for ${CONFIGS} files (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const cases = Array.from({ length: CONFIGS }, (_, number) => {
      const place = join(directory, String(number));
      return { place, host: pick(random, CONFIG_HOSTS), config: generateConfig(random, place) };
    });
    await inLanes(cases, 4, async ({ config, host, place }) => {
      await write(place, config);
      const file = join(place, "config");
      const [means, expected] = await Promise.all([ours(file, host), ofSsh(file, host)]);
      expect(means, `${host} in ${JSON.stringify(config, undefined, 1)}`).toEqual(expected);
    });
  });
});

async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function write(place: string, { included, main }: GeneratedConfig): Promise<void> {
  await mkdir(place);
  const files = Object.entries({ ...included, config: main });
  await Promise.all(files.map(async ([name, text]) => await writeFile(join(place, name), text)));
}

type Meaning = Readonly<Record<string, string | undefined>> | "refused";

async function ours(file: string, host: string): Promise<Meaning> {
  try {
    return meaningOf(await hostSettings(host, {}, await loadSshConfig([file])));
  } catch (error) {
    expect(error).toMatchObject({ code: "BAD_SSH_CONFIG" });
    return "refused";
  }
}

function meaningOf(settings: HostSettings): Meaning {
  const { host, identityFiles, knownHostsFiles, port } = settings;
  return {
    hostname: settings.address,
    port: String(port),
    user: settings.user,
    hostkeyalias: settings.keyName === settings.address ? undefined : settings.keyName,
    identitiesonly: settings.identitiesOnly ? "yes" : "no",
    identityagent: settings.agent,
    identityfile: identityFiles?.join(" "),
    knownhosts: knownHostsFiles.join(" "),
    proxyjump: settings.jumpHost?.replace(/(?<=[\]])$/, ":22"),
    host,
  };
}

/** What is printed as it stands in the file, with its tokens. */
function expanded(path: string, tokens: Readonly<Record<string, string>>): string {
  return path.replace(/^~/, homedir()).replaceAll(/%(.)/g, (_whole, name: string) => tokens[name] ?? "");
}

async function ofSsh(file: string, host: string): Promise<Meaning> {
  const said = await run("ssh", ["-G", "-F", file, host], { env: ENVIRONMENT }).catch(() => undefined);
  if (said === undefined) return "refused";
  const all = (key: string): string[] =>
    [...said.stdout.matchAll(new RegExp(`^${key} (.*)$`, "gm"))].map((match) => match[1] ?? "");
  const one = (key: string): string => all(key)[0] ?? "";
  const tokens = { "%": "%", h: one("hostname"), n: host, p: one("port"), r: one("user") };
  const identities = all("identityfile");
  const knownHosts = `${one("userknownhostsfile")} ${expanded(one("globalknownhostsfile"), {})}`;
  const agent = all("identityagent")[0];
  return {
    hostname: one("hostname"),
    port: one("port"),
    user: one("user"),
    hostkeyalias: all("hostkeyalias")[0],
    identitiesonly: one("identitiesonly"),
    identityagent:
      agent === "none"
        ? undefined
        : agent === "$SCAP_AGENT"
          ? "/run/scap"
          : (agent?.replace("SSH_AUTH_SOCK", "/run/auth") ?? "/run/auth"),
    identityfile: identities.includes("~/.ssh/id_xmss")
      ? undefined
      : identities
          .filter((each) => each !== "none")
          .map((each) => expanded(each, tokens))
          .join(" "),
    knownhosts: knownHosts
      .split(" ")
      .filter((each) => each !== "none")
      .join(" "),
    proxyjump: all("proxyjump")[0],
    host,
  };
}
