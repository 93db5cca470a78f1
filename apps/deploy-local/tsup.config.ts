import { command } from "../../scripts/tsup-command.ts";

/** The deploy package's server side uses these; they are not part of what runs on a target. */
const SERVER_ONLY = ["@scap/ssh-job", "@scap/lock", "@scap/targets"];

// One file without parts: it is sent to targets as it is. Names stay, so that a stack trace can be read.
export default command({
  splitting: false,
  treeshake: "smallest",
  minifyWhitespace: true,
  minifySyntax: true,
  noExternal: [new RegExp(`^(?!(?:${SERVER_ONLY.join("|")})$)`)],
  external: SERVER_ONLY,
  esbuildOptions: (options) => {
    options.minifyWhitespace = true;
    options.minifySyntax = true;
    options.legalComments = "none";
  },
});
