/** A repository to deploy in benchmarks: 3,000 files and about 60 MB of history that does not compress. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const FILE_BYTES = 8_000;
const IDENTITY = "Bench <bench@example.org> 1700000000 +0000";

export interface RepositorySize {
  readonly files: number;
  /** Commits after the first one, each of which rewrites a megabyte. */
  readonly commits: number;
}

/** 24 MB in the first commit and a megabyte in each later one. */
export const SPECIFIED_SIZE: RepositorySize = { files: 3000, commits: 36 };
export const SMALL_SIZE: RepositorySize = { files: 20, commits: 1 };

/** What a deployment does besides putting files in place. */
export interface Extras {
  /** Lines of `scap.cfg`. */
  readonly config: string;
  readonly files: Readonly<Record<string, string>>;
}

/** A check after each promote, a rendered configuration file, and a service that is restarted. */
export const EVERYTHING: Extras = {
  config: "config_deploy: true\nservice_name: webd\n",
  files: {
    "scap/checks.yaml": "checks:\n  smoke: {type: command, command: 'true', after: promote}\n",
    "scap/config-files.yaml": "app.conf:\n  template: app.conf.j2\n",
    "scap/templates/app.conf.j2": "{% for n in range(20) %}listen {{ port + n }};\n{% endfor %}",
    "scap/vars.yaml": "port: 8000\n",
  },
};

export interface BenchRepository {
  readonly directory: string;
  /** Rewrites some files in a new commit, and answers with it. */
  change(files: number): Promise<string>;
  /** The commit that is checked out. */
  head(): Promise<string>;
  /** The commit before that. */
  parent(): Promise<string>;
  remove(): Promise<void>;
}

/** Makes it from a fixed seed, so that every run has the same objects. */
export async function createRepository(
  hosts: readonly string[],
  size: RepositorySize,
  extras?: Extras,
): Promise<BenchRepository> {
  const directory = await mkdtemp(join(tmpdir(), "scap-bench-"));
  const git = async (...args: string[]): Promise<string> =>
    (
      await run("git", ["-c", "user.name=Bench", "-c", "user.email=bench@example.org", ...args], {
        cwd: directory,
      })
    ).stdout;
  const random = seededBytes(1);
  await git("init", "-q", "-b", "main");
  await importHistory(directory, size, random);
  await git("reset", "-q", "--hard", "main");
  await writeScapFiles(directory, hosts, extras);
  await git("add", "-A");
  await git("commit", "-q", "-m", "scap");
  const head = async (): Promise<string> => (await git("rev-parse", "HEAD")).trim();
  return {
    directory,
    head,
    parent: async () => (await git("rev-parse", "HEAD~1")).trim(),
    change: async (files) => {
      for (let index = 0; index < files; index++)
        await writeFile(join(directory, fileName(index)), random(FILE_BYTES));
      await git("commit", "-q", "-a", "-m", "change");
      return head();
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

function fileName(index: number): string {
  return `d${index % 50}/f${index}`;
}

async function writeScapFiles(directory: string, hosts: readonly string[], extras?: Extras): Promise<void> {
  await mkdir(join(directory, "scap/templates"), { recursive: true });
  for (const [name, text] of Object.entries(extras?.files ?? {}))
    await writeFile(join(directory, name), text);
  const config = "[global]\ngit_repo: bench/app\ndsh_targets: targets\n";
  await writeFile(join(directory, "scap/scap.cfg"), config + (extras?.config ?? ""));
  await writeFile(join(directory, "scap/targets"), hosts.map((host) => `${host}\n`).join(""));
  await writeFile(join(directory, ".gitignore"), "scap/log/\n");
}

async function importHistory(directory: string, size: RepositorySize, random: RandomBytes): Promise<void> {
  const child = spawn("git", ["fast-import", "--quiet"], {
    cwd: directory,
    stdio: ["pipe", "inherit", "inherit"],
  });
  const exited = once(child, "exit");
  const changed = Math.min(size.files, Math.round(1_000_000 / FILE_BYTES));
  for (let commit = 0; commit <= size.commits; commit++) {
    const numbers =
      commit === 0
        ? Array.from({ length: size.files }, (_, index) => index)
        : Array.from({ length: changed }, (_, index) => (commit * 61 + index * 23) % size.files);
    const head = `commit refs/heads/main\ncommitter ${IDENTITY}\ndata 6\nchange\n`;
    const files = numbers.map((number) =>
      Buffer.concat([
        Buffer.from(`M 100644 inline ${fileName(number)}\ndata ${FILE_BYTES}\n`),
        random(FILE_BYTES),
      ]),
    );
    if (!child.stdin.write(Buffer.concat([Buffer.from(head), ...files]))) await once(child.stdin, "drain");
  }
  child.stdin.end();
  await exited;
}

type RandomBytes = (size: number) => Buffer;

/** xorshift32: quick, and good enough to defeat zlib. */
function seededBytes(seed: number): RandomBytes {
  let state = seed;
  return (size) => {
    const words = new Uint32Array(size / 4);
    for (let index = 0; index < words.length; index++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[index] = state;
    }
    return Buffer.from(words.buffer);
  };
}
