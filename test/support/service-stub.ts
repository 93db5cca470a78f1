import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A service manager for embedded hosts, to be put first on their `PATH`. */
export interface ServiceStub {
  /** Runs `work`, and whatever it starts, with the stub in front of all other commands. */
  onPath<T>(work: () => Promise<T>): Promise<T>;
  remove(): void;
}

/** What a running service is called; it says which code and which configuration it was started with. */
export const SERVICE = "webd";

/**
 * Stands for sudo with `service NAME restart`. As with systemd, what restarts is no child of who asked for it: it goes on
 * when that one is killed, and two do not meet. A file `hold` in the host's home makes the next restart hang and fail; it
 * is called `held` then, and when it is removed the restart ends.
 */
const SUDO = `#!/bin/sh
echo "$*" >>"$HOME/sudo.log"
case "$*" in *"/usr/sbin/service ${SERVICE} "*) ;; *) exit 1 ;; esac
if mv "$HOME/hold" "$HOME/held" 2>/dev/null; then
  while [ -e "$HOME/held" ]; do sleep 0.05; done
  exit 1
fi
setsid env -u SCAP_WORKER flock -o "$HOME/${SERVICE}.lock" perl "$(dirname "$0")/restart.pl" </dev/null >/dev/null 2>&1 &
wait $!
`;

/** Ends the service that runs, and starts another with what is live at this moment. */
const RESTART = `
use POSIX;
chdir $ENV{HOME} or die;
if (open my $old, '<', '${SERVICE}.pid') { kill 'KILL', scalar(<$old>); }
my ($final) = glob('../srv/deployment/*/app');
my @live = map { open my $file, '<', "$final/$_" or die; my $text = <$file>; chomp $text; $text } @ARGV;
my $pid = fork;
if ($pid) { open my $new, '>', '${SERVICE}.pid'; print $new $pid; exit }
setsid();
exec { 'sleep' } "${SERVICE} @live", '100000';
`;

/**
 * Makes the stub.
 *
 * @param files - of the live revision, whose first lines the service holds on to
 */
export function makeServiceStub(files: readonly string[]): ServiceStub {
  const directory = mkdtempSync(join(tmpdir(), "scap-services-"));
  const words = files.map((file) => `'${file}'`).join(" ");
  writeFileSync(join(directory, "sudo"), SUDO.replace('restart.pl"', `restart.pl" ${words}`), {
    mode: 0o755,
  });
  writeFileSync(join(directory, "restart.pl"), RESTART);
  return {
    onPath: async (work) => {
      const path = process.env["PATH"] ?? "";
      process.env["PATH"] = `${directory}${delimiter}${path}`;
      try {
        return await work();
      } finally {
        process.env["PATH"] = path;
      }
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
