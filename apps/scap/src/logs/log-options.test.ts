import { expect, it } from "vitest";
import { parseLogAddress } from "./log-address.ts";
import { LOG_OPTIONS } from "./log-options.ts";

it.each([
  ["unix:///dev/log", { protocol: "unix", path: "/dev/log" }],
  ["udp://loghost", { protocol: "udp", host: "loghost", port: undefined }],
  ["tcp://10.0.0.1:65535", { protocol: "tcp", host: "10.0.0.1", port: 65_535 }],
])("%s is an address", (text, address) => {
  expect(parseLogAddress(text)).toEqual(address);
});

it.each([
  "",
  "loghost",
  "unix://dev/log",
  "unix:///",
  "http://x",
  "tcp://",
  "tcp://a:0",
  "tcp://a:65536",
  "udp://a:b",
  "udp://a b",
  "udp://a/x",
])("%j is none", (text) => {
  expect(parseLogAddress(text)).toBeUndefined();
});

it.each([
  [
    "syslog_address",
    "udp://loghost",
    "loghost",
    "must be unix:///PATH, udp://HOST[:PORT] or tcp://HOST[:PORT]",
  ],
  ["logstash_address", "tcp://loghost:5044", "tcp://loghost", "must be tcp://HOST:PORT or udp://HOST:PORT"],
  ["logstash_address", "udp://loghost:1", "unix:///x", "must be tcp://HOST:PORT or udp://HOST:PORT"],
  ["otel_endpoint", "https://a:4318", "a:4318", "must be an address that begins with http:// or https://"],
])("%s may be %s, and not %s", (name, good, bad, complaint) => {
  const check = LOG_OPTIONS.find((option) => option.name === name)?.check;
  expect(check?.(good)).toBeUndefined();
  expect(check?.(bad)).toBe(complaint);
});
