import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import type { Server } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, startDeployServer, type DeployServer, type Ended } from "./deploy-server.ts";
import { serveGitBackend } from "./git-backend.ts";
import { DEPLOY_LOCAL } from "./worker-process.ts";

const hasNginx = existsSync("/usr/sbin/nginx");
if (!hasNginx && process.env["CI"] !== undefined) throw new Error("CI must have nginx");

let directory: string;
let server: DeployServer;
let nginx: ChildProcess | undefined;
let backend: Server | undefined;
beforeEach(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "scap-nginx-test-")));
  server = await startDeployServer(directory);
});
afterEach(async () => {
  nginx?.kill("SIGQUIT");
  if (nginx?.exitCode === null) await new Promise((resolve) => nginx?.once("exit", resolve));
  backend?.closeAllConnections();
  backend?.close();
  [nginx, backend] = [undefined, undefined];
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

interface NginxOptions {
  /** Where git http-backend listens. Absent: dumb HTTP only. */
  readonly smartPort?: number | undefined;
  /** Whether it speaks HTTPS, with the certificate that {@link makeCertificate} made. */
  readonly hasTls?: boolean;
}

/** The original's layout: the document root has the checkouts, `/acme/web/.git` is fetched from. */
async function startNginx({ smartPort, hasTls = false }: NginxOptions = {}): Promise<string> {
  const port = await freePort();
  const tls = hasTls
    ? `ssl_certificate ${directory}/cert.pem; ssl_certificate_key ${directory}/key.pem;`
    : "";
  const smart = `location ~ /(info/refs|git-upload-pack)$ { proxy_pass http://127.0.0.1:${smartPort ?? 0}; }`;
  const configuration = `
daemon off; pid ${directory}/nginx.pid; error_log ${directory}/error.log; worker_processes 1;
${process.getuid?.() === 0 ? "user root;" : ""}
events { worker_connections 64; }
http {
  access_log ${directory}/access.log;
  client_body_temp_path ${directory}/tmp; proxy_temp_path ${directory}/tmp; fastcgi_temp_path ${directory}/tmp;
  uwsgi_temp_path ${directory}/tmp; scgi_temp_path ${directory}/tmp;
  server { listen 127.0.0.1:${port}${hasTls ? " ssl" : ""}; ${tls} root ${directory}/www; ${smartPort === undefined ? "" : smart} }
}`;
  writeFileSync(join(directory, "nginx.conf"), configuration);
  nginx = spawn("/usr/sbin/nginx", ["-c", join(directory, "nginx.conf"), "-e", "stderr"], {
    stdio: "ignore",
  });
  await untilOpen(port);
  return `127.0.0.1:${port}`;
}

async function freePort(): Promise<number> {
  const probe = createTcpServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("not listening");
  return address.port;
}

async function untilOpen(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1")
        .once("connect", () => resolve(true))
        .once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error(`nginx does not listen:\n${readFileSync(join(directory, "error.log"), "utf8")}`);
}

async function deployLocal(gitServer: string, ...args: string[]): Promise<Ended> {
  return await deployLocalIn({}, gitServer, ...args);
}

async function deployLocalIn(
  env: Record<string, string>,
  gitServer: string,
  ...args: string[]
): Promise<Ended> {
  const defines = [`-Dgit_server:${gitServer}`, `-Dgit_deploy_dir:${directory}/srv`];
  return await run(DEPLOY_LOCAL, ["-r", "acme/web", ...defines, ...args], env, directory);
}

/** A certificate for 127.0.0.1 that nobody trusts by himself. Answers with its file. */
function makeCertificate(): string {
  const [key, certificate] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const kind = [
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "30",
  ];
  const name = ["-subj", "/CN=deploy1", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", ["req", ...kind, ...name, "-keyout", key, "-out", certificate], {
    stdio: "ignore",
  });
  return certificate;
}

/** A deploy info as Python Scap writes it, with checks that note in which order they ran. */
function publishAsPython(commit: string, tag: string): void {
  const ordered = "!!python/object/apply:collections.OrderedDict";
  const check = (name: string): string => `  - - ${name}
    - ${ordered}
      - - - command
          - sh -c 'echo ${name} >> ${directory}/order'
        - - after
          - promote
`;
  const checks = `checks: ${ordered}\n${check("zeta").replace("  - - zeta", "- - - zeta")}${check("alpha")}`;
  server.git("tag", "-a", "-m", "user deployer", "-m", "timestamp 2031-04-05T06:07:08.123456", tag, commit);
  server.git("update-server-info");
  writeFileSync(
    join(server.checkout, ".git/DEPLOY_HEAD"),
    `cache_revs: 5\n${checks}commit: ${commit}\nconfig_deploy: false\ngit_deploy_dir: ${directory}/srv
git_fat: false\ngit_repo: acme/web\ngit_rev: ${commit}\ngit_scheme: http\ngit_server: deploy.example.org
git_submodules: false\ngit_upstream_submodules: false\nlog_json: true\nnrpe_dir: /etc/nagios/nrpe.d
original_origin: ''\nperform_checks: true\nrequire_valid_service: false\nservice_timeout: 120.0
tag: ${tag}\ntimestamp: '2031-04-05T06:07:08.123456'\nuser: deployer\n`,
  );
}

describe.skipIf(!hasNginx)(`deploy-local from nginx${hasNginx ? "" : " (NOT RUN: needs nginx)"}`, () => {
  it("fetches over dumb HTTP what Python Scap published, twice, and goes back", async () => {
    const address = await startNginx();
    const first = server.commit({ a: "one" });
    publishAsPython(first, "scap/sync/2031-04-05/0001");
    expect(await deployLocal(address)).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(join(directory, "order"), "utf8")).toBe("zeta\nalpha\n");
    expect(await deployLocal(address, "finalize")).toMatchObject({ code: 0 });

    const second = server.commit({ a: "two" });
    server.git("gc", "--quiet");
    publishAsPython(second, "scap/sync/2031-04-05/0002");
    expect(await deployLocal(address, "--refresh-config")).toMatchObject({ code: 0 });
    expect(readFileSync(join(directory, "srv/acme/web/a"), "utf8")).toBe("two");
    expect(await deployLocal(address, "rollback")).toMatchObject({ code: 0 });
    expect(readlinkSync(join(directory, "srv/acme/web"))).toBe(`web-cache/revs/${first}`);
    const requests = readFileSync(join(directory, "access.log"), "utf8");
    expect(requests).toMatch(/GET \/acme\/web\/\.git\/DEPLOY_HEAD /);
    expect(requests).toMatch(/GET \/acme\/web\/\.git\/objects\/info\/packs /);
    expect(requests).not.toMatch(/POST /);
  });

  it("fetches packs where nginx hands requests to git http-backend", async () => {
    backend = await serveGitBackend(join(directory, "www"));
    const port = backend.address();
    const address = await startNginx({ smartPort: typeof port === "object" ? port?.port : undefined });
    publishAsPython(server.commit({ a: "one" }), "scap/sync/2031-04-05/0001");
    expect(await deployLocal(address)).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(join(directory, "srv/acme/web/a"), "utf8")).toBe("one");
    const requests = readFileSync(join(directory, "access.log"), "utf8");
    expect(requests).toMatch(/POST \/acme\/web\/\.git\/git-upload-pack /);
    expect(requests).not.toMatch(/objects\/info\/packs/);
  });

  it("fetches over HTTPS, but nothing from a server that nobody vouches for (deploy W37)", async () => {
    const certificate = makeCertificate();
    const address = await startNginx({ hasTls: true });
    publishAsPython(server.commit({ a: "one" }), "scap/sync/2031-04-05/0001");
    const refused = await deployLocal(address, "-Dgit_scheme:https");
    expect(refused.stderr).toContain("self-signed certificate");
    expect(existsSync(join(directory, "srv/acme/web"))).toBe(false);
    const trust = { NODE_EXTRA_CA_CERTS: certificate, GIT_SSL_CAINFO: certificate };
    expect(await deployLocalIn(trust, address, "-Dgit_scheme:https")).toMatchObject({ code: 0 });
    expect(readFileSync(join(directory, "srv/acme/web/a"), "utf8")).toBe("one");
  });

  it("takes a deploy tag that was made anew for what it is now (A29)", async () => {
    const address = await startNginx();
    publishAsPython(server.commit({ a: "one" }), "scap/sync/2031-04-05/0001");
    expect(await deployLocal(address)).toMatchObject({ code: 0 });
    server.git("tag", "--delete", "scap/sync/2031-04-05/0001");
    const second = server.commit({ a: "two" });
    publishAsPython(second, "scap/sync/2031-04-05/0001");
    expect(await deployLocal(address, "--refresh-config")).toMatchObject({ code: 0 });
    expect(readlinkSync(join(directory, "srv/acme/web"))).toBe(`web-cache/revs/${second}`);
  });
});
