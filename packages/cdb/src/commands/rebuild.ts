import type { CAC } from "cac";
import { type CommandContext, wholeNumber } from "./command-context.ts";
import { l10nReporter, reportL10n } from "./l10n-report.ts";

interface RebuildFlags {
  readonly threads?: number;
  readonly force?: boolean;
  readonly md5?: boolean;
  readonly warnOnMd5?: boolean;
  readonly json?: boolean;
}

/** `cdb rebuild DIR` */
export function addRebuild(cli: CAC, context: CommandContext): void {
  cli
    .command("rebuild <dir>", "Make an l10n cache's CDB files from upstream/*.json")
    .option("--threads <n>", "Worker threads; 0: the processors less two, at least 1")
    .option("--force", "Rebuild every file, needed or not")
    .option("--md5", "Compare the MD5 of every CDB file instead of trusting times")
    .option("--warn-on-md5", "Only warn if a new file is not what its MD5 file says")
    .option("--json", "Print the result as JSON")
    .example((bin) => `  ${bin} rebuild /srv/mediawiki/php-1.45/cache/l10n --threads 8`)
    .action(async (directory: string, flags: RebuildFlags) => {
      const { rebuildCdbDirectory } = await import("../l10n/rebuild.ts");
      const result = await rebuildCdbDirectory({
        directory,
        threads: wholeNumber("threads", flags.threads) ?? 0,
        force: flags.force === true,
        trust: flags.md5 === true ? "md5" : "time",
        onMd5Mismatch: flags.warnOnMd5 === true ? "warn" : "fail",
        signal: context.signal,
        onEvent: l10nReporter(context, "rebuilt"),
      });
      return reportL10n(result, "CDB", flags.json === true, context);
    });
}
