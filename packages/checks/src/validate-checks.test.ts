import { expect, test } from "vitest";
import { createCheckTypes } from "./check-types.ts";
import { describeProblem } from "./errors.ts";
import { checksFromDefinitions } from "./load-checks.ts";
import { validateChecks } from "./validate-checks.ts";

function problems(definition: Record<string, unknown>, extra: { strict?: boolean } = {}): string[] {
  const { checks } = checksFromDefinitions({ a: definition });
  return validateChecks({ checks, groups: ["canary", "default"], ...extra }).map(
    (problem) => `${problem.severity}: ${problem.message}`,
  );
}

test.each([
  [{ command: "true", after: "promote" }, []],
  [{ command: "true", after: "restart_service", group: "canary" }, []],
  [{ type: "nope", after: "fetch" }, ['error: unknown type "nope"']],
  [{ command: "x", after: "fetchx" }, ['error: unknown stage "fetchx"']],
  [{ command: "x", before: "toString" }, ['error: unknown stage "toString"']],
  [{ command: "x" }, ["warning: it has neither before nor after, so it never runs"]],
  [{ after: "promote" }, ["error: there is no command"]],
  [{ command: "  ", after: "promote" }, ["error: the command is blank"]],
  [{ command: "echo 'a", after: "promote" }, [expect.stringContaining("cannot be split into words")]],
  [{ command: "echo 'a", after: "promote", shell: true }, []],
  [{ command: "x", after: "promote", group: "nope" }, ['error: there is no group "nope"']],
  [{ command: "x", after: "promote", timout: 5 }, ['warning: unknown option "timout"']],
  [{ type: "script", command: "x", before: "fetch" }, [expect.stringContaining("cannot run before fetch")]],
  [{ type: "http", url: "http://localhost/", status: [200, 204], after: "promote" }, []],
  [{ type: "http", after: "promote" }, ["error: there is no url"]],
  [
    { type: "http", url: "ftp://x", after: "promote" },
    [expect.stringContaining("not an http or https address")],
  ],
  [
    { type: "http", url: "http://x", status: "ok", after: "promote" },
    [expect.stringContaining("status must be")],
  ],
  [
    { type: "http", url: "http://x", body_regex: "(", after: "promote" },
    [expect.stringContaining("body_regex")],
  ],
  [{ type: "tcp", port: 0, after: "promote" }, ["error: port must be a number from 1 to 65535"]],
  [{ type: "tcp", port: "443", after: "promote" }, []],
  [
    { type: "service", service: "a b", after: "promote" },
    ["error: service must be the name of a systemd unit"],
  ],
  [{ type: "service", service: "nginx.service", after: "promote" }, []],
])("%j gives %j (cases 7, 31 and 32) (checks W2) (checks W3)", (definition, expected) => {
  expect(problems(definition)).toEqual(expected);
});

test("unknown options are errors in strict mode (checks W15)", () => {
  expect(problems({ command: "x", after: "promote", timout: 5 }, { strict: true })).toEqual([
    'error: unknown option "timout"',
  ]);
});

test("an old stage name comes with what to write instead (checks W4)", () => {
  const { checks } = checksFromDefinitions(
    { a: { command: "x", after: "restart" } },
    { source: "checks.yaml" },
  );
  const [problem] = validateChecks({ checks });
  expect(problem?.hint).toBe("Write handle_service instead of restart.");
  expect(problem && describeProblem(problem)).toBe('checks.yaml: check "a": unknown stage "restart"');
});

test("a registered type is known (case 8)", () => {
  const { checks } = checksFromDefinitions({ a: { type: "custom", after: "fetch", depth: 3 } });
  const types = createCheckTypes([
    {
      name: "custom",
      summary: "always passes",
      options: ["depth"],
      validate: () => [],
      prepare: () => () =>
        Promise.resolve({ status: "passed", exitCode: undefined, output: "", reason: undefined }),
    },
  ]);
  expect(validateChecks({ checks, types })).toEqual([]);
});
