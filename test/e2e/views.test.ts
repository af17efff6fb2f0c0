// The three views in a real VS Code: what they draw, and that cursor and picture follow each other.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame } from "playwright-core";
import { useWindow } from "./use-window.ts";
import { plain, type Workbench } from "./workbench.ts";

const open = useWindow();

/** Opens a view by its command, with the cursor on that line. */
async function show(
  workbench: Workbench,
  command: string,
  kind: string,
  [line, text]: readonly [number, string],
): Promise<Frame> {
  await workbench.lineShows(44, "✗ kept");
  await workbench.goTo(line, text);
  await workbench.command(command);
  const frame = await workbench.frame(`[data-view=${kind}]`);
  await frame.getByText("seed_main(::Int64, ::Int64)").first().waitFor();
  return frame;
}

test("control flow: blocks, loop and marks are drawn in the editor's colours", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  const frame = await show(workbench, "Finalens: Show Control Flow", "controlFlow", [
    44,
    "builtin",
  ]);
  await frame.locator(".block").first().waitFor();
  assert.equal(await frame.locator(".block").count(), 24);
  assert.equal(await frame.locator("rect.loop").count(), 1);
  const marks = await frame
    .locator(".block .line.registration, .block .line.early")
    .allTextContents();
  assert.match(marks.join("\n"), /● finalizer of %36 kept: finalizer may throw/);
  assert.match(marks.join("\n"), /▼ /);
  const ground = await frame.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const editor = await workbench.page
    .locator(".monaco-editor-background")
    .first()
    .evaluate((element) => getComputedStyle(element).backgroundColor);
  assert.equal(ground, editor);
});

test("control flow: the cursor moves the picture, and a click there the cursor", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  const frame = await show(workbench, "Finalens: Show Control Flow", "controlFlow", [
    44,
    "builtin",
  ]);
  const here = (block: string, text: string): Promise<void> =>
    frame
      .locator(`.block.current[data-block="${block}"] .line.here`)
      .filter({ hasText: text })
      .first()
      .waitFor();
  await here("#18", "Core.finalizer");
  await workbench.goTo(55, "φ");
  await here("#22", "φ (#20 => Base.nothing, #21 => %46)");
  const { page } = workbench;
  await frame.locator('.block[data-block="#13"] .line', { hasText: "bitcast" }).click();
  await page.getByText(/^Ln 35, Col \d+ \(\d+ selected\)$/).waitFor();
  await here("#13", "%28 = intrinsic Core.bitcast");
});

test("control flow: what is typed is drawn", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  const frame = await show(workbench, "Finalens: Show Control Flow", "controlFlow", [57, "%49"]);
  await workbench.page.keyboard.press("Control+Home");
  await workbench.type("MethodInstance for other(::Int64)\n1 ─ return nothing\n\n");
  await workbench.goTo(1, "other");
  await frame.getByRole("heading", { name: "other(::Int64)" }).waitFor();
  await frame.locator(".block").nth(1).waitFor({ state: "detached" });
  await frame.locator(".block", { hasText: "return nothing" }).waitFor();
});

test("lifetimes: a lane for each policy, all of them in sight", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  const frame = await show(workbench, "Finalens: Show Lifetimes", "lifetimes", [44, "builtin"]);
  for (const kind of ["need", "gc", "julia", "early", "rc"])
    await frame.locator(`rect.lane.${kind}`).first().waitFor();
  await frame.locator(".row.current", { hasText: "Core.finalizer" }).waitFor();
  const hidden = await frame
    .locator(".picture")
    .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  assert.equal(hidden, 0);
  await frame.locator(".row", { hasText: "gc_preserve_end" }).click();
  await workbench.page.getByText(/^Ln 47, Col/).waitFor();
});

test("foreign memory: the pressure at the cursor, and a run with other inputs", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  const frame = await show(workbench, "Finalens: Show Foreign Memory", "foreignMemory", [
    47,
    "gc_preserve",
  ]);
  const reading = frame.locator(".reading");
  await reading.filter({ hasText: /Behind .*: 1 now, 0 with early frees/ }).waitFor();
  await frame.locator(".simulation .title", { hasText: "N = 4, iterations = 7" }).waitFor();
  await frame.getByLabel("Arguments").fill("4, 3");
  await frame.getByRole("button", { name: "Run" }).click();
  await frame.locator(".simulation .title", { hasText: "N = 4, iterations = 3" }).waitFor();
  const table = plain(await frame.locator("details.table").last().textContent().then(String));
  assert.match(table, /early plan/);
});
