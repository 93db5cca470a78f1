/**
 * The least that a deployment can be: a shell script that sends one `git bundle` through SSH connections that are
 * open already, unpacks it, and switches a link. No checks, no locks, no records, no way back.
 */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Lab } from "@scap/lab";

const run = promisify(execFile);
const PARALLEL = "80";

export interface Floor {
  /** Brings a commit to all hosts; `base` is what they have already. */
  deploy(repository: string, commit: string, base?: string): Promise<void>;
  /** Makes sure of a commit that is live. */
  confirm(commit: string): Promise<void>;
  /** Switches to a commit that is there. */
  switchTo(commit: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens a connection to every host; that time is not counted. */
export async function openFloor(lab: Lab): Promise<Floor> {
  const scripts = { send: SEND, everywhere: EVERYWHERE, receive: RECEIVE };
  const folder = lab.directory;
  for (const [name, text] of Object.entries(scripts)) await writeFile(join(folder, `floor-${name}.sh`), text);
  await writeFile(join(folder, "floor-hosts"), lab.hosts.map((host) => `${host.name}\n`).join(""));
  const env = { ...process.env, CONFIG: lab.sshConfigFile, FOLDER: folder, PARALLEL };
  const shell = async (script: string, ...args: string[]): Promise<void> => {
    await run("sh", [join(folder, `floor-${script}.sh`), ...args], { env });
  };
  await shell("everywhere", "-fNM");
  return {
    deploy: (repository, commit, base = "") => shell("send", repository, commit, base),
    confirm: (commit) =>
      shell("everywhere", "", `[ "$(readlink /srv/deployment/floor/current)" = revs/${commit} ]`),
    switchTo: (commit) =>
      shell(
        "everywhere",
        "",
        `cd /srv/deployment/floor && ln -sfn revs/${commit} next && mv -fT next current`,
      ),
    close: () => shell("everywhere", "-Oexit"),
  };
}

/** `$1` is an option of `ssh`, `$2` the command for every host. */
const EVERYWHERE = `set -eu
<"$FOLDER/floor-hosts" xargs -P "$PARALLEL" -I{} ssh -q -F "$CONFIG" -S "$FOLDER/floor-%n" \${1:-"-n"} {} "\${2-}"
`;

const SEND = `set -eu
cd "$1"
git update-ref refs/bench/floor "$2"
git bundle create -q "$FOLDER/floor.bundle" \${3:+"^$3"} refs/bench/floor
receive="sh -c '$(cat "$FOLDER/floor-receive.sh")' sh $2"
export receive
<"$FOLDER/floor-hosts" xargs -P "$PARALLEL" -I{} \\
  sh -c 'ssh -q -F "$CONFIG" -S "$FOLDER/floor-%n" "$1" "$receive" <"$FOLDER/floor.bundle"' sh {}
`;

/** On the host. No quotes of the kind that surround it when it travels. */
const RECEIVE = `set -eu
mkdir -p /srv/deployment/floor/revs/$1
cd /srv/deployment/floor
cat >bundle
[ -d cache.git ] || git init -q --bare cache.git
git -C cache.git fetch -q ../bundle +refs/bench/floor:refs/bench/floor
git -C cache.git archive $1 | tar -x -C revs/$1
ln -sfn revs/$1 next
mv -fT next current
`;
