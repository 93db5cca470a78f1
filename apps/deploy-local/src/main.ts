import process from "node:process";

// What a deployment starts most often must not wait for the parts that only people need.
if (process.argv[2] === "worker") {
  const { worker } = await import("./worker.ts");
  await worker();
} else if (process.argv[2] === "guard") {
  const { guard } = await import("./guard.ts");
  process.exitCode = await guard(process.argv.slice(3));
} else if (process.argv[2] === "finish") {
  const { finish } = await import("./finish.ts");
  process.exitCode = await finish(process.argv.slice(3));
} else {
  const { runCommand } = await import("./run-command.ts");
  process.exitCode = await runCommand(process.argv.slice(2));
}
