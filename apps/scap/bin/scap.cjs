#!/usr/bin/env node
// Not an ES module: to start the loader of those takes longer than all else that a short command does.
require("../dist/main.cjs");
