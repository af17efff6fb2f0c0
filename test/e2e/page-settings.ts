// Settings of the workbench's page that code-server has no options for. They stand in an attribute of the
// page; to rewrite the page on its way would break the web sockets.

import type { Page } from "playwright-core";

/** From the next load of the page on, `more` goes on top of its settings; `options` into its developer's options. */
export async function changePageSettings(
  page: Page,
  more: object,
  developmentOptions: object = {},
): Promise<void> {
  await page.addInitScript(
    ([top, options]) => {
      const original = Element.prototype.getAttribute;
      Element.prototype.getAttribute = function (name: string): string | null {
        const value = original.call(this, name);
        const isOurs = name === "data-settings" && this.id === "vscode-workbench-web-configuration";
        if (!isOurs) return value;
        const settings = {
          ...(JSON.parse(value ?? "{}") as { developmentOptions?: object }),
          ...top,
        };
        settings.developmentOptions = { ...settings.developmentOptions, ...options };
        return JSON.stringify(settings);
      };
    },
    [more, developmentOptions] as const,
  );
}
