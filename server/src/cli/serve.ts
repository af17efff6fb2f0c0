// `finalens serve --stdio`: starts the language server that lies beside the command line.

import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** Runs `server.cjs` with this process's streams and takes over its exit status. */
export function runServe(): void {
  // npm puts a link to the program on the path, and the server does not lie beside the link.
  const server = join(dirname(realpathSync(process.argv[1] ?? ".")), "server.cjs");
  const child = spawn(process.execPath, [server, "--stdio"], { stdio: "inherit" });
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}
