// What the navigation features say, as the protocol has it: targets, symbols, folds, edits.

import {
  type CallHierarchyItem,
  type Definition,
  type DefinitionLink,
  type DocumentHighlight,
  DocumentHighlightKind,
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  LSPErrorCodes,
  ResponseError,
  type SelectionRange,
  type SymbolInformation,
  SymbolKind,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { CallItem } from "../features/call-hierarchy.ts";
import type { Highlight } from "../features/document-highlight.ts";
import type { OutlineSymbol } from "../features/document-symbol.ts";
import type { Fold } from "../features/folding-range.ts";
import type { Definition as Found } from "../features/method-index.ts";
import type { Refusal, TextEdit } from "../features/text-edit.ts";
import type { Range } from "../text/line-index.ts";
import type { Session } from "./session.ts";

const symbolKinds: Readonly<Record<OutlineSymbol["kind"], SymbolKind>> = {
  method: SymbolKind.Function,
  section: SymbolKind.Namespace,
  slot: SymbolKind.Variable,
  parameter: SymbolKind.TypeParameter,
  block: SymbolKind.Module,
  value: SymbolKind.Variable,
};

export function toSymbol(symbol: OutlineSymbol): DocumentSymbol {
  const { kind, name, detail, range, selection, children } = symbol;
  const own = { name, detail, kind: symbolKinds[kind], range, selectionRange: selection };
  // Most have none, and a large file has tens of thousands.
  return children.length === 0 ? own : { ...own, children: children.map(toSymbol) };
}

/** The same as a list, for a client that shows no tree. */
export function toFlatSymbols(
  symbols: readonly OutlineSymbol[],
  uri: string,
  containerName = "",
): SymbolInformation[] {
  return symbols.flatMap(({ kind, name, range, children }) => [
    { name, kind: symbolKinds[kind], location: { uri, range }, containerName },
    ...toFlatSymbols(children, uri, name),
  ]);
}

export function toDefinition(
  session: Session,
  found: Found | null,
): Definition | DefinitionLink[] | null {
  if (found === null) return null;
  if (!session.support.definitionLinks) {
    return found.targets.map(({ path, selection }) => ({
      uri: session.uriOf(path),
      range: selection,
    }));
  }
  return found.targets.map(({ path, range, selection }) => ({
    originSelectionRange: found.origin,
    targetUri: session.uriOf(path),
    targetRange: range,
    targetSelectionRange: selection,
  }));
}

const highlightKinds: Readonly<Record<Highlight["kind"], DocumentHighlightKind>> = {
  text: DocumentHighlightKind.Text,
  read: DocumentHighlightKind.Read,
  write: DocumentHighlightKind.Write,
};

export function toHighlight({ range, kind }: Highlight): DocumentHighlight {
  return { range, kind: highlightKinds[kind] };
}

export function toFold({ kind, startLine, endLine }: Fold): FoldingRange {
  const lines = { startLine, endLine };
  return kind === "debug" ? { ...lines, kind: FoldingRangeKind.Comment } : lines;
}

/** Innermost first, as the feature gives them. */
export function toSelection(ranges: readonly Range[]): SelectionRange | null {
  let outer: SelectionRange | null = null;
  for (const range of ranges.toReversed()) {
    outer = outer === null ? { range } : { range, parent: outer };
  }
  return outer;
}

export function toCallItem(session: Session, item: CallItem): CallHierarchyItem {
  const { name, detail, path, range, selection } = item;
  return {
    name,
    detail,
    kind: SymbolKind.Function,
    uri: session.uriOf(path),
    range,
    selectionRange: selection,
  };
}

/** Edits of one document; with its version where the client takes one. */
export function toWorkspaceEdit(
  session: Session,
  path: string,
  edits: readonly TextEdit[],
): WorkspaceEdit {
  const uri = session.uriOf(path);
  if (!session.support.documentChanges) return { changes: { [uri]: [...edits] } };
  const version = session.documentOf(path)?.version ?? null;
  return { documentChanges: [{ textDocument: { uri, version }, edits: [...edits] }] };
}

/** The answer that an editor shows as it is. */
export function toFailure({ refused }: Refusal): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, refused);
}
