// What the editor's own commands answer with the extension installed: exact data where `editor.test.ts` has
// what is drawn. `host/` runs inside the extension host and writes it down.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { launch } from "../browser/chromium.ts";
import { artifacts, CodeServer } from "./code-server.ts";
import { changePageSettings } from "./page-settings.ts";

interface Answers {
  readonly activation: number;
  readonly language: string;
  readonly diagnostic: { code: string; range: number[]; related: readonly object[] };
  readonly hover: string;
  readonly hints: readonly object[];
  readonly copies: readonly number[];
}

const suite: string = fileURLToPath(new URL("../../../test/e2e/host", import.meta.url));

let browser: Browser | undefined;
let server: CodeServer | undefined;
let answers: Answers;

before(async () => {
  mkdirSync(artifacts, { recursive: true });
  const file = join(artifacts, "answers.json");
  server = await CodeServer.start({}, { FINALENS_E2E_ANSWERS: file });
  browser = await launch();
  const page = await browser.newPage();
  const ended = new Promise<number>((resolve) => {
    void page.exposeFunction("codeAutomationExit", resolve);
  });
  const log: unknown[] = [];
  await page.exposeFunction("codeAutomationLog", (_type: string, said: unknown[]) => {
    log.push(...said);
  });
  // A built VS Code runs tests only with this.
  await changePageSettings(page, {}, { enableSmokeTestDriver: true });
  await page.goto(server.testPage(suite));
  assert.equal(
    await ended,
    0,
    `the suite failed in the extension host:\n${log.slice(-20).join("\n")}`,
  );
  answers = JSON.parse(readFileSync(file, "utf8")) as Answers;
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a .jlir file is Julia typed IR", (context) => {
  context.diagnostic(
    `activation with the server's first answer ${Math.round(answers.activation)} ms`,
  );
  assert.equal(answers.language, "julia-ir");
});

test("the diagnostic has its code, its range and the chain through the callee", () => {
  const file = "callees/_foreign_alloc__0__ForeignBufferFloat64.jlir";
  assert.deepEqual(answers.diagnostic, {
    code: "finalizer/body-may-throw",
    range: [43, 15, 43, 87],
    related: [
      { file, line: 6, message: "the C call `free` may throw: it carries no `:nothrow`" },
      { file, line: 6, message: "the C call `free` may touch task state" },
    ],
  });
});

test("the hover is the ladder", () => {
  assert.match(answers.hover, /✗ finalizer eligible/);
  assert.match(answers.hover, /✓ nothing throws before it/);
});

test("the hints are those of the registration and of the placement", () => {
  assert.deepEqual(answers.hints, [
    { line: 43, label: "✗ kept: finalizer may throw · could elide after %40 (assumed)" },
    { line: 46, label: "⟵ %36 can be freed here" },
  ]);
});

test("of fifty files opened at once each has its finding", () => {
  assert.deepEqual(
    answers.copies,
    Array.from({ length: 50 }, () => 1),
  );
});
