// What an editor must bear: large files, and files that change below it.

import { test } from "node:test";
import { useWindow } from "./use-window.ts";

const open = useWindow();

test("a file of 200,000 lines is read, and typed into meanwhile", async (context) => {
  const { workbench, server } = await open(context);
  const other = server.read("callees/tracked_free__PtrFloat64.jlir");
  const copies = Math.ceil(200_000 / (other.split("\n").length - 1));
  const copy = (index: number): string => other.replaceAll("tracked_free(", `f${index}(`);
  const others = Array.from({ length: copies }, (_, index) => copy(index)).join("");
  server.write("large.jlir", server.read("seed/seed_main.jlir") + others);
  context.after(() => server.remove("large.jlir"));
  const start = performance.now();
  await workbench.openFiles(server, "large.jlir");
  context.diagnostic(`on the screen after ${since(start)} ms`);
  await workbench.goTo(1, "MethodInstance");
  const typed = performance.now();
  await workbench.page.keyboard.type("# typed\n");
  await workbench.line(1, ({ text: shown }) => shown === "# typed");
  context.diagnostic(`eight keys on the screen after ${since(typed)} ms`);
  await workbench.lineShows(48, "⟵ %36 can be freed here");
  context.diagnostic(`hints after ${since(start)} ms`);
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

test("an open file that changes on disk is read anew", async (context) => {
  const { workbench, server } = await open(context, "seed/seed_main.jlir");
  await workbench.lineShows(47, "⟵ %36 can be freed here");
  const before = server.read("seed/seed_main.jlir");
  context.after(() => server.write("seed/seed_main.jlir", before));
  server.write("seed/seed_main.jlir", `# above\n\n${before}`);
  await workbench.lineShows(49, "⟵ %36 can be freed here");
});

const since = (start: number): number => Math.round(performance.now() - start);
