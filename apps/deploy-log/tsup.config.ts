import { command } from "../../scripts/tsup-command.ts";

// OpenTelemetry belongs to a sink that this command does not use.
export default command({ noExternal: [/^(?!@opentelemetry\/)/], external: [/^@opentelemetry\//] });
