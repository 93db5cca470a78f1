import { expect, test } from "vitest";
import { hostArgument, openSshArguments } from "./openssh-arguments.ts";

/** In every case: nothing is asked or forwarded, keys are strict, dead connections are noticed. */
const ALWAYS = [
  "-oBatchMode=yes",
  "-oStrictHostKeyChecking=yes",
  "-oUpdateHostKeys=no",
  "-oConnectionAttempts=1",
  "-oPasswordAuthentication=no",
  "-oKbdInteractiveAuthentication=no",
  "-oForwardAgent=no",
  "-oForwardX11=no",
  "-oClearAllForwardings=yes",
  "-oPermitLocalCommand=no",
  "-oEscapeChar=none",
  "-oRequestTTY=no",
  "-oConnectTimeout=10",
  "-oServerAliveInterval=10",
  "-oServerAliveCountMax=3",
];

test("1: without user and key, no configuration is read and nothing else is said (ssh W6) (ssh W12)", () => {
  expect([...openSshArguments("host1", {}), ...hostArgument("host1")]).toEqual([
    "-F/dev/null",
    ...ALWAYS,
    "--",
    "host1",
  ]);
});

test("2: with a user, a port and a key, only that key is offered", () => {
  const options = { user: "u", identityFiles: ["/k"] };
  expect(openSshArguments("host1", options, { port: 22 })).toEqual([
    "-F/dev/null",
    ...ALWAYS,
    "-oUser=u",
    "-oPort=22",
    "-oIdentitiesOnly=yes",
    "-oIdentityFile=/k",
  ]);
});

test("a path with a blank stays one path", () => {
  const options = { identityFiles: ["/my keys/k"], knownHostsFiles: ["/a b", "/c"] };
  expect(openSshArguments("host1", options)).toEqual(
    expect.arrayContaining(['-oIdentityFile="/my keys/k"', '-oUserKnownHostsFile="/a b" /c']),
  );
});

test.each(["-oProxyCommand=x", "web 1", "web1;id", ""])(
  "%j never becomes an argument (ssh W10) (targets W9)",
  (host) => {
    expect(() => hostArgument(host)).toThrow(expect.objectContaining({ code: "BAD_HOST_NAME" }));
  },
);
