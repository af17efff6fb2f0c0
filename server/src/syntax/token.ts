// The pieces that a unit's text is cut into, for colours and for asking what stands at a place. Every
// character belongs to exactly one token: a sink takes them in order and leaves no gap, so that tokens
// joined give the text back whatever it was.

import type { Span } from "../text/span.ts";

export type TokenKind =
  | "space"
  // The margin.
  | "gutter" // │ └── ─ ┄
  | "block-number" // the 3 of `3 ┄─`
  | "rail" // │┌└ of source information
  | "source-line" // the column of IRCode
  | "escape-mark" // ✓ ◌ ↑ X * ′
  // Places in the Julia source.
  | "at" // the words before a place: @ in at within
  | "location" // a file
  | "line-number"
  | "frame-name" // within `name`
  // Values and blocks.
  | "definition" // %4 before `=`
  | "ssa"
  | "block-label" // #4
  | "argument"
  | "slot" // a bare name: a slot, or a constant that prints so
  | "global"
  // Words.
  | "keyword" // goto, if not, return, φ, %new …
  | "call-label" // invoke, builtin …
  | "function"
  | "finalizer" // a call that registers or runs one
  | "module" // with its dots
  | "type"
  | "member" // a field's name before `::`
  | "macro"
  | "head" // :foreigncall in $(Expr(:foreigncall, …))
  // Literals and the rest.
  | "string"
  | "character"
  | "number"
  | "constant" // true, nothing, #undef
  | "symbol"
  | "operator"
  | "punctuation"
  // Lines around a body.
  | "header" // MethodInstance for, from, effects, stage, type, CodeInfo, Body …
  | "modifier" // mutable, const, atomic
  | "sigil" // + ! ?
  | "effect" // the letter behind it
  | "stage" // inlined, final
  | "prompt"
  | "fence"
  // Comments.
  | "comment"
  | "facts" // the brackets and commas of # (+n,!e)
  | "expectation" // expect:
  | "code" // finalizer/aliased in an expectation
  // What is no part of the IR.
  | "escape" // terminal escape sequences
  | "mark" // > of a quotation, + and whole - lines of a diff, # of a commented dump
  | "prose";

export interface Token extends Span {
  readonly kind: TokenKind;
}

/** Takes tokens from left to right. */
export class TokenSink {
  readonly tokens: Token[] = [];
  /** Where the next token starts. */
  at = 0;

  /** Everything up to `end` is one token; nothing where that is already taken. */
  take(kind: TokenKind, end: number): void {
    if (end <= this.at) return;
    this.tokens.push({ kind, start: this.at, end });
    this.at = end;
  }

  /** Takes white space up to `end`. */
  blanks(text: string, end: number): void {
    let i = this.at;
    while (i < end && text.charCodeAt(i) <= 32) i++;
    this.take("space", i);
  }
}
