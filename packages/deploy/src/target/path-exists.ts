import { access } from "node:fs/promises";

/** Whether something is at a path, following links. What cannot be looked at is not there. */
export async function pathExists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
