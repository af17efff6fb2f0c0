// Semantic tokens: the tokens of the text as an editor colours them. The legend is plain strings, the
// usual ones of editors plus five modifiers of our own, which package.json maps to the scopes of the
// TextMate grammar, so that both colour alike. Tokens that run over lines are split.

import { readMethod } from "../syntax/read-method.ts";
import type { Token, TokenKind } from "../syntax/token.ts";
import { tokensOf } from "../syntax/tokens.ts";
import { lineAt, lineEnd, type Range } from "../text/line-index.ts";
import type { Document } from "../workspace/document.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { placedUnit } from "./place.ts";

/** Token types by number. */
export const tokenTypes = [
  "namespace",
  "type",
  "parameter",
  "variable",
  "property",
  "enumMember",
  "function",
  "macro",
  "keyword",
  "modifier",
  "comment",
  "string",
  "number",
  "operator",
  "label",
] as const;

/** Token modifiers by bit; from `call` on they are ours. */
export const tokenModifiers = [
  "definition",
  "readonly",
  "static",
  "defaultLibrary",
  "documentation",
  "call",
  "header",
  "expression",
  "effect",
  "gutter",
] as const;

export type TokenType = (typeof tokenTypes)[number];
export type TokenModifier = (typeof tokenModifiers)[number];

/** One token on one line; 0-based, UTF-16 code units. */
export interface SemanticToken {
  readonly line: number;
  readonly character: number;
  readonly length: number;
  /** Index into `tokenTypes`. */
  readonly type: number;
  /** A sum of bits, bit n for `tokenModifiers[n]`. */
  readonly modifiers: number;
}

/** How each kind is shown; kinds that are left out keep the editor's own colour. */
export const appearance: Readonly<
  Partial<Record<TokenKind, readonly [TokenType, ...TokenModifier[]]>>
> = {
  gutter: ["comment", "gutter"],
  rail: ["comment", "gutter"],
  "block-number": ["label", "definition"],
  "block-label": ["label"],
  "source-line": ["number"],
  "line-number": ["number"],
  location: ["string"],
  "frame-name": ["function"],
  definition: ["variable", "definition"],
  ssa: ["variable", "readonly"],
  argument: ["parameter"],
  slot: ["variable"],
  global: ["variable", "static"],
  keyword: ["keyword"],
  "call-label": ["keyword", "call"],
  function: ["function"],
  finalizer: ["function", "defaultLibrary"],
  module: ["namespace"],
  type: ["type"],
  member: ["property"],
  macro: ["macro"],
  head: ["keyword", "expression"],
  string: ["string"],
  character: ["string"],
  number: ["number"],
  constant: ["enumMember", "defaultLibrary"],
  symbol: ["enumMember"],
  operator: ["operator"],
  header: ["keyword", "header"],
  modifier: ["modifier"],
  sigil: ["operator", "effect"],
  effect: ["enumMember", "effect"],
  stage: ["enumMember", "header"],
  prompt: ["keyword", "header"],
  fence: ["comment"],
  comment: ["comment"],
  facts: ["comment"],
  expectation: ["keyword", "documentation"],
  code: ["enumMember", "documentation"],
  escape: ["comment"],
  mark: ["comment"],
};

interface Coded {
  readonly type: number;
  readonly modifiers: number;
}

const coded: ReadonlyMap<string, Coded> = new Map(
  Object.entries(appearance).map(([kind, [type, ...modifiers]]) => [
    kind,
    {
      type: tokenTypes.indexOf(type),
      modifiers: modifiers.reduce((sum, one) => sum + 2 ** tokenModifiers.indexOf(one), 0),
    },
  ]),
);

/** A longer document is coloured by the range that is on screen only. */
const lineLimit = 5000;

/** The tokens of a whole file; null where it is not there, or too long to be done at once. */
export function semanticTokens(workspace: Workspace, path: string): SemanticToken[] | null {
  const document = workspace.document(path);
  if (document === null) return null;
  const last = document.units.length - 1;
  const lines = document.startOf(last) + (document.units[last]?.lineCount ?? 0);
  return lines > lineLimit ? null : tokensOfUnits(document, 0, last);
}

/** The tokens on the lines of `range`. */
export function semanticTokensIn(
  workspace: Workspace,
  path: string,
  { start, end }: Range,
): SemanticToken[] {
  const document = workspace.document(path);
  if (document === null) return [];
  const found = tokensOfUnits(document, document.unitAt(start.line), document.unitAt(end.line));
  return found.filter(({ line }) => line >= start.line && line <= end.line);
}

function tokensOfUnits(document: Document, first: number, last: number): SemanticToken[] {
  const found: SemanticToken[] = [];
  for (let index = first; index <= last; index++) {
    const placed = placedUnit(document, index);
    if (placed === null) continue;
    const { unit, lineStarts, startLine } = placed;
    const cleaned = unit.cleaned();
    for (const token of tokensOf(unit.text, cleaned, readMethod(cleaned.text))) {
      const look = coded.get(token.kind);
      if (look !== undefined) pushLines(found, unit.text, lineStarts, startLine, token, look);
    }
  }
  return found;
}

/** Adds the token, once for each line that it touches. */
function pushLines(
  found: SemanticToken[],
  text: string,
  lineStarts: readonly number[],
  startLine: number,
  { start, end }: Token,
  look: Coded,
): void {
  const last = lineAt(lineStarts, end - 1);
  for (let line = lineAt(lineStarts, start); line <= last; line++) {
    const lineStart = lineStarts[line] ?? 0;
    const from = Math.max(start, lineStart);
    const to = Math.min(end, lineEnd(text, lineStarts, line));
    if (to <= from) continue;
    const { type, modifiers } = look;
    const character = from - lineStart;
    found.push({ line: line + startLine, character, length: to - from, type, modifiers });
  }
}
