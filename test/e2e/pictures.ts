// Makes the pictures of VS Code in `docs/images` again: `npm run pictures`. No test compares them; look at what has
// changed before it is committed.

import { fileURLToPath } from "node:url";
import { launch } from "../browser/chromium.ts";
import { CodeServer } from "./code-server.ts";
import { Workbench } from "./workbench.ts";

const images = fileURLToPath(new URL("../../../docs/images/", import.meta.url));

const server = await CodeServer.start({
  "breadcrumbs.enabled": false,
  "editor.stickyScroll.enabled": false,
  "workbench.activityBar.location": "hidden",
  "workbench.colorTheme": "Default Light Modern",
});
const browser = await launch();
try {
  const workbench = await Workbench.open(browser, server);
  const { page } = workbench;
  const picture = async (name: string, height: number): Promise<void> => {
    const { x = 0, y = 0, width = 0 } = (await page.locator(".part.editor").boundingBox()) ?? {};
    await page.screenshot({ path: `${images}${name}.png`, clip: { x, y, width, height } });
  };
  await workbench.command("View: Toggle Primary Side Bar Visibility");

  await page.setViewportSize({ width: 1390, height: 1000 });
  await workbench.openFiles(server, "seed/seed_noinline_use.jlir");
  await workbench.lineShows(10, "✗ kept");
  await page.locator(".codelens-decoration a").waitFor();
  await workbench.goTo(10, "finalizer)");
  await workbench.hoverShows("✓ object type known");
  const hover = page.locator(".monaco-resizable-hover");
  await hover.getByText("✓ one finalizer").scrollIntoViewIfNeeded();
  await picture("vscode-hover", 505);
  await page.keyboard.press("Escape");
  await workbench.closeFiles();

  await page.setViewportSize({ width: 1280, height: 640 });
  await workbench.openFiles(server, "shapes/branch_then_loop.jlir");
  await workbench.line(9, ({ text }) => text !== "");
  await page.locator(".codelens-decoration a").first().waitFor();
  await workbench.goTo(9, "│");
  await workbench.command("Finalens: Show Lifetimes");
  const view = await workbench.frame("[data-view=lifetimes]");
  await view.locator("rect.lane").first().waitFor();
  await page.mouse.move(0, 0);
  await picture("vscode-lifetimes", 470);
} finally {
  await browser.close();
  await server.stop();
}
