// What colours, completes and links a text, as the protocol has it.

import {
  type CompletionItem,
  CompletionItemKind,
  type DocumentLink as Link,
  MarkupKind,
  type SemanticTokens,
  type SemanticTokensLegend,
} from "vscode-languageserver";
import type { Completion, CompletionKind } from "../features/completion.ts";
import type { DocumentLink } from "../features/document-link.ts";
import { type SemanticToken, tokenModifiers, tokenTypes } from "../features/semantic-tokens.ts";
import { uriOfPath } from "./paths.ts";

export const legend: SemanticTokensLegend = {
  tokenTypes: [...tokenTypes],
  tokenModifiers: [...tokenModifiers],
};

/** Five numbers a token, places told as the distance from the one before. */
export function toSemanticTokens(tokens: readonly SemanticToken[]): SemanticTokens {
  const data: number[] = [];
  let lastLine = 0;
  let lastCharacter = 0;
  for (const { line, character, length, type, modifiers } of tokens) {
    const isSameLine = line === lastLine;
    data.push(line - lastLine, isSameLine ? character - lastCharacter : character);
    data.push(length, type, modifiers);
    lastLine = line;
    lastCharacter = character;
  }
  return { data };
}

const completionKinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  value: CompletionItemKind.Variable,
  block: CompletionItemKind.Reference,
  builtin: CompletionItemKind.Function,
  intrinsic: CompletionItemKind.Function,
  word: CompletionItemKind.Keyword,
  effect: CompletionItemKind.EnumMember,
  expectation: CompletionItemKind.Event,
};

/** @param index the item's place among the others, which the editor keeps */
export function toCompletionItem(item: Completion, index: number): CompletionItem {
  const { kind, label, detail, documentation, text, range } = item;
  return {
    label,
    kind: completionKinds[kind],
    ...(detail === "" ? {} : { detail }),
    ...(documentation === ""
      ? {}
      : { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
    sortText: String(index).padStart(6, "0"),
    filterText: label,
    textEdit: { range, newText: text },
  };
}

export function toDocumentLink({ range, target }: DocumentLink): Link {
  const line = target.line > 0 ? `#L${target.line}` : "";
  return { range, target: uriOfPath(target.path) + line, tooltip: "the Julia source" };
}
