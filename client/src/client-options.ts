// What a client is asked for, wherever its server runs.
import type { LanguageClientOptions } from "vscode-languageclient";
import { afterCommand } from "./commands.ts";
import { documents, section } from "./config.ts";
import { initializationOptions } from "./wire.ts";

export const options: LanguageClientOptions = {
  documentSelector: documents,
  diagnosticCollectionName: section,
  initializationOptions,
  middleware: { executeCommand: afterCommand },
};
