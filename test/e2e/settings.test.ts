// Settings in a real VS Code: they take effect at once, and a wrong one disturbs nobody.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useWindow } from "./use-window.ts";

const open = useWindow();

const kept = "✗ kept: finalizer may throw";

test("settings take effect at once", async (context) => {
  const { workbench, server } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(47, "⟵ %36 can be freed here");
  const [pid] = server.languageServers();
  server.setSetting("finalens.hints.placement", false);
  await workbench.line(47, ({ text }) => text.endsWith("gc_preserve_end, :(%39)))"));
  await workbench.lineShows(44, kept);
  assert.equal(server.languageServers().at(0), pid, "another server answers");
  server.setSetting("finalens.hints.placement", true);
  await workbench.lineShows(47, "⟵ %36 can be freed here");
});

test("another profile changes lens and status", async (context) => {
  const { workbench, server } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(44, kept);
  server.setSetting("finalens.profile", "1.11");
  const { page } = workbench;
  await page.locator(".codelens-decoration a", { hasText: "profile 1.11" }).waitFor();
  await page.locator('#status\\.languageStatus a[aria-label*="Julia rules: 1.11"]').waitFor();
  server.setSetting("finalens.profile", "auto");
  await page.locator(".codelens-decoration a", { hasText: "profile 1.13" }).waitFor();
});

test("a severity changes the squiggle, or takes it away", async (context) => {
  const { workbench, server } = await open(context, "seed/seed_main.jlir");
  await workbench.line(44, ({ squiggles }) => squiggles.includes("squiggly-info"));
  const set = (severity: string): void =>
    server.setSetting("finalens.severities", { "finalizer/body-may-throw": severity });
  set("error");
  await workbench.line(44, ({ squiggles }) => squiggles.join() === "squiggly-error");
  set("off");
  await workbench.line(44, ({ squiggles }) => squiggles.length === 0);
  await workbench.lineShows(44, kept);
  server.setSetting("finalens.severities", {});
  await workbench.line(44, ({ squiggles }) => squiggles.join() === "squiggly-info");
});

test("settings of the wrong type count as not set, and call up no notification", async (context) => {
  const { workbench, server } = await open(context, "seed/seed_main.jlir");
  const { page } = workbench;
  await workbench.lineShows(44, kept);
  const wrong = { hints: "none", severities: ["error"], "limits.formFindings": -1 };
  for (const [name, value] of Object.entries(wrong)) server.setSetting(`finalens.${name}`, value);
  // Something that is seen, so that the others have been read by then.
  server.setSetting("finalens.profile", "1.11");
  await page.locator(".codelens-decoration a", { hasText: "profile 1.11" }).waitFor();
  await workbench.lineShows(44, kept);
  await workbench.lineShows(47, "⟵ %36 can be freed here");
  assert.equal(server.languageServers().length, 1);
  // Where they are said is the output (test/lsp/configuration.test.ts): there, not here.
  const toasts = page.locator(".notification-toast", { hasText: /finalens/i });
  assert.equal(await toasts.count(), 0);
  for (const name of [...Object.keys(wrong), "profile"])
    server.setSetting(`finalens.${name}`, undefined);
  await page.locator(".codelens-decoration a", { hasText: "profile 1.13" }).waitFor();
});
