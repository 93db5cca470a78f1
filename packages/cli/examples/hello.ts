import { runCli, type Command } from "@scap/cli";

const greet: Command = {
  name: "greet",
  summary: "Greet somebody",
  arguments: [{ name: "who", summary: "whom to greet", count: "one" }],
  options: [{ name: "loud", short: "l", type: "flag", summary: "greet loudly" }],
  examples: [{ command: "hello greet --loud world", explains: "Greet the world" }],
  handler: async () => async (invocation) => {
    const text = `Hello, ${invocation.word("who")}`;
    invocation.stdout.write(`${invocation.options.flag("loud") ? text.toUpperCase() : text}\n`);
    return 0;
  },
};

process.exitCode = await runCli({
  program: "hello",
  about: "Greets.",
  commands: [greet],
  argv: ["greet", "--loud", "world"],
  io: {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
  },
});
