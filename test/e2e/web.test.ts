// The package as a web extension, as on vscode.dev: VS Code's extension host is a worker of the page, the
// language server a worker of that, and nobody has installed anything on the machine behind.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launch } from "../browser/chromium.ts";
import { CodeServer } from "./code-server.ts";
import { changePageSettings } from "./page-settings.ts";
import { Workbench } from "./workbench.ts";

/** Where the page finds the package; no such folder is served by code-server. */
const folder = "/finalens-package";

let browser: Browser | undefined;
let server: CodeServer | undefined;
let workbench: Workbench;

before(async () => {
  server = await CodeServer.start({}, {}, "browser");
  browser = await launch();
  workbench = await Workbench.open(browser, server, offerPackage);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function offerPackage(page: Page, { url, package: root }: CodeServer): Promise<void> {
  const { host, origin } = new URL(url);
  await page.context().route(`${origin}${folder}/**`, (route) => {
    const name = decodeURIComponent(new URL(route.request().url()).pathname);
    const path = join(root, name.slice(folder.length));
    return existsSync(path) ? route.fulfill({ path }) : route.fulfill({ status: 404 });
  });
  const place = { scheme: "http", authority: host, path: folder };
  await changePageSettings(page, { additionalBuiltinExtensions: [place] });
}

test("hints, hover and views come from a worker, and no server process runs", async (context) => {
  assert.ok(server !== undefined);
  context.after(() => workbench.picture(context.name));
  // A worker sees no files, so that the finalizer's method comes along.
  const finalizer = "callees/_quiet_alloc__0__ForeignBufferFloat64.jlir";
  await workbench.copy(server.read("seed/seed_noinline_use.jlir") + server.read(finalizer));
  await workbench.command("Finalens: Analyse the Clipboard as Julia IR");
  await workbench.lineShows(10, "✗ kept: finalizer may throw");
  await workbench.goTo(10, "finalizer)");
  await workbench.hoverShows("✗ finalizer eligible", "✓ object type known");
  await workbench.command("Finalens: Show Control Flow");
  const view = await workbench.frame("[data-view=controlFlow]");
  await view.locator(".block.current .line.here", { hasText: "Core.finalizer" }).waitFor();
  assert.deepEqual(server.languageServers(), []);
  assert.deepEqual(workbench.requestsElsewhere, []);
});
