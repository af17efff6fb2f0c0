// Chromium without a window, with a profile of its own that goes when it is closed.

import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Set by `scripts/e2e.mjs`. */
const program: string = process.env["FINALENS_CHROMIUM"] ?? "/usr/bin/chromium";

/** How long anything on the screen may take, in ms; only a failing test waits so long. */
export const patience = 60_000;

/** Starts it; it reaches no other host. */
export function launch(): Promise<Browser> {
  if (!existsSync(program)) throw new Error(`${program} is missing: npm run test:e2e installs it`);
  return chromium.launch({
    executablePath: program,
    timeout: patience,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
