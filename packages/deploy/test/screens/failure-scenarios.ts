import { TargetError } from "../../src/errors.ts";
import type { DeployQuestions } from "../../src/server/run/orchestrate-options.ts";
import type { StageName } from "../../src/stage.ts";

/** One way in which a deployment to 200 hosts goes wrong. */
export interface FailureScenario {
  readonly name: string;
  /** Hosts of group `default` that may fail; none by default. */
  readonly failureLimit?: number;
  /** What a host does in a stage; it succeeds unless this throws. */
  readonly work: (host: number, stage: StageName) => void;
  /** The user's first wish to stop comes when this host starts this stage. */
  readonly stopAt?: { readonly host: number; readonly stage: StageName };
  readonly questions?: Partial<DeployQuestions>;
}

interface Details {
  readonly hint?: string;
  readonly output?: string;
  readonly isUnreachable?: boolean;
}

function fail(host: number, code: string, message: string, details: Details = {}): never {
  throw new TargetError(`web${host}`, message, { code, ...details });
}

function failedCheck(host: number, stage: string, output: string): never {
  fail(host, "CHECK_FAILED", `Checks after ${stage}: 1 of 2 failed: smoke`, { output });
}

/** Numbers that are scattered over the fleet, as faults are. */
function isScattered(host: number, modulo: number): boolean {
  return (host * 7919) % modulo === 3;
}

export const FAILURE_SCENARIOS: readonly FailureScenario[] = [
  {
    name: "unreachable-hosts",
    failureLimit: 5,
    work: (host, stage) => {
      if (stage !== "fetch" || !isScattered(host, 17)) return;
      fail(
        host,
        "UNREACHABLE",
        `Cannot connect to web${host} (10.1.0.${host} port 22): no answer within 15 s`,
        {
          isUnreachable: true,
          hint: "Check that the host is up and that a firewall lets port 22 through.",
        },
      );
    },
  },
  {
    name: "changed-host-keys",
    work: (host, stage) => {
      if (stage !== "fetch" || host < 100 || host > 119) return;
      fail(
        host,
        "HOST_KEY_CHANGED",
        `The ssh-ed25519 host key of web${host} has changed: ${host}f3a9SHA256:kX${host}abc is not the one in /etc/ssh/ssh_known_hosts:${host}`,
        {
          isUnreachable: true,
          hint: "Find out whether the host was installed anew, or whether somebody is in between, before you replace the key.",
        },
      );
    },
  },
  {
    name: "refused-login",
    work: (host, stage) => {
      if (stage !== "fetch") return;
      fail(host, "AUTHENTICATION", `web${host} accepts none of the keys for user deploy`, {
        isUnreachable: true,
        hint: "Offered: SHA256:9qG4/deploy@deploy1 (agent). Add it to ~deploy/.ssh/authorized_keys on the host.",
      });
    },
  },
  {
    name: "full-disks",
    failureLimit: 2,
    work: (host, stage) => {
      if (stage !== "fetch" || ![17, 42, 77, 78].includes(host)) return;
      fail(
        host,
        "DISK_FULL",
        `No space left on device: 104857600 bytes are needed, ${host * 4096} are free`,
        {
          hint: "Free some space in /srv/deployment, or lower cache_revs. Nothing was changed on the host.",
        },
      );
    },
  },
  {
    name: "failed-check",
    work: (host, stage) => {
      if (host === 1 && stage === "promote")
        failedCheck(
          host,
          "promote",
          'smoke: GET http://localhost:8080/health\nsmoke: 503 Service Unavailable\nPHP Fatal error: Uncaught Error: Class "Foo" not found in /srv/deployment/acme/web/index.php:3',
        );
    },
  },
  {
    name: "failed-check-with-different-outputs",
    failureLimit: 10,
    work: (host, stage) => {
      if (stage === "promote" && host > 1 && host % 9 === 0)
        failedCheck(host, "promote", `smoke: request ${host * 31} took ${host * 3}.5 s\nsmoke: too slow`);
    },
  },
  {
    name: "hanging-hosts",
    failureLimit: 1,
    work: (host, stage) => {
      if (stage !== "fetch" || ![60, 61].includes(host)) return;
      fail(host, "TIMED_OUT", "no answer to fetch within 900 s", {
        isUnreachable: true,
        hint: "The host may hang. Raise stage_timeout if the work needs longer.",
      });
    },
  },
  {
    name: "lost-hosts",
    failureLimit: 4,
    work: (host, stage) => {
      if (stage !== "promote" || !isScattered(host, 29)) return;
      fail(host, "CONNECTION_LOST", "lost the host: the worker was killed by KILL", { isUnreachable: true });
    },
  },
  {
    name: "refused-configuration",
    work: (host, stage) => {
      if (stage !== "config_deploy") return;
      fail(
        host,
        "CONFIG_REFUSED",
        "Config file /etc/nginx/sites-enabled/web.conf was refused by its validate command (status 1)",
        {
          hint: "The file that is live was not changed.",
          output:
            'nginx: [emerg] unknown directive "servr_name" in /etc/nginx/sites-enabled/.web.conf.scap-new:12\nnginx: configuration file /tmp/nginx.conf test failed',
        },
      );
    },
  },
  {
    name: "dead-service",
    failureLimit: 3,
    work: (host, stage) => {
      if (stage !== "promote" || host < 151 || host > 158) return;
      fail(host, "PORT_CLOSED", "Port 8080 did not answer within 120 s after the restart of web", {
        hint: "See the service's own log on the host: journalctl -u web",
      });
    },
  },
  {
    name: "failed-rollback",
    work: (host, stage) => {
      if (stage === "promote" && host === 150) failedCheck(host, "promote", "smoke: 500");
      if (stage === "rollback" && [12, 13].includes(host))
        fail(host, "CONNECTION_LOST", "lost the host: connection reset by peer", { isUnreachable: true });
      if (stage === "rollback" && host === 90)
        fail(host, "READ_ONLY", "Read-only file system: cannot write /srv/deployment/acme/web-cache", {
          hint: "The file system is mounted read-only, maybe after an error of the disk.",
        });
    },
  },
  {
    name: "interrupted",
    stopAt: { host: 120, stage: "fetch" },
    work: () => {},
    questions: { rollBack: async () => false },
  },
  {
    name: "failures-within-the-limit",
    failureLimit: 20,
    work: (host, stage) => {
      if (stage === "fetch" && [5, 6].includes(host))
        fail(host, "DISK_FULL", "No space left on device", { hint: "Free some space." });
      if (stage === "promote" && host === 90)
        fail(host, "CONNECTION_LOST", "lost the host: connection reset by peer", { isUnreachable: true });
    },
  },
];

/** The fleet of every scenario. */
export const FLEET: readonly string[] = Array.from({ length: 200 }, (_, index) => `web${index + 1}`);
