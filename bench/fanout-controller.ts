/** One job in a process of its own, so that its memory is not the benchmark's: prints the largest resident size in MiB. */
import { createSshPool, runJob, shellText } from "@scap/ssh-job";

const [sshConfigFile = "", hostList = "", text = "true", batchSize = "64"] = process.argv.slice(2);
const transport = createSshPool({ sshConfigFile, agent: false });
const job = { hosts: hostList.split(","), command: shellText(text), batchSize: Number(batchSize), transport };
for await (const result of runJob(job)) {
  if (result.status !== "ok") throw new Error(`${result.host} is ${result.status}`);
}
console.log(Math.round(process.resourceUsage().maxRSS / 1024));
await transport.close();
