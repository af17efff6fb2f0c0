// What stands around the text in a real VS Code: the lens, the status, the story of a method, the walkthrough.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useWindow } from "./use-window.ts";

const open = useWindow();

const story = /^Finalizers of seed_main\(::Int64, ::Int64\)/;

test("above a method stands what becomes of its finalizers, and a click tells why", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  const lens = workbench.page.locator(".codelens-decoration a", {
    hasText: "0 of 1 finalized early · 1 more could be · profile 1.13",
  });
  await lens.click();
  const page = await workbench.frame(".vscode-body");
  await page.getByRole("heading", { name: story }).waitFor();
  await page.getByText("✗ finalizer eligible").waitFor();
});

test("Explain tells the story of the method at the cursor", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(44, "✗ kept");
  await workbench.goTo(20, "goto");
  await workbench.command("Finalens: Explain the Finalizers Here");
  const page = await workbench.frame(".vscode-body");
  await page.getByRole("heading", { name: story }).waitFor();
  await page.getByText("The smallest set of assumptions").waitFor();
});

test("Simulate shows the table beside the text", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(44, "✗ kept");
  await workbench.command("Finalens: Simulate This Method");
  await workbench.page
    .locator(".editor-group-container:not(.active) .view-line", { hasText: "early plan" })
    .first()
    .waitFor();
});

test("the status tells whose rules apply, and why", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(44, "✗ kept");
  const item = workbench.page.locator("#status\\.languageStatus a");
  const words =
    /Julia rules: 1\.13, by the text · optimised code · 0 assumptions · analysed in \d+ ms/;
  await workbench.until("the status", async () =>
    words.test((await item.getAttribute("aria-label")) ?? "") ? true : null,
  );
});

test("the walkthrough opens the example, and its hints", async (context) => {
  const { workbench } = await open(context);
  const { page } = workbench;
  await workbench.pick("Welcome: Open Walkthrough...", "Finalens: a first look");
  const steps = page.locator(".getting-started-step .step-title");
  await steps.first().waitFor();
  assert.deepEqual(await steps.allInnerTexts(), [
    "Open an example",
    "Read the hints",
    "Ask why",
    "Assume something",
    "See it freed",
  ]);
  // Marks of a text that is set plain would be seen as they are.
  const words = (await page.locator(".getting-started-step").allInnerTexts()).join("\n");
  assert.doesNotMatch(words, /[`*]/);
  await page.getByRole("button", { name: "Open the example" }).click();
  await workbench.isActive("first-look.jlir");
  await workbench.line(10, ({ text }) => /kept|elided|finalized/.test(text));
});
