import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { LabError } from "./errors.ts";
import type { LabHost } from "./lab.ts";

/** What {@link watchRevision} looks at. */
export interface WatchRevisionOptions {
  /** The link that readers follow, as the host sees it. Need not exist yet. */
  readonly link: string;
  /** Files below it whose whole text must be the same in one revision and differ between revisions. */
  readonly files: readonly string[];
}

/** A reader that runs on a host. */
export interface RevisionWatch {
  /** Ends the reader. The host must not be paused. */
  stop(): Promise<RevisionWatchResult>;
}

/** What a reader has seen. */
export interface RevisionWatchResult {
  /** How often it has looked. */
  readonly reads: number;
  /** Text of the revisions, in the order of their appearance; the same one may come again. */
  readonly seen: readonly string[];
  /** Moments at which there was no complete revision, the first hundred. */
  readonly violations: readonly string[];
}

/**
 * Proves that a link leads to a complete revision at every instant: a reader on the host enters it in a tight loop,
 * tens of thousands of times a second, and compares the files that it finds there. It starts with the first revision.
 * Resolves once it runs. It is a process of the host and is listed with them until it is stopped.
 *
 * @throws {LabError} `START_FAILED`
 */
export async function watchRevision(host: LabHost, options: WatchRevisionOptions): Promise<RevisionWatch> {
  const token = `watch-${randomBytes(8).toString("hex")}`;
  // It looks whenever nobody else wants the processor, so that it does not slow down what it watches.
  const argv = ["nice", "-n", "19", "perl", "-e", READER, token, options.link, ...options.files];
  const finished = host.exec(argv, { timeoutMs: 3_600_000 });
  // Whoever stops the watch gets the failure; until then it is nobody's.
  finished.catch(() => {});
  await waitUntilRunning(host, token);
  return {
    stop: async () => {
      await host.kill(token, "SIGTERM");
      return parse((await finished).stdout);
    },
  };
}

async function waitUntilRunning(host: LabHost, token: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if ((await host.processes()).some((one) => one.command.includes(token))) return;
    await sleep(5);
  }
  throw new LabError("START_FAILED", `The reader on ${host.name} did not start`, { hint: "It needs perl." });
}

function parse(text: string): RevisionWatchResult {
  const lines = text.split("\n");
  const select = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  return { reads: Number(select("reads")[0] ?? 0), seen: select("seen"), violations: select("bad") };
}

/**
 * Enters the revision once and reads all files relative to it, as a program does that starts in `current`. A link
 * that vanishes is a violation only once it has been there.
 */
const READER = String.raw`
use strict;
my ($token, $link, @files) = @ARGV;
my ($reads, $bad, $last, $is_over) = (0, 0, undef, 0);
$SIG{TERM} = sub { $is_over = 1 };
$| = 1;
until ($is_over) { look(); }
print "reads $reads\n";

sub look {
  unless (chdir $link) { report("no revision: $!") if defined $last; return; }
  $reads++;
  my @texts = map { slurp($_) } @files;
  for my $i (0 .. $#files) { return report("$files[$i] cannot be read") unless defined $texts[$i]; }
  for my $i (1 .. $#files) { return report("$files[$i] is of another revision") if $texts[$i] ne $texts[0]; }
  return if defined $last && $last eq $texts[0];
  $last = $texts[0];
  (my $line = $last) =~ s/\n/ /g;
  $line =~ s/\s+$//;
  print "seen $line\n";
}

sub slurp {
  open my $file, '<', $_[0] or return undef;
  local $/;
  my $text = <$file>;
  return defined $text ? $text : '';
}

sub report { print "bad $_[0]\n" if $bad++ < 100; }
`;
