// Rebuilds on every save until interrupted: the compiler in watch mode for types and tests, esbuild
// for the bundles. The default build task of `.vscode/tasks.json`.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("../", import.meta.url)));

// `tsc` starts a native program and does not hand signals on, so each gets a group to end whole.
const grouped = process.platform !== "win32";
const programs = [
  ["node_modules/typescript/bin/tsc", "-b", "-w", "--preserveWatchOutput"],
  ["esbuild.mjs", "--watch"],
].map((args) => spawn(process.execPath, args, { stdio: "inherit", detached: grouped }));

for (const program of programs) {
  program.on("exit", (code) => {
    process.exitCode ||= code ?? 0;
    stop();
  });
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);

function stop() {
  for (const { pid, exitCode, signalCode } of programs) {
    if (exitCode === null && signalCode === null) process.kill(grouped ? -pid : pid);
  }
}
