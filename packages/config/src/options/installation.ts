import { underSubject, type OptionSpec } from "../option-spec.ts";

/** Installing scap, web page: names, types and defaults of Python Scap. */
export const INSTALLATION_OPTIONS: readonly OptionSpec[] = underSubject("Installing scap, web page", [
  { name: "install_ssh_user", type: "str", default: "scap", help: "Login used by install-world." },
  {
    name: "scap_source_dir",
    type: "str",
    default: "/srv/deployment/scap",
    deprecated: "Nothing reads it.",
    help: "Source checkout of Python Scap.",
  },
  { name: "spiderpig_auth_server", type: "str", default: null, help: "CAS server URL of the web UI." },
  { name: "spiderpig_admin_groups", type: "str", default: "", help: "One group per line." },
  { name: "spiderpig_user_groups", type: "str", default: "", help: "One group per line." },
]);
