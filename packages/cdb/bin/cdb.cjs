#!/usr/bin/env node
// Not an ES module: to start the loader of those, which loads all of each system module, takes longer than a small file.
const { main } = require("../dist/cli.cjs");

async function run() {
  process.exitCode = await main(process.argv.slice(2));
}

void run();
