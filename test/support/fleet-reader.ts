import { spawn } from "node:child_process";
import { once } from "node:events";

/** A reader that looks at all hosts of an embedded lab in turn. */
export interface FleetReader {
  /** Ends it. */
  stop(): Promise<{ readonly reads: number; readonly violations: readonly string[] }>;
}

/**
 * Enters each live revision again and again, as a program does that starts there, and compares the files, which have the
 * same text in one revision and another text in every other. A revision that vanishes is a violation.
 */
const READER = String.raw`
use strict;
use Time::HiRes 'usleep';
$| = 1;
my ($count, @words) = @ARGV;
my @files = splice @words, 0, $count;
my ($reads, $is_over, $parent, %bad) = (0, 0, getppid());
$SIG{TERM} = sub { $is_over = 1 };
until ($is_over || getppid() != $parent) { look($_) for @words; usleep(500); }
print "reads $reads\n", map { "bad $_\n" } sort keys %bad;

sub look {
  my ($final) = @_;
  return $bad{"$final: no revision: $!"}++ unless chdir $final;
  $reads++;
  my @texts = map { slurp($_) } @files;
  for my $i (0 .. $#files) {
    $bad{"$final: $files[$i] says $texts[$i], $files[0] says $texts[0]"}++ if $texts[$i] ne $texts[0];
  }
}

sub slurp {
  open my $file, '<', $_[0] or return "nothing ($!)";
  my $text = <$file> // '';
  chomp $text;
  return $text;
}
`;

/** Starts a reader of `files` below each of `links`, all of which lead to a revision already. */
export function startFleetReader(links: readonly string[], files: readonly string[]): FleetReader {
  // It looks whenever nobody else wants the processor, so that it does not slow down what it watches.
  const words = ["-n", "19", "perl", "-e", READER, String(files.length), ...files, ...links];
  const reader = spawn("nice", words, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  reader.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return {
    stop: async () => {
      const closed = once(reader, "close");
      reader.kill("SIGTERM");
      await closed;
      const lines = (word: string): string[] =>
        output
          .split("\n")
          .flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
      return { reads: Number(lines("reads")[0] ?? 0), violations: lines("bad") };
    },
  };
}
