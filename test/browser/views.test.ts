// The views in a real browser, drawn from the server's own data: what is on the screen, what keyboard and mouse do,
// what is kept over a reload, and that nothing is blocked by the security policy. `npm run test:browser`.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type {
  ControlFlowView,
  LifetimeView,
  MemoryView,
  NothingToView,
} from "../../client/src/views/page/wire.ts";
import { controlFlowView } from "../../server/src/features/control-flow-view.ts";
import { lifetimeView } from "../../server/src/features/lifetime-view.ts";
import { memoryView } from "../../server/src/features/memory-view.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { examples } from "../features/examples.ts";
import { launch } from "./chromium.ts";
import { OpenView } from "./page.ts";

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const at = { line: 8, character: 0 };
const branch = "shapes/branch_then_loop.jlir";

function workspaceWith(more: Readonly<Record<string, string>> = {}): Workspace {
  const workspace = new Workspace();
  for (const [file, text] of [...examples, ...Object.entries(more)]) workspace.set(file, text);
  return workspace;
}

// The types say that what the server makes is what the page takes.
const flowOf = (
  file: string,
  workspace = workspaceWith(),
  line = at.line,
): ControlFlowView | NothingToView => controlFlowView(workspace, file, { line, character: 0 });
const livesOf = (file: string): LifetimeView | NothingToView =>
  lifetimeView(workspaceWith(), file, at);
const memoryOf = (file: string): MemoryView | NothingToView =>
  memoryView(workspaceWith(), file, at, { args: "4,true", seed: 1 });

function flow(file: string): ControlFlowView {
  const view = flowOf(file);
  assert.ok(!("nothing" in view));
  return view;
}

/** A method of `n` blocks, each of which may leave out the next. */
function ladder(n: number): string {
  const rungs = Array.from({ length: n - 2 }, (_, index) => {
    const block = index + 1;
    return `${block} ─ %${block} = f()::Bool\n└──      goto #${Math.min(n, block + 2)} if not true\n`;
  });
  const body = rungs.join("").replace(/%\d+ = f/g, "f");
  return `MethodInstance for ladder()\n${body}${n - 1} ─      goto #${n}\n${n} ─      return nothing\n`;
}

test("every block is drawn with its statements, loops are shaded, arrows are told apart", async () => {
  const view = await OpenView.open(browser, "controlFlow");
  await view.show(flow(branch));
  const { page } = view;
  assert.equal(await page.locator(".block").count(), 7);
  assert.equal(await page.locator(".line.statement").count(), 12);
  assert.equal(await page.locator("rect.loop").count(), 1);
  assert.equal(await page.locator("path.arrow").count(), 8);
  assert.equal(await page.locator("path.arrow.back").count(), 1);
  assert.deepEqual(view.complaints, []);
  await page.close();
});

test("marks are drawn where they belong", async () => {
  const view = await OpenView.open(browser, "controlFlow");
  await view.show(flow(branch));
  const texts = (selector: string): Promise<string[]> =>
    view.page.locator(`${selector} > text`).allTextContents();
  assert.deepEqual(await texts('[data-block="#7"] .line.julia'), [
    "◆ Julia 1.13 runs the finalizer of %1 here",
  ]);
  assert.deepEqual(await texts('[data-block="#6"] .line.early'), ["▼ %1 can be finalized here"]);
  const edge = await view.page.locator("text.label.early").first().textContent();
  assert.match(edge ?? "", /^true ▼ %1 can be finalized on this edge/);
  await view.page.close();
});

test("loops enclose their blocks and no others", async () => {
  const view = await OpenView.open(browser, "controlFlow");
  await view.show(flow(branch));
  const loop = await view.page.locator("rect.loop").boundingBox();
  assert.ok(loop !== null);
  for (const box of await view.page.locator(".block").all()) {
    const { x = 0, y = 0, width = 0, height = 0 } = (await box.boundingBox()) ?? {};
    const isInside: boolean = x >= loop.x && x + width <= loop.x + loop.width && y >= loop.y;
    const wanted = ["#3", "#4"].includes((await box.getAttribute("data-block")) ?? "");
    assert.equal(isInside && y + height <= loop.y + loop.height, wanted);
  }
  await view.page.close();
});

test("a click on a statement goes to its place in the text, one on the head to the block's", async () => {
  const view = await OpenView.open(browser, "controlFlow");
  const data = flow(branch);
  await view.show(data);
  await view.page.locator('[data-block="#4"] .line.statement').first().click();
  assert.deepEqual((await view.posted("reveal")).range, data.blocks[3]?.statements[0]?.range);
  await view.page.locator('[data-block="#4"] .line.head').click();
  assert.deepEqual((await view.posted("reveal")).range, data.blocks[3]?.range);
  await view.page.close();
});

test("the editor's cursor shows in the picture", async () => {
  const view = await OpenView.open(browser, "controlFlow");
  const data = flow(branch);
  await view.show(data);
  const line = data.blocks[5]?.statements[0]?.range.start.line ?? -1;
  await view.send({ type: "cursor", line });
  const current = view.page.locator('.block[aria-current="true"]');
  await current.waitFor();
  assert.equal(await current.getAttribute("data-block"), "#6");
  assert.equal(await current.locator(".here.statement").count(), 1);
  await view.page.close();
});

test("Tab, arrow keys and Enter reach the text from the keyboard", async () => {
  const view = await OpenView.open(browser, "controlFlow");
  const data = flow(branch);
  await view.show(data);
  const { page } = view;
  const focused = (): Promise<unknown> =>
    page.evaluate("document.activeElement?.getAttribute('data-block')");
  await page.locator(".zoom button").last().focus();
  await page.keyboard.press("Tab");
  // A scrolling box is a stop of its own in Chromium.
  if ((await focused()) === null) await page.keyboard.press("Tab");
  assert.equal(await focused(), "#1");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), "#2");
  await page.keyboard.press("PageDown");
  assert.equal(await focused(), "#3");
  await page.keyboard.press("End");
  assert.equal(await focused(), "#7");
  await page.keyboard.press("Enter");
  assert.deepEqual((await view.posted("reveal")).range, data.blocks[6]?.range);
  assert.equal(await page.locator('.block[tabindex="0"]').count(), 1);
  await page.close();
});

test("focus stays where it is when the text changes", async () => {
  const view = await OpenView.open(browser, "controlFlow");
  await view.show(flow(branch));
  await view.page.locator('[data-block="#5"]').focus();
  const data = flow(branch);
  await view.show({ ...data, method: "branch_then_loop, edited" });
  assert.equal(
    await view.page.evaluate("document.activeElement?.getAttribute('data-block')"),
    "#5",
  );
  await view.page.close();
});

test("blocks that always follow each other are joined where the reader asks for it", async () => {
  const view = await OpenView.open(browser, "controlFlow");
  const text = "MethodInstance for f()\n1 ─     nothing\n2 ─     nothing\n3 ─     return nothing\n";
  await view.show(flowOf("line.jlir", workspaceWith({ "line.jlir": text }), 1));
  assert.equal(await view.page.locator(".block").count(), 3);
  await view.page.getByLabel("collapse straight lines").check();
  assert.equal(await view.page.locator('.block[data-block="#1–#3"]').count(), 1);
  assert.equal(await view.page.locator(".line.statement").count(), 3);
  await view.page.close();
});

test("filters leave out statements, and keep an object's life", async () => {
  const view = await OpenView.open(browser, "controlFlow");
  await view.show(flow("seed/seed_branch_loop.jlir"));
  const { page } = view;
  const names = (): Promise<unknown> =>
    page.evaluate("[...document.querySelectorAll('.block')].map((one) => one.dataset.block)");
  await page.getByRole("checkbox", { name: "statements", exact: true }).uncheck();
  assert.equal(await page.locator(".line.statement").count(), 2);
  await page.getByLabel("Blocks to show").selectOption("%4");
  assert.deepEqual(await names(), ["#1", "#6"]);
  assert.match((await page.locator(".left-out").textContent()) ?? "", /^2 of 7 blocks are drawn/);
  await page.close();
});

test("of a very large method what is around the cursor is drawn, and the rest is counted", async () => {
  const view = await OpenView.open(browser, "controlFlow");
  const data = flowOf("ladder.jlir", workspaceWith({ "ladder.jlir": ladder(400) }));
  assert.ok(!("nothing" in data));
  await view.send({ type: "cursor", line: data.blocks[199]?.range.start.line ?? 0 });
  await view.show(data);
  assert.equal(await view.page.locator(".block").count(), 100);
  assert.equal(await view.page.locator('.block.current[data-block="#200"]').count(), 1);
  const words = await view.page.locator(".left-out").textContent();
  assert.match(words ?? "", /^100 of 400 blocks are drawn; .*move the cursor/);
  await view.page.close();
});

test("zoom and filters are kept over a reload", async () => {
  const view = await OpenView.open(browser, "controlFlow");
  await view.show(flow(branch));
  const width = (): Promise<string | null> =>
    view.page.locator(".picture > svg").getAttribute("width");
  const before = Number(await width());
  await view.page.getByLabel("Zoom in").click();
  await view.page.getByRole("checkbox", { name: "statements", exact: true }).uncheck();
  assert.equal((await view.state()).shown?.uri, "file:///a.jlir");
  await view.reload();
  await view.show(flow(branch));
  assert.equal(
    await view.page.getByRole("checkbox", { name: "statements", exact: true }).isChecked(),
    false,
  );
  assert.equal((await view.state()).options?.["zoom"], 1.25);
  assert.ok(before > 0);
  await view.page.close();
});

test("markup in a text is shown, never run", async () => {
  const view = await OpenView.open(browser, "controlFlow");
  const evil = "<img src=x onerror=\"posted.push({type:'evil'})\">";
  const text = `MethodInstance for f()\n1 ─ %1 = f("${evil.replaceAll('"', '\\"')}")::Any\n└──      return %1\n`;
  await view.show(flowOf("evil.jlir", workspaceWith({ "evil.jlir": text }), 1));
  assert.match(
    (await view.page.locator(".line.statement").first().textContent()) ?? "",
    /<img src=x/,
  );
  assert.equal(await view.page.locator("img").count(), 0);
  await view.page.close();
});

test("each lane is drawn, with the loop that it is held over marked", async () => {
  const view = await OpenView.open(browser, "lifetimes");
  await view.show(livesOf(branch));
  const { page } = view;
  for (const kind of ["need", "resource", "gc", "early", "rc"])
    assert.equal(await page.locator(`rect.lane.${kind}`).count(), 2, kind);
  assert.equal(await page.locator("rect.lane.julia").count(), 6);
  assert.equal(await page.locator("text.extended").count(), 1);
  assert.match((await page.locator("text.extended title").textContent()) ?? "", /loop at #3/);
  assert.equal(await page.locator(".point.early").count(), 2);
  assert.deepEqual(view.complaints, []);
  await page.getByLabel("G held by the garbage collector").uncheck();
  assert.equal(await page.locator("rect.lane.gc").count(), 0);
  await page.close();
});

test("beside an editor, lanes and curves are seen without scrolling", async () => {
  for (const [kind, data] of [
    ["lifetimes", livesOf("seed/seed_main.jlir")],
    ["foreignMemory", memoryOf("seed/seed_main.jlir")],
  ] as const) {
    const view = await OpenView.open(browser, kind);
    await view.show(data);
    for (const width of [480, 440, 1000]) {
      await view.page.setViewportSize({ width, height: 700 });
      await view.page.waitForFunction((wanted) => {
        const { scrollWidth = 1, clientWidth = 0 } = document.querySelector(".picture") ?? {};
        return innerWidth === wanted && scrollWidth === clientWidth;
      }, width);
    }
    assert.deepEqual(view.complaints, []);
    await view.page.close();
  }
});

test("lanes begin and end at the rows of their statements", async () => {
  const view = await OpenView.open(browser, "lifetimes");
  await view.show(livesOf(branch));
  const middle = async (statement: number): Promise<number> => {
    const box = await view.page.locator(`[data-statement="${statement}"] rect`).boundingBox();
    return (box?.y ?? 0) + (box?.height ?? 0) / 2;
  };
  const need = await view.page.locator("rect.lane.need").first().boundingBox();
  assert.ok(Math.abs((need?.y ?? 0) - (await middle(1))) < 1.5);
  const last = await view.page.locator("rect.lane.need").last().boundingBox();
  assert.ok(Math.abs((last?.y ?? 0) + (last?.height ?? 0) - (await middle(11))) < 1.5);
  await view.page.close();
});

test("rows of lifetimes are reached by keyboard and lead to the text", async () => {
  const view = await OpenView.open(browser, "lifetimes");
  const data = livesOf(branch);
  assert.ok(!("nothing" in data));
  await view.show(data);
  await view.page.locator('[data-statement="1"]').focus();
  await view.page.keyboard.press("ArrowDown");
  await view.page.keyboard.press("Enter");
  assert.deepEqual((await view.posted("reveal")).range, data.blocks[0]?.statements[1]?.range);
  await view.page.close();
});

test("behind each picture stands a table with what it shows", async () => {
  const view = await OpenView.open(browser, "lifetimes");
  await view.show(livesOf(branch));
  await view.page.getByText("Lifetimes as a table").click();
  const rows = view.page.locator("tbody tr");
  await rows.first().waitFor();
  assert.equal(await rows.count(), 11);
  assert.match(
    (await rows.nth(3).textContent()) ?? "",
    /Julia's placement.*until its placement.*#3/,
  );
  await view.page.close();
});

test("the pressure is marked at the editor's cursor, told before or behind the data", async () => {
  const view = await OpenView.open(browser, "foreignMemory");
  const data = memoryOf("seed/seed_main.jlir");
  assert.ok(!("nothing" in data));
  const statements = data.blocks.flatMap((block) => block.statements);
  const marked = async (index: number): Promise<void> => {
    const { name = "" } = statements[index] ?? {};
    await view.page.getByText(`Behind ${name}: `).waitFor();
  };
  await view.send({ type: "cursor", line: statements[30]?.range.start.line ?? 0 });
  await view.show(data);
  await marked(30);
  await view.send({ type: "cursor", line: statements[10]?.range.start.line ?? 0 });
  await marked(10);
  await view.page.close();
});

test("pressure is read by keyboard, statement by statement", async () => {
  const view = await OpenView.open(browser, "foreignMemory");
  const data = memoryOf(branch);
  assert.ok(!("nothing" in data));
  await view.show(data);
  const slider = view.page.getByRole("slider");
  await slider.focus();
  await view.page.keyboard.press("End");
  await view.page.keyboard.press("ArrowLeft");
  assert.match(
    (await slider.getAttribute("aria-valuetext")) ?? "",
    /^Behind %11: 1 now, 0 with early/,
  );
  await view.page.keyboard.press("Enter");
  assert.deepEqual((await view.posted("reveal")).range, data.blocks[5]?.statements[0]?.range);
  assert.equal(await view.page.locator("path.curve.julia").count(), 2);
  assert.deepEqual(view.complaints, []);
  await view.page.close();
});

test("the simulated run is drawn with five curves, and other inputs are asked for", async () => {
  const view = await OpenView.open(browser, "foreignMemory");
  await view.show(memoryOf(branch));
  assert.equal(await view.page.locator(".simulation path.curve").count(), 5);
  const label = await view.page.locator(".simulation").getAttribute("aria-label");
  assert.match(label ?? "", /^branch_then_loop\(.*early plan: at most 1/);
  await view.page.getByLabel("Arguments").fill("7, false");
  await view.page.getByLabel("Seed").fill("3");
  await view.page.getByRole("button", { name: "Run" }).click();
  assert.deepEqual((await view.posted("inputs")).inputs, { arguments: "7, false", seed: 3 });
  await view.page.close();
});

test("where there is nothing to draw the page says why, and what to do", async () => {
  for (const kind of ["controlFlow", "lifetimes", "foreignMemory"] as const) {
    const view = await OpenView.open(browser, kind);
    await view.show({ nothing: "no method stands at the cursor", next: "Put the `cursor` there." });
    assert.equal(
      await view.page.locator(".empty").textContent(),
      "No method stands at the cursor.Put the cursor there.",
    );
    assert.equal(await view.page.locator(".view").isVisible(), false);
    await view.page.close();
  }
});

test("text is set in the theme's own colours", async () => {
  for (const theme of ["dark", "light", "highContrast"] as const) {
    const view = await OpenView.open(browser, "controlFlow", theme);
    await view.show(flow(branch));
    const [text, ground] = (await view.page.evaluate(
      "[getComputedStyle(document.querySelector('.line.statement text')).fill, getComputedStyle(document.body).backgroundColor]",
    )) as [string, string];
    const wanted = {
      dark: ["rgb(204, 204, 204)", "rgb(31, 31, 31)"],
      light: ["rgb(59, 59, 59)", "rgb(255, 255, 255)"],
      highContrast: ["rgb(255, 255, 255)", "rgb(0, 0, 0)"],
    };
    assert.deepEqual([text, ground], wanted[theme]);
    await view.page.close();
  }
});
