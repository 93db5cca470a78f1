import { existsSync } from "node:fs";
import { realLabObstacle, startRealLab, type Lab, type LabHost } from "@scap/lab";

const NGINX = "/usr/sbin/nginx";
const HAPROXY = "/usr/sbin/haproxy";

/** Why there can be no {@link WebSite} on this machine. */
export const siteObstacle: string | undefined =
  realLabObstacle() ?? (existsSync(NGINX) && existsSync(HAPROXY) ? undefined : "needs nginx and haproxy");

/** The web servers of a {@link WebSite}. */
export const WEB_HOSTS: readonly string[] = ["web1", "web2", "web3"];

/** What serves the site on each web server. */
export const WEB_SERVICE = "web";

/** The live revision as web servers see it. */
export const LIVE = "/srv/deployment/test/site";

/** Real hosts with nginx, behind a host with HAProxy. */
export interface WebSite {
  readonly lab: Lab;
  /** Where HAProxy answers. */
  readonly url: string;
  /** What a web server's service manager was asked for, in order. */
  serviceCalls(host: string): Promise<string[]>;
  close(): Promise<void>;
}

/** What visitors of a {@link WebSite} got. */
export interface Visits {
  /** Ends the visits. */
  stop(): Promise<readonly Visit[]>;
}

/** One answer: the version in the code, and the one that nginx was started with. */
export interface Visit {
  readonly status: number;
  readonly code: string;
  readonly running: string;
}

/** Stands for sudo: records what it is asked for, and starts a real nginx with the configuration that is live. */
const SUDO = `#!/bin/sh
echo "$*" >>"$HOME/sudo.log"
[ "$*" = "-n /usr/sbin/service ${WEB_SERVICE} restart" ] || exit 1
if old=$(cat /srv/nginx/pid 2>/dev/null); then
  kill "$old"
  while kill -0 "$old" 2>/dev/null; do sleep 0.02; done
fi
exec ${NGINX} -e stderr -c ${LIVE}/nginx.conf
`;

/** Configuration of nginx without root; `version` comes from the revision's variables. */
export const NGINX_TEMPLATE: string = `pid /srv/nginx/pid;
events {}
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path /srv/nginx/${name};`).join("\n  ")}
  server {
    listen 8080;
    root ${LIVE};
    add_header X-Running "{{ version }}";
  }
}
`;

const HAPROXY_CONFIG = `global
  stats socket ipv4@0.0.0.0:9999 level admin
defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
  timeout check 20s
frontend site
  bind 0.0.0.0:80
  default_backend web
backend web
  option httpchk GET /version.txt
${WEB_HOSTS.map((name) => `  server ${name} ${name}:8080 check inter 50ms fastinter 50ms rise 1\n`).join("")}`;

/** Starts the hosts; the web servers have nothing to serve yet. */
export async function startWebSite(): Promise<WebSite> {
  const lab = await startRealLab({ hosts: [...WEB_HOSTS, "lb"] });
  await Promise.all(WEB_HOSTS.map((name) => prepareWebServer(lab.host(name))));
  const balancer = lab.host("lb");
  await asRoot(balancer, `cat >/etc/lb.cfg && ${HAPROXY} -D -f /etc/lb.cfg`, HAPROXY_CONFIG);
  return {
    lab,
    url: `http://${balancer.address}/`,
    serviceCalls: async (host) => (await lab.host(host).exec(["cat", "sudo.log"])).stdout.trim().split("\n"),
    close: () => lab.close(),
  };
}

/** Puts the service manager first on the PATH of what logs in. */
async function prepareWebServer(host: LabHost): Promise<void> {
  const script = `cat >/home/deploy/sudo && chmod 755 /home/deploy/sudo
install -d -o deploy /srv/nginx
echo "SetEnv PATH=/home/deploy:$PATH" >>/etc/ssh/sshd_config`;
  await asRoot(host, script, SUDO);
  await host.killServer();
  await host.startServer();
}

async function asRoot(host: LabHost, script: string, input: string): Promise<void> {
  const { exitCode, stderr } = await host.exec(["sh", "-ec", script], { user: "root", input });
  if (exitCode !== 0) throw new Error(`${host.name}: ${stderr}`);
}

/** Visits the site over and over until it is stopped. */
export function visitContinuously({ url }: WebSite): Visits {
  const visits: Visit[] = [];
  const stopping = new AbortController();
  const done = (async (): Promise<void> => {
    while (!stopping.signal.aborted) visits.push(await visit(url));
  })();
  return {
    stop: async () => {
      stopping.abort();
      await done;
      return visits;
    },
  };
}

async function visit(url: string): Promise<Visit> {
  const answer = await fetch(new URL("version.txt", url));
  return {
    status: answer.status,
    code: (await answer.text()).trim(),
    running: answer.headers.get("x-running") ?? "",
  };
}
