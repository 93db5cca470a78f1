import { access } from "node:fs/promises";
import { homedir } from "node:os";
import type { AnyAuthMethod, AuthenticationType, ParsedKey } from "ssh2";
import { AuthenticationError } from "../errors.ts";
import { fingerprint } from "../host-keys/fingerprint.ts";
import type { HostSettings } from "../hosts/host-settings.ts";
import { type AgentIdentities, agentIdentities, SelectedAgent } from "./agent-identities.ts";
import { type KeyFile, loadKeyFile, type SecretPrompt, unlockKeyFile } from "./key-file.ts";

/** The keys to offer to a host, in order. */
export interface AuthenticationPlan {
  /** Keys of the agent, if any. */
  readonly agent: { readonly socket: string; readonly keys: readonly ParsedKey[] } | undefined;
  /** Private keys of files. */
  readonly keys: readonly ParsedKey[];
  /** For messages: what is offered. */
  readonly offers: readonly string[];
  /** For messages: what could not be offered, and why. */
  readonly notes: readonly string[];
}

/** Answers ssh2's question what to try next. */
export type AuthenticationSteps = (methodsLeft: AuthenticationType[] | null) => AnyAuthMethod | false;

/** Reads key files and asks agents once for a whole job, however many hosts use them. */
export class AuthenticationPlans {
  readonly #prompt: SecretPrompt | undefined;
  readonly #plans = new Map<string, Promise<AuthenticationPlan>>();

  constructor(prompt: SecretPrompt | undefined) {
    this.#prompt = prompt;
  }

  /** @throws SshError `BAD_IDENTITY`, or AuthenticationError when there is nothing to offer. */
  async for(settings: HostSettings): Promise<AuthenticationPlan> {
    const { agent, areFilesRequired, identitiesOnly, identityFiles } = settings;
    const key = JSON.stringify([agent, areFilesRequired, identitiesOnly, identityFiles]);
    const making = this.#plans.get(key) ?? makePlan(settings, this.#prompt);
    this.#plans.set(key, making);
    const plan = await making;
    if (plan.offers.length > 0) return plan;
    throw new AuthenticationError(
      `There is no key to log in to ${settings.host} with${because(plan.notes)}`,
      {
        host: settings.host,
        hint: "Start an agent that holds your key, or name a key file.",
      },
    );
  }
}

/** The steps for one connection: the agent's keys first, as ssh does, because they never ask for a passphrase. */
export function authenticationSteps(plan: AuthenticationPlan, user: string): AuthenticationSteps {
  const queue: AnyAuthMethod[] = plan.keys.map((key) => ({ type: "publickey", username: user, key }));
  if (plan.agent) {
    const agent = new SelectedAgent(plan.agent.socket, plan.agent.keys);
    queue.unshift({ type: "agent", username: user, agent });
  }
  // The server's answer to the first try tells whether it takes keys at all.
  return (left) => (left !== null && !left.includes("publickey") ? false : (queue.shift() ?? false));
}

/** The key that is tried first; undefined where the agent is. */
export function firstKey({ agent, keys }: AuthenticationPlan): ParsedKey | undefined {
  return agent === undefined ? keys[0] : undefined;
}

/** The error for a host that accepted none of the keys. */
export function refusedKeys(
  settings: HostSettings,
  plan: AuthenticationPlan,
  cause: Error,
): AuthenticationError {
  const { host, user } = settings;
  const tried = plan.offers.join(", ");
  return new AuthenticationError(
    `${host} accepts none of the keys for user ${user}: tried ${tried}${because(plan.notes)}`,
    {
      host,
      cause,
      hint: `Add the public key to the authorized_keys of ${user} there, or log in with another key or user.`,
    },
  );
}

async function makePlan(
  settings: HostSettings,
  prompt: SecretPrompt | undefined,
): Promise<AuthenticationPlan> {
  const notes: string[] = [];
  const [found, agent] = await Promise.all([keyFiles(settings, notes), askAgent(settings.agent, notes)]);
  const agentKeys = pickAgentKeys(agent, found, settings.identitiesOnly);
  if (agent && agent.keys.length > 0 && agentKeys.length === 0)
    notes.push(
      `the agent at ${agent.socket}: only keys that a key file names are wanted, and it holds none of those`,
    );
  const ownFiles = found.filter((file) => !agentKeys.some((key) => isKeyOf(file, key)));
  const isNeeded = settings.identityFiles !== undefined || agentKeys.length === 0;
  const opened = await inOrder(ownFiles, (file) => (isNeeded ? unlockKeyFile(file, prompt) : file));
  for (const file of opened) if (!file.privateKey) notes.push(`${file.path}: ${whyUnusable(file)}`);
  const usable = opened.flatMap(({ path, privateKey }) => (privateKey ? [{ path, privateKey }] : []));
  return {
    agent: agent && agentKeys.length > 0 ? { socket: agent.socket, keys: agentKeys } : undefined,
    keys: usable.map(({ privateKey }) => privateKey),
    offers: [
      ...agentKeys.map((key) => `${key.type} ${fingerprint(key.getPublicSSH())} of the agent`),
      ...usable.map(({ path }) => path),
    ],
    notes,
  };
}

/** One question at a time: two passphrase prompts on one terminal would garble each other. */
async function inOrder<T>(items: readonly T[], step: (item: T) => T | Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (const item of items) done.push(await step(item));
  return done;
}

function whyUnusable(file: KeyFile): string {
  return file.lockedText === undefined ? "its private half is not at hand" : "it needs a passphrase";
}

function because(notes: readonly string[]): string {
  return notes.length === 0 ? "" : ` (not used: ${notes.join("; ")})`;
}

async function keyFiles(settings: HostSettings, notes: string[]): Promise<KeyFile[]> {
  const paths = settings.identityFiles ?? (await usualKeyFiles());
  if (settings.areFilesRequired) return await Promise.all(paths.map(loadKeyFile));
  const files = await Promise.allSettled(paths.map(loadKeyFile));
  // A key that is missing or broken must not stop those who do not need it.
  for (const file of files) if (file.status === "rejected") notes.push((file.reason as Error).message);
  return files.flatMap((file) => (file.status === "fulfilled" ? [file.value] : []));
}

async function usualKeyFiles(): Promise<string[]> {
  const paths = ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => `${homedir()}/.ssh/${name}`);
  const results = await Promise.allSettled(paths.map((path) => access(path)));
  return paths.filter((_, index) => results[index]?.status === "fulfilled");
}

async function askAgent(socket: string | undefined, notes: string[]): Promise<AgentIdentities | undefined> {
  if (socket === undefined || socket === "") return undefined;
  try {
    const agent = await agentIdentities(socket);
    if (agent.keys.length === 0) notes.push(`the agent at ${socket} holds no keys`);
    return agent;
  } catch {
    notes.push(`no agent answers at ${socket}`);
    return undefined;
  }
}

/** Keys named by key files first, as ssh does; with `identitiesOnly` no others, or the server stops at six. */
function pickAgentKeys(
  agent: AgentIdentities | undefined,
  files: readonly KeyFile[],
  identitiesOnly: boolean,
): ParsedKey[] {
  const keys = agent?.keys ?? [];
  const isNamed = (key: ParsedKey): boolean => files.some((file) => isKeyOf(file, key));
  return [...keys.filter(isNamed), ...(identitiesOnly ? [] : keys.filter((key) => !isNamed(key)))];
}

function isKeyOf(file: KeyFile, key: ParsedKey): boolean {
  return file.publicKey?.equals(key.getPublicSSH()) ?? false;
}
