import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { ExpressionError, puppetdbBackend, queryHosts, TargetsError, writeHostSet } from "../src/index.ts";

interface Asked {
  readonly endpoint: string;
  readonly ast: unknown;
}

let server: Server;
let asked: Asked[];
let answer: { status: number; body: string };

beforeEach(async () => {
  asked = [];
  answer = {
    status: 200,
    body: JSON.stringify([{ certname: "web1" }, { certname: "web2" }, { certname: "web1" }]),
  };
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const { query } = JSON.parse(body);
      asked.push({ endpoint: `${request.method} ${request.url}`, ast: JSON.parse(query) });
      if (answer.status !== 0) response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(query: string, timeoutMs = 5_000): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const backends = [puppetdbBackend({ scheme: "http", host: "127.0.0.1", port, timeoutMs })];
  return writeHostSet((await queryHosts(`P{${query}}`, { backends })).hosts);
}

const subquery = (ast: unknown): unknown => [
  "in",
  "certname",
  ["extract", "certname", ["select_resources", ast]],
];
const PROFILE = ["and", ["=", "type", "Class"], ["=", "title", "Profile::Base"]];

test.each<[string, "nodes" | "resources", unknown]>([
  ["*", "nodes", ["or", ["~", "certname", "^.*$"]]],
  ["web[1-2]", "nodes", ["or", ["=", "certname", "web1"], ["=", "certname", "web2"]]],
  ["F:cores > 2", "nodes", [">", ["fact", "cores"], 2]],
  ["F:virtual = true", "nodes", ["=", ["fact", "virtual"], true]],
  ["F:mode = 0x10", "nodes", ["=", ["fact", "mode"], 16]],
  ["F:mode = 010", "nodes", ["=", ["fact", "mode"], 8]],
  [`F:os = "De b{x}'"`, "nodes", ["=", ["fact", "os"], "De b{x}'"]],
  [
    "R:class = role::web::server",
    "resources",
    ["and", ["=", "type", "Class"], ["=", "title", "Role::Web::Server"]],
  ],
  ["R:Nginx::Site", "resources", ["=", "type", "Nginx::Site"]],
  ["R:file ~ '^/etc/.*'", "resources", ["and", ["=", "type", "File"], ["~", "title", "^/etc/.*"]]],
  [
    "R:file%ensure = present",
    "resources",
    ["and", ["=", "type", "File"], ["=", ["parameter", "ensure"], "present"]],
  ],
  ["R:file@tag = x", "resources", ["and", ["=", "type", "File"], ["=", "tag", "x"]]],
  ["P:base", "resources", PROFILE],
  ["O:web", "resources", ["and", ["=", "type", "Class"], ["=", "title", "Role::Web"]]],
  [
    "web1* and not web12",
    "nodes",
    ["and", ["or", ["~", "certname", "^web1.*$"]], ["not", ["or", ["=", "certname", "web12"]]]],
  ],
  ["not P:base", "nodes", ["not", subquery(PROFILE)]],
  ["R:a and R:b", "nodes", ["and", subquery(["=", "type", "A"]), subquery(["=", "type", "B"])]],
  ["P:base and F:a = b", "nodes", ["and", subquery(PROFILE), ["=", ["fact", "a"], "b"]]],
  ["web[1-2]*.x", "nodes", ["or", ["~", "certname", String.raw`^web[1-2].*\.x$`]]],
])("%s asks for %s (query W21)", async (query, endpoint, ast) => {
  expect(await ask(query)).toBe("web[1-2]");
  expect(asked).toEqual([{ endpoint: `POST /pdb/query/v4/${endpoint}`, ast }]);
});

describe("nothing is sent for", () => {
  test.each([
    "a and b or c",
    "F:x",
    "F:x =",
    "R:",
    "(web1",
    "web1 web2",
    "C:x = y",
    "R:file > 3",
    "not",
    "web1 and",
  ])("%s", async (query) => {
    await expect(ask(query)).rejects.toThrow(ExpressionError);
    expect(asked).toEqual([]);
  });
});

test.each([
  [500, "broken\nmore", "it answered 500: broken"],
  [200, "<html>", "its answer is not JSON"],
  [200, "{}", "its answer is not a list"],
  [200, '[{"certname": "-oProxyCommand=x"}]', "cannot be one"],
  [200, "[null]", "cannot be one"],
])("an answer %i %s is an error", async (status, body, message) => {
  answer = { status, body };
  await expect(ask("web1")).rejects.toThrow(message);
});

test("a server that does not answer is given up on", async () => {
  answer = { status: 0, body: "" };
  await expect(ask("web1", 100)).rejects.toThrow(TargetsError);
});

test("a server that is not there is an error", async () => {
  const backends = [puppetdbBackend({ scheme: "http", host: "127.0.0.1", port: 1 })];
  await expect(queryHosts("P{web1}", { backends })).rejects.toThrow("Cannot ask PuppetDB at 127.0.0.1:1");
});
