import type { Context } from "../runtime/context.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Value } from "../values/value.ts";
import type { CompiledTemplate } from "./compiled-template.ts";

/** The variables of one running template, block, macro or recursive loop. */
export interface Frame {
  /** Local variables; `undefined` where a name has no value. */
  readonly slots: (Value | undefined)[];
  /** The frame in which this one was defined. */
  readonly up: Frame | undefined;
  readonly runtime: Runtime;
  readonly context: Context;
  /** The template that this one extends, once that is known. */
  readonly inheritance: { parent: CompiledTemplate | undefined };
}

/** How a statement ended: normally, or by `break` or `continue`. */
export type Signal = 0 | 1 | 2;
/** The statement ran to its end. */
export const DONE = 0;
/** The loop around ends. */
export const BREAK = 1;
/** The loop around goes on with its next member. */
export const CONTINUE = 2;

/** A compiled expression. */
export type Evaluate = (frame: Frame) => Value;
/** A compiled statement. */
export type Execute = (frame: Frame) => Signal;

/** A frame without a parent. */
export function rootFrame(slotCount: number, runtime: Runtime, context: Context): Frame {
  return {
    slots: emptySlots(slotCount),
    up: undefined,
    runtime,
    context,
    inheritance: { parent: undefined },
  };
}

/** A frame inside of another. */
export function innerFrame(slotCount: number, up: Frame): Frame {
  return {
    slots: emptySlots(slotCount),
    up,
    runtime: up.runtime,
    context: up.context,
    inheritance: up.inheritance,
  };
}

function emptySlots(count: number): (Value | undefined)[] {
  const slots: (Value | undefined)[] = [];
  for (let slot = 0; slot < count; slot++) slots.push(undefined);
  return slots;
}

/** The frame `hops` levels up. */
export function outerFrame(frame: Frame, hops: number): Frame {
  let outer = frame;
  for (let hop = 0; hop < hops; hop++) outer = outer.up ?? outer;
  return outer;
}
