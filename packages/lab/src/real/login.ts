import { readFile } from "node:fs/promises";
import { LabError } from "../errors.ts";

/** The account that clients log in to. */
export interface Login {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** Above what `adduser` gives out, below the ids that container tools share out. */
const FREE_ID = 61_999;

/** The machine's account of that name, or a made-up one that exists on the hosts only; its home is private anyway. */
export async function findLogin(name: string): Promise<Login> {
  if (!/^[a-z][a-z0-9_-]{0,30}$/.test(name) || name === "root") {
    throw new LabError("BAD_OPTION", `"${name}" cannot be the login user of a real lab`, {
      hint: "Use lower-case letters and digits, and another name than root, which can log in as well.",
    });
  }
  const passwd = await readFile("/etc/passwd", "utf8");
  const fields = passwd
    .split("\n")
    .find((line) => line.startsWith(`${name}:`))
    ?.split(":");
  const home = `/home/${name}`;
  if (fields === undefined) return { name, uid: FREE_ID, gid: FREE_ID, home };
  return { name, uid: Number(fields[2]), gid: Number(fields[3]), home };
}
