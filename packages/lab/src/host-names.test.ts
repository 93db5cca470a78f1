import { expect, it } from "vitest";
import { hostNames } from "./host-names.ts";

it("numbers hosts from web1", () => {
  expect(hostNames(3)).toEqual(["web1", "web2", "web3"]);
});

it.each([[0], [1001], [1.5], [["a", "a"]], [["-x"]], [["a/b"]], [["a..b"]], [["A"]], [["a b"]], [[""]]])(
  "refuses %j",
  (hosts) => {
    expect(() => hostNames(hosts)).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  },
);
