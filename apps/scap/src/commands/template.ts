import type { Command, Option } from "@scap/cli";

const HOST: Option = {
  name: "host",
  type: "string",
  value: "HOST",
  completes: "hosts",
  summary: "also use the remote_vars files of this host, read over SSH",
};

/** `scap template`. */
export const template: Command = {
  name: "template",
  summary: "Render and check the configuration templates of this checkout",
  description: `Templates are those of scap/templates; with -e NAME, those of scap/environments/NAME/templates come first.
Names that end in .liquid are Liquid, all others Jinja.`,
  commands: [
    {
      name: "render",
      summary: "Print a rendered template without deploying it",
      description: `Variables come from the --vars files, later ones win; without any they come from scap/vars.yaml and
that of the environment, as a deployment takes them.`,
      arguments: [
        {
          name: "file",
          summary: "a template: a path, or a name in scap/templates",
          count: "one",
          completes: "files",
        },
      ],
      options: [
        {
          name: "vars",
          type: "string",
          value: "FILE",
          repeat: true,
          completes: "files",
          summary: "YAML or JSON file with variables (repeatable)",
        },
        HOST,
        { name: "erb-syntax", type: "flag", summary: "the template uses <% %>, <%= %> and <%# %>" },
        {
          name: "output-format",
          type: "string",
          value: "FORMAT",
          choices: ["yaml", "yml", "yaml-strict", "json", "none"],
          summary: "how values print (default: by the file's name)",
        },
        { name: "lenient", type: "flag", summary: "print nothing for undefined variables" },
      ],
      examples: [
        {
          command: "scap template render config.yaml.j2",
          explains: "As a deployment would, without remote_vars",
        },
        {
          command: "scap template render app.conf.j2 --vars vars.yaml --vars host.yaml",
          explains: "With variables of your own",
        },
      ],
      handler: async () => (await import("../run/template-render.ts")).runTemplateRender,
    },
    {
      name: "check",
      summary: "Parse every template of the checkout",
      examples: [
        { command: "scap template check", explains: "Ends with 1 when one of them has an error" },
        { command: "scap template check -e beta", explains: "With the environment beta" },
      ],
      handler: async () => (await import("../run/template-check.ts")).runTemplateCheck,
    },
    {
      name: "vars",
      summary: "Show every variable and where it comes from",
      options: [{ name: "json", type: "flag", summary: "print one JSON object" }],
      examples: [
        { command: "scap template vars", explains: "Values with file and line" },
        { command: "scap template vars -e beta --json", explains: "For scripts" },
      ],
      handler: async () => (await import("../run/template-vars.ts")).runTemplateVars,
    },
  ],
};
