import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { inventoryBackend, loadQueryConfig, queryHosts, TargetsError, writeHostSet } from "../src/index.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-query-config-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(name: string, text: string): Promise<string> {
  await writeFile(join(root, name), text);
  return join(root, name);
}

async function ask(query: string, text: string): Promise<{ hosts: string; warnings: string[] }> {
  const warnings: string[] = [];
  const config = await loadQueryConfig(await put("config.yaml", text), (warning) => warnings.push(warning));
  return { hosts: writeHostSet((await queryHosts(query, config)).hosts), warnings };
}

test("known hosts files and the aliases beside the file are used", async () => {
  const known = await put(
    "known_hosts",
    "web1 ssh-ed25519 AAAA\nweb2 ssh-ed25519 AAAA\ndb1 ssh-ed25519 AAAA\n",
  );
  await put("aliases.yaml", "web: K{web*}\ncanary: A:web and D{web1}\n");
  const text = `transport: clustershell\nlog_file: /var/log/x\ndefault_backend: direct\nknownhosts:\n  files: [${known}]\n`;
  expect(await ask("A:web and not A:canary or K{db*}", text)).toEqual({ hosts: "db1,web2", warnings: [] });
});

test("environment is for programs, and changes no variable of this process (query W23)", async () => {
  const file = await put("config.yaml", "environment: {SCAP_TEST_FROM_CONFIG: x, LEVEL: 7, ON: true}\n");
  const { environment } = await loadQueryConfig(file);
  expect(environment).toEqual({ SCAP_TEST_FROM_CONFIG: "x", LEVEL: "7", ON: "true" });
  expect(process.env["SCAP_TEST_FROM_CONFIG"]).toBeUndefined();
  const argv = ["/bin/sh", "-c", 'echo "$SCAP_TEST_FROM_CONFIG"'];
  const inventory = inventoryBackend({ argv, env: environment });
  const { hosts } = await queryHosts("I{all}", { backends: [inventory], aliases: new Map() });
  expect(writeHostSet(hosts)).toBe("x");
});

test("without known hosts files K selects nothing, and without the file there are no aliases", async () => {
  expect((await ask("K{web*}", "")).hosts).toBe("");
  const config = await loadQueryConfig(join(root, "none/config.yaml"));
  expect(config.aliases.size).toBe(0);
});

test.each(["true", "yes", "On"])("ssl_verify may be %s, as in YAML 1.1", async (word) => {
  const file = await put("config.yaml", `puppetdb: {ssl_verify: ${word}}\n`);
  expect((await loadQueryConfig(file)).backends.map(({ prefix }) => prefix)).toEqual(["K", "P"]);
});

test("PuppetDB is asked where the file says", async () => {
  const server = createServer((_request, answer) => answer.end('[{"certname":"web1"},{"certname":"web2"}]'));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const text = `puppetdb:\n  host: 127.0.0.1\n  port: ${port}\n  scheme: http\n  urllib3_disable_warnings: [X]\n`;
  expect(await ask("P{web*} and not web2", text)).toEqual({ hosts: "web1", warnings: [] });
  server.close();
});

test("keys that have no effect are told, with their lines (query W24)", async () => {
  const { warnings } = await ask("web1", "default_backend: puppetdb\nopenstack: {}\nknownhosts: {file: x}\n");
  expect(warnings.map((warning) => warning.replace(root, ""))).toEqual([
    "/config.yaml:3: knownhosts.file is not understood and has no effect",
    "/config.yaml:1: default_backend is puppetdb, but names without a backend are taken as written; use K{…} or P{…}",
    "/config.yaml:2: openstack is not understood and has no effect",
  ]);
});

test.each(["config.yaml", "aliases.yaml"])(
  "%s cut at any byte is read, or refused in words",
  async (name) => {
    const whole: Readonly<Record<string, string>> = {
      "config.yaml": `# é\nknownhosts: &k\n  files: ["${root}/none", 'é']\npuppetdb: {host: db, port: 8081, timeout: 1.5}\n`,
      "aliases.yaml": '# é\nweb: "web[1-3]"\ncanary: A:web and not D{web1}\nold: |\n  web9\n',
    };
    for (const [file, text] of Object.entries(whole)) await put(file, text);
    const bytes = Buffer.from(whole[name] ?? "");
    for (let end = 0; end < bytes.length; end += 1) {
      await writeFile(join(root, name), bytes.subarray(0, end));
      try {
        await loadQueryConfig(join(root, "config.yaml"), () => undefined);
      } catch (error) {
        expect(error).toBeInstanceOf(TargetsError);
        expect(error).toMatchObject({ message: expect.stringContaining(name) });
      }
    }
  },
);

test.each([
  ["- a\n", "must be a mapping"],
  ["knownhosts: [x]\n", "knownhosts must be a mapping"],
  ["knownhosts: {files: x}\n", 'knownhosts.files is "x"; expected a list of texts'],
  [
    "a: 1\npuppetdb:\n  host: db\n  port: many\n",
    'config.yaml:4: puppetdb.port is "many"; expected a number above 0',
  ],
  ["puppetdb: {api_version: 3}\n", "puppetdb.api_version is 3; expected 4"],
  ["puppetdb: {ssl_verify: false}\n", "they are always verified"],
  ["puppetdb: {ssl_verify: No}\n", "they are always verified"],
  ["puppetdb: {ssl_client_cert: /nonexistent}\n", "expected a readable file"],
  ["environment: [A]\n", "environment must be a mapping"],
  ["environment: {A: [1]}\n", "environment.A is [1]; expected a text"],
  ['environment: {"a b": 1}\n', 'environment has "a b"; expected the name of a variable'],
  ["a: [\n", "Cannot read"],
  ["a: !!js/function x\n", "Cannot read"],
])("%j is refused in words (query W24)", async (text, words) => {
  const error = await ask("web1", text).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TargetsError);
  expect(error).toMatchObject({ code: "QUERY_CONFIG", exitCode: 2, message: expect.stringContaining(words) });
});
