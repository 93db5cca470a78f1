import { CliError, EXIT, type Command } from "@scap/cli";

/** A command of a plugin whose mistakes are not taken for those of scap. */
export function blamePlugin(command: Command, plugin: string): Command {
  const { commands, handler } = command;
  return {
    ...command,
    ...(commands === undefined ? {} : { commands: commands.map((action) => blamePlugin(action, plugin)) }),
    ...(handler === undefined ? {} : { handler: blamingHandler(handler, plugin) }),
  };
}

function blamingHandler(
  load: NonNullable<Command["handler"]>,
  plugin: string,
): NonNullable<Command["handler"]> {
  return async () => async (invocation) => {
    try {
      const run = await load();
      // Plugins are not type-checked, and a command that returns nothing has done its work.
      const status: unknown = await run(invocation);
      return typeof status === "number" ? status : EXIT.ok;
    } catch (error) {
      throw hasOwnWords(error) ? error : pluginFailed(plugin, error);
    }
  };
}

/** A plugin may throw errors like those of scap, with a `code` and perhaps a `hint`, to be shown as they are. */
function hasOwnWords(error: unknown): boolean {
  return error instanceof Error && "code" in error && !("syscall" in error);
}

/** The error to report when a plugin fails at what it was asked for. */
export function pluginFailed(plugin: string, cause: unknown): CliError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const error = new CliError(`The plugin ${plugin} failed: ${reason}`, {
    code: "PLUGIN_FAILED",
    exitCode: EXIT.failed,
    hint: "This is not a part of scap: ask who wrote it. --verbose shows where it happened.",
  });
  if (cause instanceof Error && cause.stack !== undefined) error.stack = cause.stack;
  return error;
}
