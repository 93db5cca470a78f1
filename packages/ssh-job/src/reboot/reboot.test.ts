import { describe, expect, it } from "vitest";
import { argv } from "../command.ts";
import { ConnectionLostError, UnreachableError } from "../errors.ts";
import { createSimulatedTransport } from "../simulated-transport.ts";
import { rebootHosts } from "./reboot-hosts.ts";
import { uptimes } from "./uptime.ts";
import { waitForReboot } from "./wait-for-reboot.ts";

describe("uptimes", () => {
  it("asks every host, and leaves those out that do not answer or not with a number", async () => {
    const transport = createSimulatedTransport(({ host }) => {
      if (host === "failing") return { code: 1 };
      return { stdout: host === "odd" ? "up 3 days\n" : "350735.47 234388.90\n" };
    }, refuse("down"));
    const hosts = ["web1", "odd", "failing", "down"];
    expect(await uptimes({ hosts, transport })).toEqual(new Map([["web1", 350_735.47]]));
  });
});

describe("rebootHosts", () => {
  it("takes the end of the connection for success, one host at a time", async () => {
    let running = 0;
    const transport = createSimulatedTransport(async ({ command, host }) => {
      expect([command, ++running]).toEqual([argv("systemctl", "reboot"), 1]);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (host === "web1") throw new ConnectionLostError("gone", { host });
      return { code: host === "web2" ? 0 : 1 };
    });
    const states: string[] = [];
    for await (const { host, status } of rebootHosts({
      hosts: ["web1", "web2", "web3"],
      transport,
      batchSleepMs: 0,
    }))
      states.push(`${host} ${status}`);
    expect(states).toEqual(["web1 ok", "web2 ok", "web3 failed"]);
  });
});

describe("waitForReboot", () => {
  it("waits until all hosts answer with an uptime that began after the order", async () => {
    const asked: string[] = [];
    const waited: string[] = [];
    let round = 0;
    const transport = createSimulatedTransport(
      ({ host }) => {
        asked.push(`${host}${round}`);
        // web2 has not gone down yet when it is asked for the first time.
        return { stdout: host === "web2" && round === 0 ? "5000.00 1.00\n" : "3.00 1.00\n" };
      },
      (host) => {
        if (host === "web3" && round < 2) throw new UnreachableError("refused", "no");
      },
    );
    const missing = await waitForReboot({
      hosts: ["web1", "web2", "web3"],
      transport,
      sinceMs: 0,
      clock: () => 60_000,
      intervalMs: 1,
      onWait: (hosts) => {
        round++;
        waited.push(hosts.join());
      },
    });
    expect(missing).toEqual([]);
    expect(waited).toEqual(["web2,web3", "web3"]);
    expect(asked).toEqual(["web10", "web20", "web21", "web32"]);
  });

  it("tells which hosts are not back when it gives up", async () => {
    const transport = createSimulatedTransport(() => ({}), refuse("web2"));
    const options = { transport, sinceMs: 0, tries: 2, intervalMs: 1 };
    expect(await waitForReboot({ ...options, hosts: ["web2"] })).toEqual(["web2"]);
  });

  it("ends with the reason of the caller's signal", async () => {
    const transport = createSimulatedTransport(() => ({}), refuse("web2"));
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(waitForReboot({ hosts: ["web2"], transport, sinceMs: 0, signal })).rejects.toThrow("enough");
  });
});

function refuse(down: string): (host: string) => void {
  return (host) => {
    if (host === down) throw new UnreachableError("refused", "no");
  };
}
