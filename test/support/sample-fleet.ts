import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { Checkout, scapFiles } from "./checkout.ts";
import { startFleetReader, type FleetReader } from "./fleet-reader.ts";
import { runScap, startScap, type ScapCall, type ScapResult } from "./run-scap.ts";
import { makeServiceStub, SERVICE, type ServiceStub } from "./service-stub.ts";

/** Code, code of a submodule, rendered configuration: each says the version that it belongs to. */
const FILES = ["version.txt", "lib/version.txt", "app.conf"];

/** What is found on a host that nobody works on. */
export interface HostState {
  readonly live: string;
  readonly current: string;
  readonly done: string;
  /** First lines of {@link FILES}. */
  readonly versions: readonly string[];
  /** The services that run, with the versions that they were started with. */
  readonly services: readonly string[];
  /** Notes of work under way, and directories that are half made. */
  readonly remains: readonly string[];
}

/** A fleet on an embedded lab, and a repository with a submodule, a configuration file and a service to deploy to it. */
export class SampleFleet {
  readonly hosts: readonly string[];
  readonly lab: Lab;
  readonly checkout: Checkout;
  readonly #library: Checkout;
  readonly #services: ServiceStub;
  #version = 0;

  private constructor(lab: Lab, checkout: Checkout, library: Checkout, services: ServiceStub) {
    this.hosts = lab.hosts.map(({ name }) => name);
    this.lab = lab;
    this.checkout = checkout;
    this.#library = library;
    this.#services = services;
  }

  /** Starts it; version 1 is there to be deployed. */
  static async start(
    hosts: readonly string[],
    config: Readonly<Record<string, string>> = {},
  ): Promise<SampleFleet> {
    const services = makeServiceStub([FILES[0] ?? "", FILES[2] ?? ""]);
    const lab = await services.onPath(async () => await startEmbeddedLab({ hosts }));
    const library = new Checkout({ "version.txt": "0\n" });
    const checkout = new Checkout({
      ...scapFiles(hosts, {
        git_repo: `faults-${basename(lab.directory)}/app`,
        git_submodules: "true",
        config_deploy: "true",
        service_name: SERVICE,
        cache_revs: "2",
        ...config,
      }),
      "scap/config-files.yaml": "app.conf:\n  template: app.conf.j2\n",
      "scap/templates/app.conf.j2": "{{ version }}\n",
    });
    checkout.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.directory, "lib");
    const fleet = new SampleFleet(lab, checkout, library, services);
    fleet.commitNext();
    return fleet;
  }

  /** The newest version; hosts may have an older one. */
  get version(): string {
    return String(this.#version);
  }

  /** Commits the next version of everything; answers with its number. */
  commitNext(): string {
    const version = String(++this.#version);
    const library = join(this.checkout.directory, "lib");
    this.checkout.write({ "lib/version.txt": `${version}\n` });
    const identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
    execFileSync("git", [...identity, "commit", "--quiet", "-am", version], { cwd: library });
    this.checkout.commit({ "version.txt": `${version}\n`, "scap/vars.yaml": `version: ${version}\n` });
    return version;
  }

  start(...args: string[]): ScapCall {
    return startScap(args, { cwd: this.checkout.directory, env: this.lab.env });
  }

  async run(...args: string[]): Promise<ScapResult> {
    return await runScap(args, { cwd: this.checkout.directory, env: this.lab.env });
  }

  /** Watches the live revision of every host; each must have one. */
  read(): FleetReader {
    return startFleetReader(
      this.hosts.map((host) => this.#path(host)),
      FILES,
    );
  }

  /** Path of the live revision on a host, as seen from here. */
  #path(host: string): string {
    const { deployDir } = this.lab.host(host);
    return join(deployDir, `faults-${basename(this.lab.directory)}`, "app");
  }

  async state(host: string): Promise<HostState> {
    const final = this.#path(host);
    const link = (path: string): string => (existsSync(path) ? basename(readlinkSync(path)) : "nothing");
    const commands = (await this.lab.host(host).processes()).map(({ command }) => command);
    return {
      live: link(final),
      current: link(`${final}-cache/current`),
      done: link(`${final}-cache/.done`),
      versions: FILES.map((file) => readFileSync(join(final, file), "utf8").trim()),
      services: commands.filter((command) => command.startsWith(`${SERVICE} `)),
      remains: [
        ...readdirSync(`${final}-cache/.scap`).filter((name) => UNDER_WAY.test(name)),
        ...readdirSync(`${final}-cache/revs`).filter((name) => !/^[0-9a-f]{40}$/.test(name)),
        ...readdirSync(`${final}-cache`).filter((name) => /in-progress|scap-new/.test(name)),
      ],
    };
  }

  /** Command lines of what runs on a host apart from its service. */
  async processes(host: string): Promise<string[]> {
    const found = (await this.lab.host(host).processes()).map(({ command }) => command);
    return found.filter((command) => !command.startsWith(`${SERVICE} `));
  }

  async close(): Promise<void> {
    await this.lab.close();
    this.checkout.remove();
    this.#library.remove();
    this.#services.remove();
  }
}

/** Notes that are only there while something is going on, and files that were not yet renamed. */
const UNDER_WAY = /^(journal|unsettled|lease|drained|origin|holder)$|scap-new/;
