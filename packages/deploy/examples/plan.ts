import { planDeployment, renderPlan } from "@scap/deploy";

const plan = planDeployment({
  mode: "deploy",
  repo: "acme/web",
  environment: null,
  commit: "4f2a9c1e0b7d8a6655443322110099ffeeddccbb",
  revision: "HEAD",
  hasGitServer: false,
  groups: [
    { name: "canary", hosts: ["web1"], failureLimit: 0, subgroups: [{ label: "canary", hosts: ["web1"] }] },
    {
      name: "default",
      hosts: ["web2", "web3", "web4"],
      failureLimit: 1,
      subgroups: [
        { label: "default1", hosts: ["web2", "web3"] },
        { label: "default2", hosts: ["web4"] },
      ],
    },
  ],
  batchSize: () => 80,
});

console.log(renderPlan(plan));
