/** Failures that say something about a revision, unlike those of a host or of the way to it. */
const SYMPTOMS: readonly string[] = ["CHECK_FAILED", "SERVICE_FAILED", "PORT_CLOSED"];

/** Whether a failure with this code speaks against the revision. */
export function isSymptom(code: string): boolean {
  return SYMPTOMS.includes(code);
}
