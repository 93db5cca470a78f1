import { GroupFailed } from "./group-verdicts.ts";
import type { RunningDeployment } from "./running-deployment.ts";

/** Asks between subgroups whether to go on, until somebody answers once for all. */
export class ContinueQuestion {
  readonly #deployment: RunningDeployment;
  #isAnsweredForAll = false;

  constructor(deployment: RunningDeployment) {
    this.#deployment = deployment;
  }

  /** @throws GroupFailed when the deployment is not to go on to the subgroup `next` */
  async ask(label: string, next: string): Promise<void> {
    const { context, options } = this.#deployment;
    const { plan, questions, resume, stop } = options;
    // On the way back nobody is asked.
    const isAgreed = plan.mode === "rollback" || resume?.agreed.includes(next) === true;
    if (this.#isAnsweredForAll || isAgreed) return;
    const answer = await context.leases.whileAsking((limit) => questions.continueAfter(label, next, limit));
    if (stop.aborted) throw new GroupFailed(`stopped after ${label}`);
    if (answer === "stop") throw new GroupFailed(`aborted by the user after ${label}`, { isBad: true });
    if (answer === "unanswered")
      throw new GroupFailed(`nobody confirmed ${label} in time`, { isUnattended: true });
    this.#isAnsweredForAll = answer === "continue-all";
  }
}
