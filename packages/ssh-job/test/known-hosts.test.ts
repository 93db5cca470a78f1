import { execFile } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadKnownHosts } from "../src/host-keys/known-hosts.ts";
import { pick, type Random, seededRandom } from "./seeded-random.ts";
import { hasSshd, sshdNote } from "./sshd-fixture.ts";

const run = promisify(execFile);
const SEED = 20_260_401;

describe.skipIf(!hasSshd && !process.env["CI"])(`known hosts files${sshdNote}`, () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "ssh-job-known-"));
  });
  afterAll(async () => {
    await rm(directory, { recursive: true });
  });

  it(`finds the lines that ssh-keygen -F finds, for 1,000 generated entries (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const file = join(directory, "known_hosts");
    const lines = Array.from({ length: 1000 }, () => generateLine(random));
    await writeFile(file, `${lines.join("\n")}\n`);
    const known = await loadKnownHosts([file]);
    const queries = Array.from({ length: 120 }, () => generateName(random));
    for (const query of queries) {
      const found = known.find(query).map(({ line }) => line);
      expect([query, found]).toEqual([query, await keygenLines(query, file)]);
    }
  });
});

async function keygenLines(query: string, file: string): Promise<number[]> {
  // Exits with 1 when it finds nothing.
  const { stdout } = await run("ssh-keygen", ["-F", query, "-f", file]).catch(() => ({ stdout: "" }));
  return [...stdout.matchAll(/^# Host .* found: line (\d+)/gm)].map((match) => Number(match[1]));
}

function generateName(random: Random): string {
  const host = pick(random, [
    `web${random(30)}`,
    `web${random(30)}.example.org`,
    `db${random(5)}.example.org`,
    `192.0.2.${random(20)}`,
    `2001:db8::${random(9)}`,
  ]);
  return random(4) === 0 ? `[${host}]:${pick(random, [22, 2222, 2200])}` : host;
}

function generateLine(random: Random): string {
  const kind = random(12);
  if (kind === 0) return pick(random, BAD_LINES);
  const marker = pick(random, ["", "", "", "", "@revoked ", "@cert-authority ", "@other "]);
  const names = kind < 5 ? hashed(generateName(random)) : generateNames(random);
  const comment = pick(random, ["", " somebody@somewhere", " two words"]);
  const indent = pick(random, ["", "", "", " ", "\t"]);
  const blank = pick(random, [" ", " ", "\t", "  "]);
  const key = generateKey(random).replace(" ", blank);
  return `${indent}${marker}${names}${blank}${key}${comment}${pick(random, ["", "", "", "\r", " "])}`;
}

const BAD_LINES = [
  "",
  "# comment",
  "   ",
  "web1",
  "web1 ssh-ed25519",
  "|1|bad| x y",
  "|1|AAAA| ssh-ed25519 AAAA",
  "|2|AAAA|AAAA ssh-ed25519 AAAA",
  "#web1 ssh-ed25519 AAAA",
  "web1 256 65537 12345",
  "@revoked",
  "@revoked @cert-authority web1 ssh-ed25519 AAAA",
  "\r",
];

function generateNames(random: Random): string {
  const patterns = [
    "*.example.org",
    "web?",
    "!web3",
    "*",
    "web1*",
    "!*.example.org",
    "WEB2",
    "[web?]:2222",
    "[*]:*",
    "![*]:22??",
    "2001:db8::*",
    "[2001:db8::?]:2222",
    "192.0.2.1?",
    "",
    '"web1"',
    "web1;web2",
  ];
  return Array.from({ length: 1 + random(3) }, () =>
    random(3) === 0 ? pick(random, patterns) : generateName(random),
  ).join(",");
}

function hashed(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
}

function generateKey(random: Random): string {
  const type = "ssh-ed25519";
  const length = (size: number): Buffer => Buffer.from([0, 0, 0, size]);
  const key = Buffer.alloc(32, random(256));
  return `${type} ${Buffer.concat([length(type.length), Buffer.from(type), length(32), key]).toString("base64")}`;
}
