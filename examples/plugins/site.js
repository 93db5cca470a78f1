// A plugin of scap with one example of each kind; docs/guides/plugins.md explains it.
import { appendFile } from "node:fs/promises";

const hello = {
  name: "hello",
  summary: "Greet somebody",
  arguments: [{ name: "who", summary: "whom to greet", count: "one" }],
  options: [{ name: "loud", short: "l", type: "flag", summary: "greet loudly" }],
  examples: [
    { command: "scap hello world", explains: "Greet the world" },
    { command: "scap hello -l world", explains: "So that it hears you" },
  ],
  handler: async () => async (call) => {
    const text = `Hello, ${call.word("who")}\n`;
    call.stdout.write(call.options.flag("loud") ? text.toUpperCase() : text);
    return 0;
  },
};

const redis = {
  name: "redis",
  derive: ({ port = 6379, ...rest }) => ({ ...rest, type: "tcp", port }),
};

const jump = {
  name: "jump",
  create: async (options) => {
    const { createOpenSshTransport } = await import("@scap/ssh-job");
    const sshConfigFile = process.env.SSH_VIA_JUMP ?? "/etc/scap/ssh_via_jump";
    return createOpenSshTransport({ ...options, sshConfigFile });
  },
};

const diary = {
  name: "diary",
  notify: async (record) => {
    const file = process.env.DEPLOYMENT_DIARY ?? "/var/log/deployments";
    if (record.name === "scap.announce") await appendFile(file, `${record.msg}\n`);
  },
};

export const plugin = {
  name: "site",
  commands: [hello],
  checkTypes: [redis],
  transports: [jump],
  notifiers: [diary],
};
