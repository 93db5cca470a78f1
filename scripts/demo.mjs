// Shows a deployment from start to end on a fleet of SSH hosts on this machine. Everything it makes is removed again.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const scap = join(root, "node_modules", ".bin", "scap");
const workshop = mkdtempSync(join(tmpdir(), "scap-demo-"));
const checkout = join(workshop, "shop");
const identity = { GIT_AUTHOR_NAME: "Demo", GIT_AUTHOR_EMAIL: "demo@example.org" };
let env = {
  ...process.env,
  ...identity,
  GIT_COMMITTER_NAME: identity.GIT_AUTHOR_NAME,
  GIT_COMMITTER_EMAIL: identity.GIT_AUTHOR_EMAIL,
  GIT_CONFIG_GLOBAL: "/dev/null",
  XDG_STATE_HOME: join(workshop, "state"),
};
const bold = (text) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[0m` : text);

try {
  main();
} finally {
  run([scap, "lab", "down"], { quiet: true });
  rmSync(workshop, { recursive: true, force: true });
}

function main() {
  say("1. A fleet: four SSH hosts on this machine, each with a directory tree of its own");
  const up = run(["scap", "lab", "up", "4"], { capture: true });
  for (const [, name, value] of up.matchAll(/^export (\w+)='(.*)'$/gm)) {
    env = { ...env, [name]: value.replaceAll(`'\\''`, "'") };
  }
  run(["scap", "lab", "ls"]);

  say("2. A repository to deploy: a canary, a check after promote, and the rest of the fleet");
  writeRepository();
  run(["cat", "scap/scap.cfg", "scap/checks.yaml"]);

  say("3. What a deployment would do");
  run(["scap", "deploy", "--plan"]);

  say("4. The first deployment");
  run(["scap", "deploy", "open the shop"]);

  say(
    "5. A bad revision: the check fails on the canary, so the others never get it and the canary goes back",
  );
  writeFile("health", "down\n");
  run(["git", "commit", "-qam", "break the shop"]);
  run(["scap", "deploy", "change the shop"], { expect: 1 });

  say("6. What is live now");
  run(["scap", "status"]);

  say("7. The log of that deployment, errors only");
  run(["scap", "deploy-log", "--latest", "levelno >= ERROR"]);

  say("Try it by hand");
  console.log(`  export PATH="${join(root, "node_modules", ".bin")}:$PATH"
  eval "$(scap lab up 3)"      # three hosts in the background: web1, web2, web3
  scap lab shell web1          # look around on one of them
  scap deploy --help           # then deploy a repository of your own; see README.md
  scap lab down                # stop the hosts and remove everything of them`);
}

function writeRepository() {
  mkdirSync(checkout);
  run(["git", "init", "-q", "-b", "main", "."], { quiet: true });
  writeFile("index.html", "<h1>The shop</h1>\n");
  writeFile("health", "ok\n");
  writeFile(
    "scap/scap.cfg",
    `[global]
git_repo: demo/shop
server_groups: canary, default
canary_dsh_targets: canaries
dsh_targets: targets
`,
  );
  writeFile("scap/canaries", "web1\n");
  writeFile("scap/targets", "web1\nweb2\nweb3\nweb4\n");
  writeFile(
    "scap/checks.yaml",
    `checks:
  smoke:
    type: script
    command: smoke.sh
    after: promote
    timeout: 10
`,
  );
  writeFile(
    "scap/scripts/smoke.sh",
    '#!/bin/sh\ngrep -q ok "$SCAP_FINAL_PATH/health" || { echo "the shop is not healthy"; exit 1; }\n',
  );
  chmodSync(join(checkout, "scap/scripts/smoke.sh"), 0o755);
  writeFile(".gitignore", "scap/log/\n");
  run(["git", "add", "."], { quiet: true });
  run(["git", "commit", "-qm", "the shop"], { quiet: true });
}

function writeFile(name, text) {
  const path = join(checkout, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Runs a command in the checkout and shows it; ends the demo when it does not end as expected. */
function run([command, ...args], { capture = false, expect = 0, quiet = false } = {}) {
  if (!quiet) console.log(`\n${bold(`$ ${[command, ...args].map(quote).join(" ")}`)}`);
  const output = capture ? "pipe" : quiet ? "ignore" : "inherit";
  const { error, status, stdout } = spawnSync(command === "scap" ? scap : command, args, {
    cwd: args[0] === "lab" ? workshop : checkout,
    encoding: "utf8",
    env,
    stdio: ["ignore", output, capture || !quiet ? "inherit" : "ignore"],
  });
  if (error !== undefined || (status !== expect && !quiet)) {
    throw new Error(`${command} ended with status ${status}, not ${expect}`, { cause: error });
  }
  return stdout ?? "";
}

function quote(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function say(text) {
  console.log(`\n${bold(text)}`);
}
