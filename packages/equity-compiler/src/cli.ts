#!/usr/bin/env node
import { main } from "./cli/main.ts";
import { nodeSystem } from "./cli/system.ts";

process.exitCode = await main(process.argv.slice(2), nodeSystem());
