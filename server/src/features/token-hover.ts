// What stands at a place, token by token: margins, places in the source, keywords, labels, heads,
// effects, types, words of header lines. It speaks of the form; what is known of the statement or value
// behind it is said by `hover.ts`.

import type { OpenedMethod } from "../analysis/environment.ts";
import { predecessorsOf } from "../ir/graph.ts";
import { labelOf, type Method } from "../ir/method.ts";
import { skipBrackets } from "../syntax/scan.ts";
import type { Token } from "../syntax/token.ts";
import { tokensOf } from "../syntax/tokens.ts";
import type { MethodSyntax, Statement } from "../syntax/tree.ts";
import { lineAt } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { effectMatters, effectWords } from "./effect-words.ts";
import { foreigncallMarkdown } from "./foreigncall-words.ts";
import {
  escapeMarkForm,
  gutterForm,
  headerForm,
  headForm,
  statementForm,
  wordForm,
} from "./forms.ts";
import { stackMarkdown } from "./header-words.ts";
import { isKnownType, typeMarkdown } from "./type-words.ts";

export interface Found {
  readonly span: Span;
  readonly markdown: string;
}

/** A token in its text. */
export interface TokenAt {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly index: number;
  readonly token: Token;
}

/** The token at an offset of a text that was read; null behind its end. */
export function tokenAt(text: string, method: MethodSyntax | null, offset: number): TokenAt | null {
  const tokens = tokensOf(text, { text, origin: null }, method);
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const token = tokens[low];
  return token === undefined ? null : { text, tokens, index: low, token };
}

/** What the token's form means; null where the form alone says nothing. */
export function tokenHover(
  workspace: Workspace,
  opened: OpenedMethod | null,
  statement: Statement | null,
  at: TokenAt,
): Found | null {
  const { text, token } = at;
  const word = text.slice(token.start, token.end);
  const say = (markdown: string | null, span: Span = token): Found | null =>
    markdown === null ? null : { span: { start: span.start, end: span.end }, markdown };
  switch (token.kind) {
    case "gutter":
      return say(gutterMarkdown(opened?.method ?? null, word, token.start));
    case "rail":
    case "at":
    case "location":
    case "line-number":
    case "frame-name":
    case "source-line":
      return say(opened === null ? null : stackMarkdown(opened.method, token.start), placeSpan(at));
    case "escape-mark":
      return say(escapeMarkForm(word));
    case "keyword":
      return say(wordForm(word) ?? (statement === null ? null : statementForm(statement.kind)));
    case "head":
      if (word === ":foreigncall" && statement?.kind === "foreigncall" && opened !== null) {
        return say(foreigncallMarkdown(opened.method, statement));
      }
      return say(headForm(word.slice(1)) ?? statementForm("expression"));
    case "type":
    case "module": {
      const span = typeSpan(at);
      if (span === null) return null;
      const name = text.slice(span.start, span.end);
      const types = workspace.typeTable();
      // As an operand a capital name may as well be a global that holds anything.
      const isOperand = statement !== null && isInOperands(statement, token.start);
      return isOperand && !isKnownType(name, types) ? null : say(typeMarkdown(name, types), span);
    }
    case "sigil":
    case "effect":
      return effectHover(at);
    case "header":
      return say(headerForm(word));
    case "stage":
    case "modifier":
    case "expectation":
    case "constant":
      return say(wordForm(word));
    default:
      return null;
  }
}

/** Whether an offset is in a statement, but in no type that is printed behind a `::`. */
function isInOperands(statement: Statement, offset: number): boolean {
  if (offset >= statement.end) return false;
  return !statement.operands.some(
    ({ annotation }) =>
      annotation !== null && offset >= annotation.start && offset < annotation.end,
  );
}

/** The mark of a block's head tells of its predecessors; then where the line comes from. */
function gutterMarkdown(method: Method | null, glyphs: string, offset: number): string {
  const form = gutterForm(glyphs);
  const stack = method === null ? null : stackMarkdown(method, offset);
  const line = method === null ? -1 : lineAt(method.syntax.lineStarts, offset);
  const block = method?.syntax.blocks.findIndex((head) => head.line === line) ?? -1;
  const lines = [form];
  if (method !== null && block >= 0) {
    const before = [...predecessorsOf(method.graph, block + 1)].map(
      (one) => `#${labelOf(method, one)}`,
    );
    const handler = method.handlers.has(block + 1) ? "an exception" : "";
    const from = [...before, ...(handler === "" ? [] : [handler])].join(", ");
    const nowhere = block === 0 ? "The method starts here." : "Nothing leads here.";
    lines.push("", from === "" ? nowhere : `Control comes from ${from}.`);
  }
  if (stack !== null) lines.push("", stack);
  return lines.join("\n");
}

/** A whole `file:line`, or the token itself. */
function placeSpan({ tokens, index, token }: TokenAt): Span {
  const isPlace = ({ kind }: Token): boolean => kind === "location" || kind === "line-number";
  let first = index;
  let last = index;
  const isColon = (one: Token | undefined): boolean =>
    one?.kind === "punctuation" && one.end - one.start === 1;
  if (token.kind === "line-number" && isColon(tokens[index - 1])) first = index - 2;
  const next = tokens[index + 2];
  if (token.kind === "location" && isColon(tokens[index + 1]) && next !== undefined) {
    if (isPlace(next)) last = index + 2;
  }
  return { start: tokens[first]?.start ?? token.start, end: tokens[last]?.end ?? token.end };
}

/** The type whose name the token is, with its module and parameters; null where it is no type's. */
function typeSpan({ text, tokens, index, token }: TokenAt): Span | null {
  const name = token.kind === "module" ? tokens[index + 1] : token;
  if (name === undefined || name.kind !== "type") return null;
  const before = tokens[token.kind === "module" ? index : index - 1];
  const start = before?.kind === "module" ? before.start : name.start;
  const next = text.charCodeAt(name.end);
  const isApplied =
    next === 123 ||
    (next === 40 && /(?:^|\.)(?:typeof|Const|Partial\w+)$/.test(text.slice(start, name.end)));
  const feed = text.indexOf("\n", name.end);
  const end = isApplied ? skipBrackets(text, name.end, feed < 0 ? text.length : feed) : -1;
  return { start, end: end < 0 ? name.end : end };
}

/** A sigil and its letter, `+n`. */
function effectHover({ text, tokens, index, token }: TokenAt): Found | null {
  const sigil = token.kind === "sigil" ? token : tokens[index - 1];
  const letter = token.kind === "sigil" ? tokens[index + 1] : token;
  if (sigil?.kind !== "sigil" || letter?.kind !== "effect") return null;
  const name = text.charAt(letter.start);
  const words = effectWords(text.charAt(sigil.start), name);
  if (words === null) return null;
  const matters = effectMatters(name);
  return {
    span: { start: sigil.start, end: letter.end },
    markdown: [
      `**\`${text.slice(sigil.start, letter.end)}\`** ${words.name}, ${words.means}`,
      ...(matters === null ? [] : ["", matters]),
    ].join("\n"),
  };
}
