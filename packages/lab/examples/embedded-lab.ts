import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startEmbeddedLab } from "@scap/lab";

const run = promisify(execFile);
const lab = await startEmbeddedLab({ hosts: 3 });
for (const host of lab.hosts) {
  const { stdout } = await run("ssh", ["-F", lab.sshConfigFile, host.name, "basename $(dirname $HOME)"]);
  console.log(`${host.name} answers: ${stdout.trim()}`);
}

await lab.host("web2").killServer();
const refused = await run("ssh", ["-F", lab.sshConfigFile, "web2", "true"]).catch((error) => error);
console.log(`web2 without a server: ssh exits with ${refused.code}`);

await lab.close();
