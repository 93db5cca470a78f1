/**
 * Settings under which a working tree is what was committed, byte for byte. A repository of a target has them in its own
 * configuration, where they win over those of the user and of the host: these may turn line ends, run content through
 * filters, leave files out, or start programs. Then every git that looks at it later is of one opinion.
 */
export const EXACT_SETTINGS: Readonly<Record<string, string>> = {
  "core.fileMode": "true",
  "core.symlinks": "true",
  "core.ignoreCase": "false",
  "core.autocrlf": "false",
  "core.eol": "native",
  "core.attributesFile": "/dev/null",
  "core.sparseCheckout": "false",
  "core.fsmonitor": "false",
  "core.hooksPath": "/dev/null",
  "core.sharedRepository": "umask",
};
