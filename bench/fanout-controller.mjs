// One job in a process of its own, as a program that uses the built package: prints the largest resident size in MiB.
// Run from the sources, the compiler's memory would be counted, too.
import { createSshPool, runJob, shellText } from "@scap/ssh-job";

const [sshConfigFile = "", hostList = "", text = "true", batchSize = "64"] = process.argv.slice(2);
const transport = createSshPool({ sshConfigFile, agent: false });
const job = { hosts: hostList.split(","), command: shellText(text), batchSize: Number(batchSize), transport };
for await (const result of runJob(job)) {
  if (result.status !== "ok") throw new Error(`${result.host} is ${result.status}`);
}
console.log(Math.round(process.resourceUsage().maxRSS / 1024));
await transport.close();
