// What is on the screen in a real VS Code with the packaged extension.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useWindow } from "./use-window.ts";
import { plain } from "./workbench.ts";

const open = useWindow();

const kept = "✗ kept: finalizer may throw";

test("hints stand at the registration and where the object can be freed", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(44, `${kept} · could elide after %40 (assumed)`);
  await workbench.lineShows(47, "⟵ %36 can be freed here");
});

test("a registration that stays is underlined, and nothing else is", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  await workbench.line(44, ({ squiggles }) => squiggles.includes("squiggly-info"));
  const others = [...(await workbench.lines())].filter(([, line]) => line.squiggles.length > 0);
  assert.deepEqual(
    others.map(([number]) => number),
    [44],
  );
});

test("the Problems panel has the finding, and its chain leads into the callee's file", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(44, kept);
  const rows = await workbench.problems();
  await rows.filter({ hasText: "Julia keeps this finalizer" }).waitFor();
  const step = rows.filter({ hasText: "the C call `free` may throw" });
  await step.dblclick();
  await workbench.isActive("_foreign_alloc__0__ForeignBufferFloat64.jlir");
  await workbench.page.getByText(/^Ln 7, Col/).waitFor();
});

test("hovering a registration shows the ladder", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(44, kept);
  await workbench.goTo(44, "finalizer)");
  await workbench.hoverShows(
    "✗ finalizer eligible",
    "✓ object type known",
    "✓ one point after all uses",
  );
});

test("the definition of a call is peeked at and gone to in another file", async (context) => {
  const { workbench } = await open(context, "seed/seed_noinline_use.jlir");
  await workbench.lineShows(11, "⟵ %4 can be freed here");
  await workbench.goTo(11, "use(");
  await workbench.command("Peek Definition");
  const peek = workbench.page.locator(".peekview-widget");
  await peek.getByText("use__ForeignBufferFloat64.jlir").first().waitFor();
  await workbench.page.keyboard.press("Escape");
  await peek.waitFor({ state: "detached" });
  await workbench.command("Go to Definition");
  await workbench.isActive("use__ForeignBufferFloat64.jlir");
});

test("an assumption changes the hints of every file that it is about", async (context) => {
  const { workbench, server } = await open(
    context,
    "seed/seed_noinline_use.jlir",
    "seed/seed_noinline_use_nothrow.jlir",
  );
  context.after(() => server.remove("Finalens.toml"));
  await workbench.lineShows(10, kept);
  await workbench.goTo(10, "finalizer)");
  await workbench.codeAction("Assume the smallest set");
  await workbench.lineShows(10, "✓ elided");
  assert.match(server.read("Finalens.toml"), /^\[assume\./);
  await workbench.openFiles(server, "seed/seed_noinline_use.jlir");
  await workbench.line(10, ({ text }) => text.includes("✗ kept") && !text.includes(kept));
});

test("a value is renamed wherever it stands", async (context) => {
  const { workbench } = await open(context, "seed/seed_noinline_use.jlir");
  await workbench.lineShows(11, "⟵ %4 can be freed here");
  await workbench.goTo(9, "%4");
  await workbench.command("Rename Symbol");
  const input = workbench.page.locator(".rename-box input");
  await input.waitFor();
  await input.fill("%40");
  await workbench.page.keyboard.press("Enter");
  await workbench.lineShows(9, "%40 = %new(ForeignBuffer{Float64}");
  await workbench.lineShows(10, '"(), %40)::Nothing');
  await workbench.lineShows(11, "use(%40::ForeignBuffer{Float64})");
  await workbench.lineShows(11, "⟵ %40 can be freed here");
});

test("the outline lists methods, and below them blocks and values", async (context) => {
  const { workbench } = await open(context, "seed/seed_noinline_use.jlir");
  await workbench.lineShows(11, "⟵ %4 can be freed here");
  await workbench.command("Explorer: Focus on Outline View");
  const rows = workbench.page.locator(".outline-pane .monaco-list-row");
  await rows.filter({ hasText: "seed_noinline_use(::Int64)" }).waitFor();
});

test("a pasted text without a file is read like one", async (context) => {
  const { workbench, server } = await open(context);
  await workbench.command("File: New Untitled Text File");
  await workbench.setLanguage("Julia typed IR");
  await workbench.paste(server.read("seed/seed_noinline_use.jlir"));
  await workbench.lineShows(10, "✗ kept: finalizer may throw");
});

test("one server answers, and one that is killed is replaced without losing what was typed", async (context) => {
  const { workbench, server } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(47, "⟵ %36 can be freed here");
  const [first, ...others] = server.languageServers();
  assert.deepEqual(others, [], "one process a window");
  await workbench.goTo(1, "MethodInstance");
  await workbench.type("# one\n# two\n");
  await workbench.lineShows(49, "⟵ %36 can be freed here");
  assert.ok(first !== undefined);
  process.kill(first, "SIGKILL");
  await workbench.type("# three\n");
  await workbench.lineShows(50, "⟵ %36 can be freed here");
  await workbench.until("the process", async () => {
    const [next] = server.languageServers();
    return next === undefined || next === first ? null : next;
  });
  // Only the new server can have said this.
  await workbench.goTo(50, "6 │");
  await workbench.type("# four\n");
  await workbench.lineShows(51, "⟵ %36 can be freed here");
  await workbench.page.keyboard.press("Control+Home");
  for (const [index, typed] of ["# one", "# two", "# three"].entries())
    await workbench.line(index + 1, ({ text }) => text === typed);
});

test("the extension is activated", async (context) => {
  const { workbench } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(44, kept);
  await workbench.command("Developer: Show Running Extensions");
  const row = workbench.page.locator(".runtime-extensions-editor .extension", {
    hasText: "Finalens",
  });
  const text = plain(await row.first().innerText());
  const [, time] = /Activation: (\d+)ms/.exec(text) ?? [];
  assert.ok(time !== undefined, text);
  context.diagnostic(`activation ${time} ms`);
});
