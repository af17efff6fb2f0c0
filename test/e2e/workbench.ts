// What a person sees of VS Code and does to it. Lines are those of the margin, from 1. Everything that asks
// for something on the screen waits until it is there.

import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Browser, Frame, Locator, Page } from "playwright-core";
import { patience } from "../browser/chromium.ts";
import { artifacts, type CodeServer } from "./code-server.ts";

/** One line of the editor as it is drawn: its text with the hints in it, and classes of squiggles below it. */
export interface DrawnLine {
  readonly text: string;
  readonly squiggles: readonly string[];
}

export class Workbench {
  readonly page: Page;
  /** What the window has asked of any other place than its server, and what it does not answer itself. */
  readonly requestsElsewhere: string[] = [];

  constructor(page: Page, url: string) {
    this.page = page;
    page.setDefaultTimeout(patience);
    const { host } = new URL(url);
    const note = (address: string): void => {
      const { protocol, hostname, host: other } = new URL(address);
      // A webview's own files are answered by a worker of its page under a name of their own.
      const isOwn = other === host || hostname.endsWith(".vscode-resource.vscode-cdn.net");
      if (!isOwn && /^(?:http|ws)s?:$/.test(protocol)) this.requestsElsewhere.push(address);
    };
    page.context().on("request", (request) => note(request.url()));
    page.on("websocket", (socket) => note(socket.url()));
  }

  /**
   * A new window with the server's folder.
   *
   * @param prepare is given the page before it is loaded
   */
  static async open(
    browser: Browser,
    server: CodeServer,
    prepare: (page: Page, server: CodeServer) => Promise<void> = () => Promise.resolve(),
  ): Promise<Workbench> {
    const context = await browser.newContext({ viewport: { width: 1400, height: 1600 } });
    const workbench = new Workbench(await context.newPage(), server.url);
    await prepare(workbench.page, server);
    await workbench.page.goto(server.page(), { timeout: patience });
    await workbench.page.waitForSelector(".monaco-workbench");
    return workbench;
  }

  /** The page inside of the workbench, of a view or a preview, whose body fits the selector. */
  frame(selector: string): Promise<Frame> {
    return this.until(`the page ${selector}`, async () => {
      for (const frame of this.page.frames()) {
        // A frame that goes while it is asked is none.
        const isIt = await frame.evaluate(isBody, selector).catch(() => false);
        if (isIt) return frame;
      }
      return null;
    });
  }

  /** Leaves a picture in `artifacts/e2e`. */
  async picture(name: string): Promise<void> {
    mkdirSync(artifacts, { recursive: true });
    const file = `${artifacts}/${name.replace(/[^\p{L}\d]+/gu, "-")}.png`;
    await this.page.screenshot({ path: file, timeout: patience });
  }

  /** The lines of the active editor that are on the screen. */
  lines(): Promise<Map<number, DrawnLine>> {
    return this.page.evaluate(drawnLines).then((lines) => new Map(lines));
  }

  /** Waits until that line of the active editor is as wanted. */
  async line(number: number, isWanted: (line: DrawnLine) => boolean): Promise<DrawnLine> {
    return this.until(`line ${number}`, async () => {
      const line = (await this.lines()).get(number);
      return line !== undefined && isWanted(line) ? line : null;
    });
  }

  /** Waits until the line shows a text, be it of the document or of a hint. */
  async lineShows(number: number, text: string): Promise<void> {
    await this.line(number, (line) => line.text.includes(text));
  }

  /** Asks again with every frame that is drawn until the answer is not null. */
  async until<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
    const end = Date.now() + patience;
    for (;;) {
      const answer = await ask();
      if (answer !== null) return answer;
      if (Date.now() > end) {
        const shown = [...(await this.lines())].map(([n, line]) => `${n}: ${line.text}`).join("\n");
        throw new Error(`${what} is not as it should be:\n${shown}`);
      }
      await this.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
    }
  }

  /** Runs a command by its title in the palette. */
  async command(title: string): Promise<void> {
    await this.quickly(`>${title}`, title);
  }

  /** Runs a command that offers a list, and takes the row with that text. */
  async pick(title: string, row: string): Promise<void> {
    await this.offered(`>${title}`, title);
    await this.quickRow(row).click();
  }

  /** Opens files of the server's folder, the last of them in front. */
  async openFiles(server: CodeServer, ...files: string[]): Promise<void> {
    for (const file of files) {
      const name = basename(file);
      await this.quickly(join(server.folder, file), name);
      await this.isActive(name);
      await this.page.locator(".editor-group-container.active .view-line").first().waitFor();
    }
    // Where the row was that was taken, the pointer would call up hovers.
    await this.page.mouse.move(200, 1300);
  }

  /** Waits until the file of that name is in front. */
  async isActive(name: string): Promise<void> {
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** Closes all files; what was not saved is lost. */
  async closeFiles(): Promise<void> {
    await this.command("View: Close All Editors");
    const tabs = this.page.locator(".tabs-container .tab");
    const lose = this.page.getByRole("button", { name: "Don't Save" });
    await this.until("the tab bar", async () => {
      if (await lose.isVisible()) await lose.click();
      return (await tabs.count()) === 0 ? true : null;
    });
  }

  /** Puts the cursor before a text of that line of the active editor. */
  async goTo(line: number, text: string): Promise<void> {
    // First to the line, so that it is on the screen.
    await this.quickly(`:${line}`, null);
    const drawn = await this.line(line, (one) => one.text.includes(text));
    const column = drawn.text.indexOf(text) + 1;
    await this.quickly(`:${line}:${column}`, null);
    await this.page.getByText(`Ln ${line}, Col ${column}`, { exact: true }).waitFor();
  }

  /** Takes the code action whose title holds that, at the cursor. */
  async codeAction(title: string): Promise<void> {
    await this.command("Quick Fix...");
    const rows = this.page.locator(".action-widget .monaco-list-row.action");
    await rows.filter({ hasText: title }).first().click();
  }

  /** Says what language the active editor's text is in. */
  async setLanguage(name: string): Promise<void> {
    await this.command("Change Language Mode");
    await this.page.getByPlaceholder("Select Language Mode").fill(name);
    await this.quickRow(name).click();
  }

  /** Puts a text onto the clipboard. */
  async copy(text: string): Promise<void> {
    await this.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  }

  /** Types where the cursor is. Line ends are put in as text: an Enter can be taken by a suggestion. */
  async type(text: string): Promise<void> {
    const { keyboard } = this.page;
    for (const [index, line] of text.split("\n").entries()) {
      if (index > 0) await keyboard.insertText("\n");
      await keyboard.type(line);
    }
  }

  /** Puts a text where the cursor is, from the clipboard. */
  async paste(text: string): Promise<void> {
    await this.copy(text);
    await this.page.keyboard.press("Control+V");
  }

  /** Shows the hover at the cursor, and waits until it holds the texts. */
  async hoverShows(...texts: readonly string[]): Promise<void> {
    await this.command("Show or Focus Hover");
    const hover = this.page.locator(".monaco-resizable-hover .monaco-hover");
    for (const text of texts) await hover.filter({ hasText: text }).waitFor();
  }

  /** Types into the quick input and takes the row with that text; without one what is typed is enough. */
  private async quickly(typed: string, row: string | null): Promise<void> {
    const { page } = this;
    if (row !== null) await this.offered(typed, row);
    else {
      await page.keyboard.press("F1");
      await this.quickInput.fill(typed);
      await page.keyboard.press("Enter");
    }
    await page.locator(`.quick-input-widget:visible input[aria-label^="Type"]`).waitFor({
      state: "hidden",
    });
  }

  /**
   * Takes a row of the quick input. It is asked anew where it was opened before there was such a row, or closed by
   * something that took the focus.
   */
  private offered(typed: string, row: string): Promise<true> {
    const { page } = this;
    return this.until(`the row ${row}`, async () => {
      const timeout = patience / 10;
      await page.keyboard.press("F1");
      try {
        await this.quickInput.fill(typed, { timeout });
        await this.quickRow(row).click({ timeout });
      } catch {
        await page.keyboard.press("Escape");
        return null;
      }
      return true;
    });
  }

  private get quickInput(): Locator {
    return this.page.locator(".quick-input-widget input[type=text]");
  }

  private quickRow(text: string): Locator {
    return this.page
      .locator(".quick-input-list .monaco-list-row")
      .filter({ hasText: text })
      .first();
  }

  /** The rows of the Problems panel. */
  async problems(): Promise<Locator> {
    await this.command("Problems: Focus on Problems View");
    const rows = this.page.locator(".markers-panel .monaco-list-row");
    await rows.first().waitFor();
    return rows;
  }
}

/** What is drawn as a space, as a space. */
export function plain(text: string): string {
  return text.replaceAll("\u00a0", " ").replaceAll("\u200c", "");
}

/** Runs in a page. */
function isBody(selector: string): boolean {
  return document.body?.matches(selector) === true;
}

/** Runs in the page. Rows of the margin, the lines and the squiggles belong together by their height. */
function drawnLines(): [number, { text: string; squiggles: string[] }][] {
  const editor = document.querySelector(".editor-group-container.active .monaco-editor");
  if (editor === null) return [];
  const rows = (selector: string): [string, HTMLElement][] =>
    [...editor.querySelectorAll<HTMLElement>(selector)].map((row) => [row.style.top, row]);
  const texts = new Map(rows(":scope .lines-content > .view-lines > .view-line"));
  const overlays = new Map(rows(":scope .lines-content > .view-overlays > div"));
  return rows(":scope .margin-view-overlays > div").flatMap(([top, row]) => {
    const number = Number(row.querySelector(".line-numbers")?.textContent);
    const line = texts.get(top);
    if (line === undefined || !(number > 0)) return [];
    const text = (line.textContent ?? "").replaceAll("\u00a0", " ").replaceAll("\u200c", "");
    const squiggles = [...(overlays.get(top)?.querySelectorAll(".cdr") ?? [])]
      .flatMap((one) => [...one.classList])
      .filter((name) => name.startsWith("squiggly-"));
    return [[number, { text, squiggles }] as [number, { text: string; squiggles: string[] }]];
  });
}
