// *Report a Problem*: an untitled Markdown text with all that somebody else needs to see the same. It is
// opened for its author to read and to paste somewhere; nothing is sent.
import {
  commands,
  type Disposable,
  type ExtensionContext,
  env,
  version,
  window,
  workspace,
} from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { changedSettings } from "./config.ts";
import { type Place, placeOf } from "./place.ts";
import { ask, type Running, serverCommands } from "./wire.ts";

/** What of the extension's own manifest is told. */
interface Manifest {
  readonly version: string;
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

export function registerProblem({ extension }: ExtensionContext, running: Running): Disposable {
  const { version: own, contributes } = extension.packageJSON as Manifest;
  const settings = Object.keys(contributes.configuration.properties);
  return commands.registerCommand("finalens.reportProblem", async (...given: unknown[]) => {
    const place = placeOf(given);
    const said = await describe(await running(), place);
    const content = problemText({
      description: said ?? `Finalens ${own}\n\nThe server did not answer.`,
      editor: `${env.appName} ${version}${env.remoteName === undefined ? "" : `, ${env.remoteName}`}`,
      settings: changedSettings(settings),
    });
    const document = await workspace.openTextDocument({ language: "markdown", content });
    await window.showTextDocument(document);
  });
}

async function describe(
  client: BaseLanguageClient | undefined,
  place: Place | null,
): Promise<string | null> {
  const { uri, line } = place ?? { uri: "", line: 0 };
  try {
    return await ask<string>(client, serverCommands.describeProblem, uri, line);
  } catch {
    return null;
  }
}

interface Problem {
  readonly description: string;
  readonly editor: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

function problemText({ description, editor, settings }: Problem): string {
  const changed =
    Object.keys(settings).length === 0
      ? "All settings have their defaults."
      : `Settings:\n\n\`\`\`json\n${JSON.stringify(settings, null, 2)}\n\`\`\``;
  return `# A problem with Finalens

What I see, and what I expected:



${description}

Editor: ${editor}

${changed}

<!-- Nothing of this was sent. Leave out what should not be seen. -->
`;
}
