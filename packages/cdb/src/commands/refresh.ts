import type { CAC } from "cac";
import { type CommandContext, wholeNumber } from "./command-context.ts";
import { l10nReporter, reportL10n } from "./l10n-report.ts";

interface RefreshFlags {
  readonly threads?: number;
  readonly prune?: boolean;
  readonly json?: boolean;
}

/** `cdb refresh DIR` */
export function addRefresh(cli: CAC, context: CommandContext): void {
  cli
    .command("refresh <dir>", "Write an l10n cache's upstream/*.json and *.MD5")
    .option("--threads <n>", "Worker threads; 0: the processors less two, at least 1")
    .option("--prune", "Remove JSON and MD5 files that have no CDB file")
    .option("--json", "Print the result as JSON")
    .example((bin) => `  ${bin} refresh /srv/mediawiki-staging/php-1.45/cache/l10n --prune`)
    .action(async (directory: string, flags: RefreshFlags) => {
      const { refreshCdbDirectory } = await import("../l10n/refresh.ts");
      const result = await refreshCdbDirectory({
        directory,
        threads: wholeNumber("threads", flags.threads) ?? 0,
        prune: flags.prune === true,
        signal: context.signal,
        onEvent: l10nReporter(context, "refreshed"),
      });
      return reportL10n(result, "JSON", flags.json === true, context);
    });
}
