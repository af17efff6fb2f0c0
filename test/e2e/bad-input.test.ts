// What an editor must bear: large files, and files that change below it.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { example } from "../features/texts.ts";
import { useWindow } from "./use-window.ts";

const open = useWindow();

/** Opens a file of 200,000 lines, types into it while it is analysed, and waits for its hints. */
async function openLarge(context: TestContext, text: string): Promise<void> {
  const { workbench, server } = await open(context);
  server.write("large.jlir", text);
  context.after(() => server.remove("large.jlir"));
  const start = performance.now();
  await workbench.openFiles(server, "large.jlir");
  context.diagnostic(`on the screen after ${since(start)} ms`);
  await workbench.goTo(1, "MethodInstance");
  const typed = performance.now();
  await workbench.type("# typed\n");
  await workbench.line(1, ({ text: shown }) => shown === "# typed");
  context.diagnostic(`eight keys on the screen after ${since(typed)} ms`);
  await workbench.lineShows(48, "⟵ %36 can be freed here");
  context.diagnostic(`hints after ${since(start)} ms`);
  // Once all is analysed a key must be as quick.
  const later = performance.now();
  await workbench.goTo(2, "MethodInstance");
  await workbench.type("# again\n");
  await workbench.lineShows(49, "⟵ %36 can be freed here");
  context.diagnostic(`typed again, and hints moved, after ${since(later)} ms`);
}

/** `rest` as often as it takes, each time by another name. */
function filled(first: string, rest: string, name: string): string {
  const copies = Math.ceil(200_000 / (rest.split("\n").length - 1));
  const copy = (index: number): string => rest.replaceAll(`${name}(`, `f${index}(`);
  return first + Array.from({ length: copies }, (_, index) => copy(index)).join("");
}

test("a file of 200,000 lines is read, and typed into meanwhile", async (context) => {
  const main = example("seed/seed_main.jlir");
  const other = example("callees/tracked_free__PtrFloat64.jlir");
  await openLarge(context, filled(main, other, "tracked_free"));
});

test("so is one in which every one of 3,334 methods registers a finalizer", async (context) => {
  const main = example("seed/seed_main.jlir");
  await openLarge(context, filled(main, main, "seed_main"));
});

test("a callee that changes on disk changes the hints of its open caller", async (context) => {
  const { workbench, server } = await open(context, "seed/seed_noinline_use.jlir");
  await workbench.lineShows(11, "⟵ %4 can be freed here");
  const callee = "callees/use__ForeignBufferFloat64.jlir";
  const before = server.read(callee);
  context.after(() => server.write(callee, before));
  server.write(callee, "");
  await workbench.line(11, ({ text }) => !text.includes("⟵"));
});

test("a server that is killed while its file changes comes back with the new text", async (context) => {
  const { workbench, server } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(47, "⟵ %36 can be freed here");
  const [killed] = server.languageServers();
  assert.ok(killed !== undefined);
  const before = server.read("seed/seed_main.jlir");
  context.after(() => server.write("seed/seed_main.jlir", before));
  server.write("seed/seed_main.jlir", `# one\n${before}`);
  process.kill(killed, "SIGKILL");
  server.write("seed/seed_main.jlir", `# one\n# two\n${before}`);
  await workbench.lineShows(49, "⟵ %36 can be freed here");
  await workbench.until("the server", async () => {
    const [next, ...others] = server.languageServers();
    return next !== undefined && next !== killed && others.length === 0 ? true : null;
  });
  // Only the new one can have said this.
  await workbench.goTo(1, "# one");
  await workbench.type("# typed\n");
  await workbench.lineShows(50, "⟵ %36 can be freed here");
  const toasts = workbench.page.locator(".notification-toast", { hasText: /finalens/i });
  assert.equal(await toasts.count(), 0);
});

test("an open file that changes on disk is read anew", async (context) => {
  const { workbench, server } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(47, "⟵ %36 can be freed here");
  const before = server.read("seed/seed_main.jlir");
  context.after(() => server.write("seed/seed_main.jlir", before));
  server.write("seed/seed_main.jlir", `# above\n\n${before}`);
  await workbench.lineShows(49, "⟵ %36 can be freed here");
});

const since = (start: number): number => Math.round(performance.now() - start);
