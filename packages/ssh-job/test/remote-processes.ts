import type { Sshd } from "./sshd-fixture.ts";

/** Whether a process of this machine, where the fixture's hosts live too, is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A module for a process of its own: it connects as `connection`, does `lines`, and stays. */
export function clientSource({ poolOptions, port }: Sshd, lines: string): string {
  const { user, identityFiles, knownHostsFiles } = poolOptions;
  return `
    import { createSshPool, shellText } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
    const pool = createSshPool({
      ...${JSON.stringify({ user, identityFiles, knownHostsFiles, agent: false })},
      resolve: () => ({ address: "127.0.0.1", port: ${port} }),
    });
    const connection = await pool.connect("host1");
    const run = (text) => connection.exec(shellText(text), { stdin: "none" });
    ${lines}
  `;
}
