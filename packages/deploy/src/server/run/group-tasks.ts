import type { StageName } from "../../stage.ts";
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

  constructor(deployment: RunningDeployment) {
    this.#deployment = deployment;
  }

  /** A host had something to do. */
  noteWork({ group }: PlanPlace, stage: StageName): void {
    this.#worked.add(`${group.name} ${stage}`);
  }

  /** @throws GroupFailed when a task fails: no limit tolerates that */
  async before(place: PlanPlace, stage: StageName): Promise<void> {
    if (place.subgroup === place.group.subgroups[0]) await this.#run(place, stage, "before");
  }

  /** Where no host of the group had anything to do, neither have its tasks. @throws GroupFailed when a task fails */
  async after(place: PlanPlace, stage: StageName): Promise<void> {
    const { group, subgroup } = place;
    const hasWorked = this.#worked.has(`${group.name} ${stage}`);
    if (subgroup === group.subgroups.at(-1) && hasWorked) await this.#run(place, stage, "after");
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
