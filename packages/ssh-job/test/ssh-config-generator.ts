import { pick, type Random } from "./seeded-random.ts";

/** Hosts that the generated files are about. */
export const CONFIG_HOSTS: readonly string[] = [
  "web1",
  "web2.example.org",
  "WEB3",
  "db1",
  "192.0.2.7",
  "2001:DB8::7",
];

/** A configuration file and the files that it includes, by name. */
export interface GeneratedConfig {
  readonly main: string;
  readonly included: Readonly<Record<string, string>>;
}

/** Most of what ssh_config(5) allows for the options that say how to reach a host, in all its spellings. */
export function generateConfig(random: Random, directory: string): GeneratedConfig {
  const included = {
    "part_1.conf": lines(random, 3, undefined),
    "part_2.conf": lines(random, 3, undefined),
    ".hidden.conf": "User hidden\n",
  };
  return { main: lines(random, 12, directory), included };
}

/** Without a directory nothing is included. */
function lines(random: Random, most: number, directory: string | undefined): string {
  const count = 1 + random(most);
  const ending = pick(random, ["\n", "\n", "\n", "\r\n", " \t\n"]);
  return Array.from({ length: count }, () => `${line(random, directory)}${ending}`).join("");
}

function line(random: Random, directory: string | undefined): string {
  const kind = random(10);
  if (kind === 0) return pick(random, ["", "# comment", "\t# User no", "  "]);
  if (kind === 1 && directory !== undefined) return `Include ${include(random, directory)}`;
  if (kind < 4) return `${pick(random, ["Host", "host", "HOST"])} ${hostPatterns(random)}`;
  if (kind < 6) return `Match ${criteria(random)}`;
  return statement(random);
}

function include(random: Random, directory: string): string {
  const file = pick(random, [
    "part_*.conf",
    "part_1.conf",
    "part_[2-9].conf",
    "*.conf",
    "none_*",
    "part_?.conf",
  ]);
  return `${directory}/${file}${random(6) === 0 ? ` ${directory}/part_2.conf` : ""}`;
}

function hostPatterns(random: Random): string {
  const patterns = [
    "*",
    "web*",
    "WEB*",
    "web?",
    "*.example.org",
    "!web1",
    "!*.example.org",
    "db1",
    "192.0.2.*",
    '"web1"',
    "2001*",
  ];
  return Array.from({ length: 1 + random(3) }, () => pick(random, patterns)).join(" ");
}

function criteria(random: Random): string {
  if (random(6) === 0) return pick(random, ["all", "final all", "canonical all", "!final all", "all # why"]);
  return Array.from({ length: 1 + random(3) }, () => criterion(random)).join(" ");
}

function criterion(random: Random): string {
  const negation = random(4) === 0 ? "!" : "";
  const equals = pick(random, [" ", " ", "=", " = "]);
  switch (random(7)) {
    case 0:
      return `${negation}host${equals}${pick(random, ["web*", "WEB1,db1", "*.example.org,!web2*", '"web1"', "named", "*"])}`;
    case 1:
      return `${negation}originalhost${equals}${pick(random, ["web1", "Web3", "*", "db*,!db1"])}`;
    case 2:
      return `${negation}user${equals}${pick(random, ["alice", "ALICE", "bob,root", "*"])}`;
    case 3:
      return `${negation}LocalUser${equals}${pick(random, ["root", "nobody", "r*"])}`;
    case 4:
      return `${negation}final`;
    case 5:
      return `${negation}canonical`;
    default:
      return `${negation}exec "${pick(random, PROGRAMS)}"`;
  }
}

const PROGRAMS = [
  "test %n = web1",
  "test %h:%p = web1:22",
  "test %r = alice",
  "test %k = web1",
  "test ${HOME}%% = /root%%",
  "true",
  "false",
];

function statement(random: Random): string {
  const [name, values] = pick(random, STATEMENTS);
  const separator = pick(random, [" ", " ", "=", " = ", "\t", "  "]);
  const indent = pick(random, ["", "  ", "\t"]);
  const word = pick(random, values);
  const comment = RAW.has(name) || random(5) > 0 ? "" : " # comment";
  return `${indent}${random(4) === 0 ? name.toUpperCase() : name}${separator}${word}${comment}`;
}

/** To the end of the line all is the value. */
const RAW = new Set(["ProxyJump", "ProxyCommand"]);

const STATEMENTS: readonly (readonly [string, readonly string[]])[] = [
  ["HostName", ["named", "%h.example.org", "Named.Example.ORG", "192.0.2.1", '"%h"', "a%%b"]],
  ["User", ["alice", "bob", '"alice"', "'bob'", "al\\\\ice", '"two words"', "wo#rd"]],
  ["Port", ["22", "2201", '"2202"', "65535"]],
  ["IdentityFile", ["~/.ssh/%r", "/k/%h-%p", '"/my keys/k"', "/my\\ keys/k", "none", "/k/a#b", "'/k/%n'"]],
  ["IdentitiesOnly", ["yes", "no", "true", "YES", '"yes"']],
  ["IdentityAgent", ["none", "SSH_AUTH_SOCK", "/run/%u.sock", "~/agent", "$SCAP_AGENT", '"/run/my agent"']],
  [
    "UserKnownHostsFile",
    ["/a /b", "~/known", '"/my known"  /b', "none", "/k/%n-%h-%p-%r-%u-%i-%k-%%", "%d/%l/%L", "${HOME}/k"],
  ],
  ["GlobalKnownHostsFile", ["/g", "/g '/my g'", "none", "~/g"]],
  ["HostKeyAlias", ["alias", '"alias"']],
  ["ProxyJump", ["bastion", "a,b", "op@bastion:2222", "none", "[2001:db8::1]:22"]],
  ["CanonicalizeHostname", ["no", "yes", "always"]],
  ["CanonicalizeMaxDots", ["0", "1"]],
  ["CertificateFile", ["/c"]],
  ["StrictHostKeyChecking", ["yes", "no", "accept-new"]],
];
