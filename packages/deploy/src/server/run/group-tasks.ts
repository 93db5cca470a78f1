import type { StageName } from "../../stage.ts";
import type { FleetStageResult } from "../fleet/fleet.ts";
import { isSymptom } from "../../symptoms.ts";
import { GroupFailed } from "./group-verdicts.ts";
import { hasFailed, isInRun, type HostRun } from "./host-run.ts";
import { runStage } from "./run-stage.ts";
import type { PlanPlace, RunningDeployment } from "./running-deployment.ts";

/** What one host does for all of its group: before the group's first work in a stage, and after its last. */
export class GroupTasks {
  readonly #deployment: RunningDeployment;
  /** Group and stage of everything that was not done already. */
  readonly #worked = new Set<string>();
  /** Group and stage of what an interrupted deployment did. */
  readonly #doneBefore: Set<string>;

  constructor(deployment: RunningDeployment) {
    this.#deployment = deployment;
    this.#doneBefore = new Set(deployment.options.resume?.steps);
  }

  /** A host went through a stage. What is not finalized is the work of a deployment that was interrupted. */
  noteWork({ group }: PlanPlace, stage: StageName, { isUnfinished, noop }: FleetStageResult): void {
    if (!noop) this.#worked.add(`${group.name} ${stage}`);
    else if (isUnfinished === true) this.#doneBefore.add(`${group.name} ${stage}`);
  }

  /** @throws GroupFailed when a task fails: no limit tolerates that */
  async before(place: PlanPlace, stage: StageName): Promise<void> {
    if (place.subgroup === place.group.subgroups[0]) await this.#run(place, stage, "before");
  }

  /** Where no host of the group had anything to do, neither have its tasks. @throws GroupFailed when a task fails */
  async after(place: PlanPlace, stage: StageName): Promise<void> {
    const { group, subgroup } = place;
    if (subgroup === group.subgroups.at(-1) && this.#isOwing(group.name, stage))
      await this.#run(place, stage, "after");
  }

  /** Whether there was work, whose tasks no interrupted deployment has done. */
  #isOwing(group: string, stage: StageName): boolean {
    if (this.#worked.has(`${group} ${stage}`)) return true;
    return this.#doneBefore.has(`${group} ${stage}`) && !this.#doneBefore.has(`${group} after ${stage}`);
  }

  async #run(place: PlanPlace, stage: StageName, when: "before" | "after"): Promise<void> {
    const { group, subgroup } = place;
    const { runs, verdicts } = this.#deployment;
    const tasks = group.tasks?.filter((task) => task.stage === stage && task.when === when) ?? [];
    const [run] = runs.of(subgroup.hosts).filter(isInRun);
    if (tasks.length === 0 || run === undefined) return;
    await this.#runOn(run, place, stage, when);
    if (!hasFailed(run)) return;
    const reason = `${tasks.map(({ name }) => name).join(", ")} failed ${when} ${stage} on ${run.host}`;
    verdicts.emit(group, subgroup.label, reason);
    throw new GroupFailed(reason, { isBad: isSymptom(run.failure?.code ?? "") });
  }

  async #runOn(
    run: HostRun,
    { group, subgroup }: PlanPlace,
    stage: StageName,
    when: "before" | "after",
  ): Promise<void> {
    const { emit, fleet, now, stop } = this.#deployment.options;
    await runStage({
      ...{ emit, now, stop, group: group.name, label: subgroup.label, batchSize: 1 },
      stage: `${when} ${stage}`,
      hosts: [run],
      work: (host) => fleet.stage(host, stage, { group: group.name, tasks: when }),
      shouldHold: () => false,
    });
  }
}
