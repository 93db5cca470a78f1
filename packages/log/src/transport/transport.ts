/** One way to hand a message to a receiver. */
export interface Transport {
  /** Resolves when the message has been handed to the system; rejects when it could not be, within a bounded time. */
  send(message: Uint8Array): Promise<void>;
  /** Frees the socket or process; messages not sent yet are lost. */
  close(): Promise<void>;
  /** What went wrong with the message that is under way, for a transport that tries again by itself. */
  trouble?(): string | undefined;
}
