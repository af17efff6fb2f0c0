// One window for all tests of a file: to start a VS Code takes longer than most tests.

import assert from "node:assert/strict";
import { after, before, type TestContext } from "node:test";
import type { Browser } from "playwright-core";
import { launch } from "../browser/chromium.ts";
import { CodeServer } from "./code-server.ts";
import { Workbench } from "./workbench.ts";

export interface Window {
  readonly server: CodeServer;
  readonly workbench: Workbench;
}

/**
 * Starts a VS Code before the tests of the file, and ends it after them.
 *
 * @returns opens files of the examples in its window; at the end of the test a picture is taken, they are
 *   closed, saved or not, and nothing may have been asked of the network
 */
export function useWindow(
  settings: Readonly<Record<string, unknown>> = {},
): (context: TestContext, ...files: string[]) => Promise<Window> {
  let browser: Browser | undefined;
  let server: CodeServer | undefined;
  let workbench: Workbench | undefined;

  before(async () => {
    server = await CodeServer.start(settings);
    browser = await launch();
    workbench = await Workbench.open(browser, server);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  return async (context, ...files) => {
    if (server === undefined || workbench === undefined) throw new Error("VS Code did not start");
    const window = { server, workbench };
    context.after(async () => {
      await window.workbench.picture(context.name);
      await window.workbench.closeFiles();
      assert.deepEqual(
        window.workbench.requestsElsewhere,
        [],
        "asked of the network by the window",
      );
      assert.deepEqual(window.server.openSockets(), [], "and by the language server");
    });
    await workbench.openFiles(server, ...files);
    return window;
  };
}
