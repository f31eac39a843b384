#!/usr/bin/env node
// Plain JavaScript that an older Node reads: it hands over to the Node 24 of the npm package "node".
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const here = fileURLToPath(import.meta.url);

if (Number(process.versions.node.split(".")[0]) < 24) handOver();
else await start();

function handOver() {
  const node = findNode();
  if (node === undefined) {
    console.error(
      `physlens: needs Node 24 or later and runs on ${process.version}; the npm package "node" that brings it is ` +
        "not installed or its install script was not run: npm install && npm rebuild node",
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [here, ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, PHYSLENS_LAUNCHER: String(process.pid) },
  });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`physlens: cannot start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function findNode() {
  try {
    const file = createRequire(import.meta.url).resolve("node/bin/node");
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

async function start() {
  const launcher = Number(process.env.PHYSLENS_LAUNCHER);
  delete process.env.PHYSLENS_LAUNCHER;
  if (launcher) endWith(launcher);
  // A reader that stops reading, as in `physlens show RUN | head`, is no error.
  process.stdout.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  const source = new URL("../src/cli/main.ts", import.meta.url);
  const built = new URL("../dist/cli/main.js", import.meta.url);
  const { main } = await import((existsSync(source) ? source : built).href);
  process.exitCode = await main(process.argv.slice(2));
}

/** Ends this process as soon as the one that started it is gone, so that killing that one leaves nothing running. */
function endWith(launcher) {
  const code = `setInterval(() => { if (process.ppid !== ${launcher}) process.kill(process.pid, "SIGKILL"); }, 100);`;
  new Worker(code, { eval: true }).unref();
}
