// Entry of `npm start`, `npm test` and CI: needs only Node and npm, no prior install.
// Usage: node scripts/bootstrap.mjs <install | start | test> [args for the last step]
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const pinned = JSON.parse(readFileSync(new URL("package.json", root), "utf8")).packageManager;
/** A step is a script of package.json, run by pnpm, or a program of our own with its arguments. */
const steps = {
  install: [],
  start: [
    { script: "build" },
    {
      program: "packages/node/dist/cli.js",
      args: ["node", "--network", "solonet", "--recording", "vectors/ledger/chain_solonet.json"],
    },
  ],
  test: [{ script: "build" }, { script: "test:unit" }, { script: "conformance" }],
};

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19))
  fail(`Node >= 20.19 is needed, this is ${process.versions.node}`);

const [, , task = "", ...rest] = process.argv;
const todo = steps[task] ?? fail(`unknown task "${task}": ${Object.keys(steps).join(", ")}`);

const env = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  COREPACK_ENABLE_STRICT: "0",
};

const stamp = new URL("node_modules/.bystack-install", root);
const wanted = createHash("sha256")
  .update(readFileSync(new URL("pnpm-lock.yaml", root)))
  .update(process.versions.modules)
  .digest("hex");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  await run(findPnpm(), ["install", "--frozen-lockfile"]);
  writeFileSync(stamp, wanted);
}
for (const [i, { script, program, args = [] }] of todo.entries()) {
  const extra = i === todo.length - 1 ? rest : [];
  if (script !== undefined) await run(findPnpm(), ["run", script, ...extra]);
  else await run([process.execPath, program], [...args, ...extra]);
}

/** The pinned pnpm: installed here, on PATH with that version, or through `npm exec`. */
function findPnpm() {
  const local = new URL("node_modules/pnpm/bin/pnpm.cjs", root);
  if (existsSync(local)) return [process.execPath, fileURLToPath(local)];
  const onPath = spawnSync("pnpm", ["--version"], {
    cwd: "/",
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (`pnpm@${onPath.stdout?.trim()}` === pinned) return ["pnpm"];
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  return [...npm, "exec", "--yes", `--package=${pinned}`, "--", "pnpm"];
}

/** Runs one step in the foreground; Ctrl-C reaches it, and this process waits for its clean end. */
function run([command, ...prefix], args) {
  return new Promise((resolve) => {
    const child = spawn(command, [...prefix, ...args], { cwd: root, env, stdio: "inherit" });
    const pass = (signal) => child.kill(signal);
    const ignore = () => {};
    process.on("SIGINT", ignore);
    process.on("SIGTERM", pass);
    child.on("error", (error) => fail(`cannot run ${command}: ${error.message}`));
    child.on("close", (code, signal) => {
      process.off("SIGINT", ignore);
      process.off("SIGTERM", pass);
      if (code === 0) resolve();
      else process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
