export { LogError } from "./errors.ts";
export type { LogErrorOptions } from "./errors.ts";
export { LEVELS, levelName, parseLevel } from "./levels.ts";
export type { LogRecord, LooseRecord, RecordArgs } from "./record.ts";
export { PythonFloat } from "./python-float.ts";
export { encodeRecord } from "./encode-record.ts";
export { decodeLooseRecord, decodeRecord } from "./decode-record.ts";
export { formatMessage, formatMessageParts } from "./message/format-message.ts";
export type { FormattedMessage, MessageParts } from "./message/format-message.ts";
export { reprForm, textForm } from "./message/python-text.ts";
export { createLogger } from "./logger.ts";
export type { LogFields, Logger, LoggerOptions } from "./logger.ts";
export { createRedactor } from "./redact.ts";
export type { Redactor, RedactorOptions } from "./redact.ts";
export type { Sink } from "./sink.ts";
export { consoleSink } from "./sinks/console-sink.ts";
export type { ConsoleSinkOptions } from "./sinks/console-sink.ts";
export { fileSink } from "./sinks/file-sink.ts";
export type { FileSinkOptions } from "./sinks/file-sink.ts";
export { jsonLinesSink } from "./sinks/json-lines-sink.ts";
export type { JsonLinesSinkOptions } from "./sinks/json-lines-sink.ts";
export type { OutputStream } from "./sinks/stream-writer.ts";
export { colourByLevel, colourDiff, wantsColour } from "./colour.ts";
export { clockText } from "./clock-text.ts";
export { entryText } from "./entry-text.ts";
export type { EntryStyle } from "./entry-text.ts";
export { visibleText } from "./visible-text.ts";
export { formatDuration } from "./duration.ts";
export { parseFilter, parseFilterExpression } from "./filter/parse-filter.ts";
export { FilterError } from "./filter/filter-error.ts";
export type { FilterErrorPlace } from "./filter/filter-error.ts";
export { createFilter } from "./filter/filter.ts";
export type { Filter, FilterCriteria, FilterOptions, FilterTest } from "./filter/filter.ts";
export type { Criterion } from "./filter/criterion.ts";
export { createStats } from "./metrics/statsd.ts";
export type { StatsClient, StatsOptions } from "./metrics/statsd.ts";
export { metricName, startTimer, timed } from "./timer.ts";
export type { Timer, TimerOptions } from "./timer.ts";
export {
  callbackReporter,
  createReporter,
  mutedReporter,
  plainReporter,
  rateLimitedReporter,
  terminalReporter,
} from "./progress/reporter.ts";
export type { ProgressReporter, ReporterOptions } from "./progress/reporter.ts";
export type { ProgressState } from "./progress/progress-count.ts";
export { collectProgress } from "./progress/collector.ts";
export type { ProgressCollector } from "./progress/collector.ts";
export { progressMessage } from "./progress/progress-message.ts";
export type { DeliveryOptions } from "./sinks/background-sink.ts";
export { DEPLOY_LOG_OPTIONS, deployLogOptions } from "./deploy-log/options.ts";
export type { DeployLogOption, DeployLogOptions, ParsedOptions } from "./deploy-log/options.ts";
export { runDeployLog } from "./deploy-log/run-deploy-log.ts";
export type { DeployLogIo } from "./deploy-log/run-deploy-log.ts";
export { foldTiming } from "./deploy-log/deployment-timing.ts";
export type { DeploymentTiming, HostStage, StageRun } from "./deploy-log/deployment-timing.ts";
export { timingLines } from "./deploy-log/timing-text.ts";
export { syslogSink } from "./sinks/syslog-sink.ts";
export type { SyslogSinkOptions, SyslogTarget } from "./sinks/syslog-sink.ts";
export { udp2logPacket, udp2logSink } from "./sinks/udp2log-sink.ts";
export type { Udp2logSinkOptions } from "./sinks/udp2log-sink.ts";
export { logstashSink } from "./sinks/logstash-sink.ts";
export type { LogstashSinkOptions } from "./sinks/logstash-sink.ts";
export { ircSink } from "./sinks/irc-sink.ts";
export type { IrcSinkOptions } from "./sinks/irc-sink.ts";
export { journaldSink } from "./sinks/journald-sink.ts";
export type { JournaldSinkOptions } from "./sinks/journald-sink.ts";
export type { CentralLayout } from "./layout/central-layout.ts";
export type { WriterIdentity } from "./layout/identity.ts";
export { logLargeMessage } from "./log-large-message.ts";
export type { LargeMessageOptions } from "./log-large-message.ts";
export { consoleHides } from "./console-rules.ts";
export { openTelemetrySink } from "./otel/open-telemetry-sink.ts";
export type { OpenTelemetrySinkOptions } from "./otel/open-telemetry-sink.ts";
export { readHistory } from "./deploy-log/read-history.ts";
export type { HistoryOptions } from "./deploy-log/read-history.ts";
export { estimateRemainingMs } from "./deploy-log/estimate-remaining.ts";
