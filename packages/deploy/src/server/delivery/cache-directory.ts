/**
 * Shell text that sets `dir` to the place of everything that scap keeps for the ssh user of a target. Where the login
 * leaves `HOME` out, or names a directory that is not there, the account tells.
 */
export const CACHE_DIRECTORY: string = [
  "case $XDG_CACHE_HOME in",
  "  /*) dir=$XDG_CACHE_HOME/scap ;;",
  "  *)",
  '    [ -e "$HOME" ] || {',
  "      user=$(id -un) || user=",
  '      case $user in "" | -* | *[!A-Za-z0-9@._+-]*) ;; *) eval "export HOME=~$user" ;; esac',
  "    }",
  "    dir=$HOME/.cache/scap ;;",
  "esac",
].join("\n");

/** Oldest Node that runs a worker. */
export const OLDEST_NODE = "20.19";

/**
 * Shell text that defines `fits`: whether a program is a Node that runs a worker. {@link OLDEST_NODE} is written out in
 * its patterns.
 */
export const FITS_FUNCTION: string = [
  "fits() {",
  '  case $("$1" --version 2>/dev/null) in',
  "    v20.19.* | v20.[2-9][0-9].* | v2[1-9].* | v[3-9][0-9].* | v[1-9][0-9][0-9].*) ;;",
  "    *) return 1 ;;",
  "  esac",
  "}",
].join("\n");

/**
 * Shell text that sets `node` to a fitting Node: the one of the search path, else one that was delivered; empty when
 * there is none.
 */
export const FIND_NODE: string = [
  FITS_FUNCTION,
  'for node in node "$dir"/node-*; do fits "$node" && break; node=; done',
].join("\n");
