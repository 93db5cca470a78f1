// With host names: over SSH. Without: on 500 hosts that exist only in this process.
import {
  argv,
  createSimulatedTransport,
  createSshPool,
  describeCommand,
  hasFailed,
  runJob,
} from "@scap/ssh-job";

const named = process.argv.slice(2).filter((word) => !word.includes("/") && !word.startsWith("-"));
const hosts = named.length > 0 ? named : Array.from({ length: 500 }, (_, index) => `web${index + 1}`);
const transport =
  named.length > 0
    ? createSshPool({ sshConfigFile: true })
    : createSimulatedTransport(({ host }) => ({ code: host === "web13" ? 1 : 0, stdout: "up 3 days\n" }));

const command = argv("uptime", "-p");
const answers = new Map<string, string[]>();
for await (const result of runJob({ hosts, command, transport, failureLimit: "5%", hostTimeoutMs: 30_000 })) {
  if (result.status === "unreachable" || result.status === "refused-key") {
    console.error(result.error.message, result.error.hint ?? "");
  }
  const answer = hasFailed(result) ? result.status : result.stdout.text.trim();
  answers.set(answer, [...(answers.get(answer) ?? []), result.host]);
}
for (const [answer, those] of answers)
  console.log(`${describeCommand(command)}: ${answer} on ${those.length} hosts`);
await transport.close();
