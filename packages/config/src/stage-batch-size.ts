import type { Config } from "./config.ts";

/** No stage works on more hosts at once. */
export const MAX_BATCH_SIZE = 80;

/** Hosts handled at the same time in a stage: `<stage>_batch_size`, else `batch_size`, else 80; never above 80. */
export function stageBatchSize(config: Config, stage: string): number {
  const size = config.int(`${stage}_batch_size`) ?? config.int("batch_size") ?? MAX_BATCH_SIZE;
  return Math.min(size, MAX_BATCH_SIZE);
}
