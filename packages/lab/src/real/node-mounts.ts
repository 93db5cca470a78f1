import { existsSync } from "node:fs";
import { mkdir, realpath, symlink } from "node:fs/promises";
import { join } from "node:path";
import { runSystem } from "./system-command.ts";

/** Lines for a host's fstab that show or hide node. */
export interface NodeMounts {
  readonly overlays: readonly string[];
  readonly binds: readonly string[];
}

/** Empty file among a host's folders on which node is mounted when its own place is covered there. */
export const NODE_MOUNT = "run/scap-lab-node";

/** Folders that every host has for itself; a node below one of them would not be seen. */
const COVERED = ["/home/", "/root/", "/tmp/", "/run/", "/srv/", "/var/tmp/", "/var/log/"];
/** Search path of a session of `sshd`. */
const SESSION_PATH = ["/usr/local/bin", "/usr/bin", "/bin"];
const NODE_COMMANDS = ["node", "nodejs", "npm", "npx", "corepack"];

/** Makes the layers that the mounts need below `<directory>/layers`. */
export async function layOutNode(options: { directory: string; withoutNode: boolean }): Promise<NodeMounts> {
  const layers = join(options.directory, "layers");
  await mkdir(layers, { recursive: true });
  if (options.withoutNode) return { overlays: await hideNode(layers), binds: [] };
  if (!COVERED.some((folder) => process.execPath.startsWith(folder))) return { overlays: [], binds: [] };
  await mkdir(join(layers, "show"), { recursive: true });
  await symlink(`/${NODE_MOUNT}`, join(layers, "show/node")).catch(() => {});
  return {
    overlays: ["overlay /usr/local/bin overlay lowerdir=/run/layers/show:/usr/local/bin 0 0"],
    binds: [`${process.execPath.replaceAll(" ", "\\040")} /${NODE_MOUNT} none bind 0 0`],
  };
}

/** A layer with whiteouts (devices 0,0) over each folder of the search path that holds node. */
async function hideNode(layers: string): Promise<string[]> {
  const real = new Set(
    await Promise.all(SESSION_PATH.filter((path) => existsSync(path)).map((path) => realpath(path))),
  );
  const folders = [...real].filter((folder) => NODE_COMMANDS.some((name) => existsSync(join(folder, name))));
  return Promise.all(
    folders.map(async (folder, index) => {
      const layer = `hide${index}`;
      await mkdir(join(layers, layer), { recursive: true });
      for (const name of NODE_COMMANDS) await runSystem(["mknod", join(layers, layer, name), "c", "0", "0"]);
      return `overlay ${folder} overlay lowerdir=/run/layers/${layer}:${folder} 0 0`;
    }),
  );
}
