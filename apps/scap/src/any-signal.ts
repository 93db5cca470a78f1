import { setMaxListeners } from "node:events";

/**
 * A signal that fires when one of these does. Every host of a fleet listens to it, which Node would take for a leak: unlike
 * signals of controllers, combined ones warn above ten listeners.
 */
export function anySignal(...signals: readonly AbortSignal[]): AbortSignal {
  const signal = AbortSignal.any([...signals]);
  setMaxListeners(0, signal);
  return signal;
}
