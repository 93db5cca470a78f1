import { REDIRECTING_VARIABLES } from "@scap/git";

/** First line of shell text that looks at a host: no complaints, one language, and nothing that the login has set leads astray. */
export const PROBE_ENVIRONMENT: string = `exec 2>/dev/null; export LC_ALL=C GIT_OPTIONAL_LOCKS=0; unset CDPATH ${REDIRECTING_VARIABLES.join(" ")}`;
