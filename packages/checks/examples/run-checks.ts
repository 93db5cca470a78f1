import { checksFromDefinitions, runChecks, selectChecks, validateChecks } from "@scap/checks";

const { checks } = checksFromDefinitions({
  syntax: { command: "sh -c 'echo all files parse'", before: "promote" },
  smoke: { command: "sh -c 'echo login page is empty; exit 1'", after: "promote", timeout: 5 },
  warmup: { command: "echo warm", after: "promote", group: "canary" },
});

for (const problem of validateChecks({ checks, groups: ["canary", "default"] })) console.log(problem.message);

const selected = selectChecks({ checks, stage: "promote", when: "after", group: "default" });
const result = await runChecks({ checks: selected, cwd: process.cwd() });
for (const { name, status, output } of result.results) console.log(name, status, output.trim());
console.log("exit status", result.exitStatus);
