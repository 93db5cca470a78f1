import { join } from "node:path";

import { stateNote } from "../state-notes.ts";
import type { TargetPaths } from "../target-paths.ts";

/** Names of the services that a deployment disabled because this host was secondary. */
export interface DisabledServices {
  has(name: string): Promise<boolean>;
  add(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Remembers what was disabled, so that exactly that is enabled again when the host becomes primary. */
export function disabledServices(paths: TargetPaths): DisabledServices {
  const note = stateNote<readonly string[]>(join(paths.state, "disabled-services"));
  const names = async (): Promise<readonly string[]> => (await note.read()) ?? [];
  const write = async (left: readonly string[]): Promise<void> => {
    if (left.length === 0) await note.clear();
    else await note.write(left);
  };
  return {
    has: async (name) => (await names()).includes(name),
    add: async (name) => await write([...new Set([...(await names()), name])]),
    remove: async (name) => await write((await names()).filter((each) => each !== name)),
  };
}
