import type { Command } from "@scap/cli";

/** `scap report`. */
export const report: Command = {
  name: "report",
  summary: "Make one HTML page of a deployment's log",
  description: `The page needs no server and no network: timeline, hosts, failures, the log with its filters, and a link
to every moment. Of a log that holds several deployments it shows the last one.`,
  arguments: [
    {
      name: "file",
      summary: "log file (.gz too, .zst from Node.js 22.15; - is standard input)",
      count: "one",
      completes: "logs",
    },
  ],
  options: [
    {
      name: "output",
      short: "o",
      type: "string",
      value: "FILE",
      completes: "files",
      default: "report.html",
      summary: "where to write the page (- is standard output)",
    },
  ],
  examples: [
    {
      command: "scap report scap/log/scap-sync-2031-04-05-0001.log -o report.html",
      explains: "A page to open in a browser or to attach to a ticket",
    },
    {
      command: "scap report last.log -o - | gzip > report.html.gz",
      explains: "The page goes to standard output with -o -",
    },
  ],
  handler: async () => (await import("../run/report.ts")).runReport,
};
