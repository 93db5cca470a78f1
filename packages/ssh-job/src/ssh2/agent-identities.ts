import ssh2, {
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from "ssh2";

/** Keys that an agent holds. */
export interface AgentIdentities {
  readonly socket: string;
  readonly keys: readonly ParsedKey[];
}

/** Asks the agent for its keys. @throws Error when no agent answers at that socket */
export async function agentIdentities(socket: string): Promise<AgentIdentities> {
  const agent = new ssh2.OpenSSHAgent(socket);
  const keys = await new Promise<readonly ParsedKey[]>((resolve, reject) => {
    // The parsed form is what ssh2's own agent hands out; its types allow three others.
    agent.getIdentities((error, found) => (error ? reject(error) : resolve((found ?? []) as ParsedKey[])));
  });
  return { socket, keys };
}

/** An agent that offers some of its keys only, without asking the real one again for every connection. */
export class SelectedAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #keys: readonly ParsedKey[];
  readonly #agent: InstanceType<typeof ssh2.OpenSSHAgent>;

  constructor(socket: string, keys: readonly ParsedKey[]) {
    super();
    this.#keys = keys;
    this.#agent = new ssh2.OpenSSHAgent(socket);
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(undefined, [...this.#keys]);
  }

  override sign(key: ParsedKey, data: Buffer, options: SigningRequestOptions, callback?: SignCallback): void;
  override sign(key: ParsedKey, data: Buffer, callback: SignCallback): void;
  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    if (typeof options === "function") this.#agent.sign(key, data, options);
    else this.#agent.sign(key, data, options, callback);
  }
}
