// Loaded into a command before anything else: its clock is CLOCK_BACK_MS behind, and goes back by CLOCK_STEP_MS with
// every look at it.
const RealDate = Date;
let behindMs = Number(process.env.CLOCK_BACK_MS ?? 0);

function now() {
  behindMs += Number(process.env.CLOCK_STEP_MS ?? 0);
  return RealDate.now() - behindMs;
}

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(now());
    else super(...parts);
  }

  static now() {
    return now();
  }
};
