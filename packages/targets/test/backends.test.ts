import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loadConfig } from "@scap/config";
import { afterEach, beforeEach, expect, test } from "vitest";

import {
  inventoryBackend,
  knownHostsBackend,
  loadAliases,
  queryHosts,
  scapGroups,
  scapGroupsBackend,
  TargetsError,
  writeHostSet,
  type QueryOptions,
} from "../src/index.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-backends-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(name: string, text: string): Promise<string> {
  await writeFile(join(root, name), text);
  return join(root, name);
}

const ask = async (query: string, options: QueryOptions): Promise<string> =>
  writeHostSet((await queryHosts(query, options)).hosts);

const KNOWN_HOSTS = `# comment

web1.example.org,192.0.2.1 ssh-ed25519 AAAA
web2.example.org ssh-ed25519 AAAA
[db1.example.org]:2222 ssh-ed25519 AAAA
@cert-authority ca.example.org ssh-ed25519 AAAA
@revoked bad.example.org ssh-ed25519 AAAA
@odd x.example.org ssh-ed25519 AAAA
|1|abc=|def= ssh-ed25519 AAAA
!web9.example.org,*.example.org ssh-ed25519 AAAA
short.example.org ssh-ed25519
`;

test("known hosts are names in clear, without hashes, addresses, wildcards and negations (query W20)", async () => {
  const warnings: string[] = [];
  const files = [await put("known_hosts", KNOWN_HOSTS), join(root, "missing")];
  const backends = [knownHostsBackend({ files, onWarning: (warning) => warnings.push(warning) })];
  expect(await ask("K{*}", { backends })).toBe("ca.example.org,db1.example.org,web[1-2].example.org");
  expect(await ask("K{web[1-5].example.org}", { backends })).toBe("web[1-2].example.org");
  expect(await ask("K{*.example.org and not db*}", { backends })).toBe("ca.example.org,web[1-2].example.org");
  expect(warnings.map((warning) => /:(\d+):/.exec(warning)?.[1])).toEqual(["8", "11"]);
});

test("known hosts are read once for all queries, and a file that cannot be read is named (query W20)", async () => {
  const file = await put("known_hosts", "web1 ssh-ed25519 AAAA\n");
  const backends = [knownHostsBackend({ files: [file] })];
  expect(await ask("K{web*}", { backends })).toBe("web1");
  await rm(file);
  expect(await ask("K{web*} or K{db*}", { backends })).toBe("web1");
  const directory = { backends: [knownHostsBackend({ files: [root] })] };
  await expect(ask("K{*}", directory)).rejects.toThrow(`Cannot read the known hosts ${root}: `);
});

test("groups of the configuration and host list files are reached with @", async () => {
  await put("all", "web1\nweb2\nweb3\n");
  await put("canary", "web1\n");
  await put("dsh-extra", "db1\n");
  const defines = ["dsh_targets:all", "canary_dsh_targets:canary", "server_groups:canary, default"];
  const config = await loadConfig({ cwd: root, systemFile: "/nonexistent", defines });
  const source = { config, searchPath: [root] };
  const options = { groups: scapGroups(source), backends: [scapGroupsBackend(source)] };
  expect(await ask("@default and not @canary", options)).toBe("web[2-3]");
  expect(await ask("@dsh-extra or web*", options)).toBe("db1,web[1-3]");
  expect(await ask("G{* and not web2}", options)).toBe("web[1,3]");
  await expect(ask("@canry", options)).rejects.toThrow("There is no group canry");
});

test("an inventory program gets the query as one argument", async () => {
  const program = await put(
    "inventory",
    '#!/bin/sh\n[ "$#" = 1 ] && [ "$1" = "role = web; id" ] && echo web1\n',
  );
  await chmod(program, 0o755);
  const backends = [inventoryBackend({ argv: [program] })];
  expect(await ask("I{role = web; id}", { backends })).toBe("web1");
  await expect(ask("I{other}", { backends })).rejects.toThrow(TargetsError);
});

test("an alias file knows the lines of its aliases (query W4)", async () => {
  const file = await put("aliases.yaml", "# ours\nweb: D{web[1-3]}\ndb: D{db1 or}\n");
  const aliases = await loadAliases(file);
  expect(await ask("A:web and not web2", { aliases })).toBe("web[1,3]");
  await expect(ask("A:db", { aliases })).rejects.toThrow(`${file}:3, column 9`);
  expect((await loadAliases(join(root, "missing"))).size).toBe(0);
});

test.each(["- a\n- b\n", "web: [1]\n", "a b: web1\n", "web: 'x\n", "web: !!js/function 'x'\n"])(
  "the alias file %j is refused",
  async (text) => {
    await expect(loadAliases(await put("aliases.yaml", text))).rejects.toThrow(TargetsError);
  },
);
