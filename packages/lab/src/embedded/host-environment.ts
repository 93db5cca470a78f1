import { mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { scapConfigText } from "../scap-config.ts";
import { MARKER } from "./marker.ts";

/** The private files of an embedded host, and the variables that lead its commands to them. */
export interface HostEnvironment {
  readonly root: string;
  readonly home: string;
  readonly deployDir: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What {@link createHostEnvironment} needs to know. */
export interface HostEnvironmentOptions {
  readonly root: string;
  readonly marker: string;
  /** `PATH` of the commands. */
  readonly path: string;
  readonly scapConfig: Readonly<Record<string, string>>;
}

/** Makes `<root>/{home,srv/deployment,tmp,etc/scap.cfg}`. Commands inherit nothing of this process's environment. */
export async function createHostEnvironment(options: HostEnvironmentOptions): Promise<HostEnvironment> {
  const { root } = options;
  const [home, deployDir, tmp, etc] = [
    join(root, "home"),
    join(root, "srv/deployment"),
    join(root, "tmp"),
    join(root, "etc"),
  ];
  await Promise.all([home, deployDir, tmp, etc].map((path) => mkdir(path, { recursive: true })));
  const configFile = join(etc, "scap.cfg");
  await writeFile(configFile, scapConfigText({ git_deploy_dir: deployDir, ...options.scapConfig }));
  const { username } = userInfo();
  const env = {
    PATH: options.path,
    HOME: home,
    USER: username,
    LOGNAME: username,
    SHELL: "/bin/sh",
    LANG: "C.UTF-8",
    TMPDIR: tmp,
    XDG_RUNTIME_DIR: tmp,
    // Stands for /etc/scap.cfg, which an unprivileged host cannot have for itself.
    SCAP_SYSTEM_CONFIG: configFile,
    GIT_CONFIG_NOSYSTEM: "1",
    [MARKER]: options.marker,
  };
  return { root, home, deployDir, env };
}

/**
 * The search path for commands. To hide node, every folder that holds it is replaced by one with links to everything
 * else in it.
 */
export async function commandPath(options: { withoutNode: boolean; directory: string }): Promise<string> {
  const folders = (process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(delimiter).filter(Boolean);
  if (!options.withoutNode) return folders.join(delimiter);
  const shown = folders.map(async (folder, index) => {
    const hasNode = await stat(join(folder, "node")).then(
      () => true,
      () => false,
    );
    return hasNode ? linkAllButNode(folder, join(options.directory, `bin${index}`)) : folder;
  });
  return (await Promise.all(shown)).join(delimiter);
}

async function linkAllButNode(folder: string, shadow: string): Promise<string> {
  await mkdir(shadow, { recursive: true });
  const names = (await readdir(folder)).filter((name) => !NODE_COMMANDS.has(name));
  await Promise.all(
    names.map((name) => symlink(join(folder, name), join(shadow, name)).catch(ignoreExisting)),
  );
  return shadow;
}

const NODE_COMMANDS = new Set(["node", "nodejs", "npm", "npx", "corepack"]);

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
