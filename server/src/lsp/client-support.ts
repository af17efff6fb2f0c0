// What the client said at `initialize` that it can do, as far as the server asks.

import type { ClientCapabilities } from "vscode-languageserver";

export interface ClientSupport {
  /** Answers `workspace/configuration`. */
  readonly configuration: boolean;
  /** Lets itself be asked for `didChangeConfiguration`. */
  readonly registersConfiguration: boolean;
  /** Lets itself be asked to watch files. */
  readonly registersWatchedFiles: boolean;
  /** Tells when workspace folders come and go. */
  readonly workspaceFolders: boolean;
  readonly inlayHintRefresh: boolean;
  readonly codeLensRefresh: boolean;
  /** Shows progress that the server begins by itself. */
  readonly workDoneProgress: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  /** Shows Markdown in hovers; else the same text is sent as plain. */
  readonly markdownHover: boolean;
  /** Takes links, which say what was asked about, in place of locations. */
  readonly definitionLinks: boolean;
  /** Shows symbols as a tree. */
  readonly symbolTree: boolean;
  /** Asks whether something can be renamed before it asks for the name. */
  readonly prepareRename: boolean;
  /** Takes edits with the version of the document that they are for. */
  readonly documentChanges: boolean;
  /** Shows why an edit is made. */
  readonly changeAnnotations: boolean;
  /** The client's own command behind a method's lens, which gets a URI and a line; null for none. */
  readonly lensCommand: string | null;
  /** Wants to be told by `finalens/analysed` when all work is done. */
  readonly analysed: boolean;
}

/** @param options `initializationOptions`, as they come over the wire */
export function clientSupport(
  { workspace, textDocument, window }: ClientCapabilities,
  options: unknown = null,
): ClientSupport {
  const { lensCommand, analysed } = (options ?? {}) as Readonly<Record<string, unknown>>;
  const diagnostics = textDocument?.publishDiagnostics;
  return {
    configuration: workspace?.configuration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registersWatchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    inlayHintRefresh: workspace?.inlayHint?.refreshSupport === true,
    codeLensRefresh: workspace?.codeLens?.refreshSupport === true,
    workDoneProgress: window?.workDoneProgress === true,
    relatedInformation: diagnostics?.relatedInformation === true,
    codeDescription: diagnostics?.codeDescriptionSupport === true,
    markdownHover: textDocument?.hover?.contentFormat?.includes("markdown") === true,
    definitionLinks:
      textDocument?.definition?.linkSupport === true &&
      textDocument.typeDefinition?.linkSupport === true,
    symbolTree: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    prepareRename: textDocument?.rename?.prepareSupport === true,
    changeAnnotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    lensCommand: typeof lensCommand === "string" ? lensCommand : null,
    analysed: analysed === true,
  };
}

/** What is taken for granted before `initialize`. */
export const noSupport: ClientSupport = clientSupport({});
