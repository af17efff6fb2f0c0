// The page of a view in a real browser, without VS Code around it: the built script and sheet under the
// extension's own security policy, a stand-in for what VS Code gives to a page, and the colours of a theme.

import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { documentOf } from "../../client/src/views/page/document.ts";
import type {
  FromPage,
  PageState,
  ToPage,
  ViewData,
  ViewKind,
} from "../../client/src/views/page/wire.ts";
import { type Theme, themes } from "./themes.ts";

const origin = "http://views.test";
const dist = new URL("../../../dist/", import.meta.url);

/** A view that is open in the browser. */
export class OpenView {
  readonly page: Page;
  /** What the browser complains about, blocked scripts and styles included. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning")
        this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(`${error.stack}`));
  }

  /** Opens the page and waits until it says that it is ready. */
  static async open(browser: Browser, kind: ViewKind, theme: Theme = "dark"): Promise<OpenView> {
    const page = await browser.newPage({ viewport: { width: 1000, height: 760 } });
    const view = new OpenView(page);
    await page.route(`${origin}/**`, (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      if (name !== "") return route.fulfill({ path: fileURLToPath(new URL(name, dist)) });
      const body = documentOf({
        kind,
        title: kind,
        script: `${origin}/view.js`,
        sheet: `${origin}/view.css`,
        source: origin,
        nonce: "bm9uY2U",
      });
      return route.fulfill({ contentType: "text/html", body });
    });
    await page.addInitScript({ content: standIn(themes[theme]) });
    await page.goto(`${origin}/`);
    await view.posted("ready");
    return view;
  }

  /** Sends what the extension would send. */
  send(message: ToPage): Promise<unknown> {
    return this.page.evaluate(`window.postMessage(${JSON.stringify(message)}, "*")`);
  }

  /** Shows data, and waits until its method stands at the top. */
  async show(data: ViewData): Promise<void> {
    const shown = { uri: "file:///a.jlir", position: { line: 0, character: 0 } };
    await this.send({ type: "show", shown, data });
    const words = "nothing" in data ? data.nothing.replaceAll("`", "") : data.method;
    await this.page.getByText(words).first().waitFor();
  }

  /** The first message of that type from the page on, taken off. */
  async posted<Type extends FromPage["type"]>(
    type: Type,
  ): Promise<Extract<FromPage, { type: Type }>> {
    const isThere = `posted.some(({ type }) => type === ${JSON.stringify(type)})`;
    await this.page.waitForFunction(isThere);
    const take = `posted.splice(posted.findIndex(({ type }) => type === ${JSON.stringify(type)}), 1)[0]`;
    return (await this.page.evaluate(take)) as Extract<FromPage, { type: Type }>;
  }

  /** What the page has kept. */
  state(): Promise<PageState> {
    return this.page.evaluate("JSON.parse(sessionStorage.state ?? '{}')");
  }

  /** Loads the page again, as a reload of the window does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.posted("ready");
  }
}

/** `acquireVsCodeApi` with a memory, and the theme's variables where VS Code puts them. */
function standIn(theme: Readonly<Record<string, string>>): string {
  return `
    globalThis.posted = [];
    globalThis.acquireVsCodeApi = () => ({
      postMessage: (message) => void posted.push(message),
      getState: () => JSON.parse(sessionStorage.state ?? "null") ?? undefined,
      setState: (state) => void (sessionStorage.state = JSON.stringify(state)),
    });
    document.addEventListener("readystatechange", () => {
      for (const [name, value] of Object.entries(${JSON.stringify(theme)}))
        document.documentElement.style.setProperty("--vscode-" + name, value);
    }, { once: true });
  `;
}
