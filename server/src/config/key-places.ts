// Where keys and values of a TOML text stand. The parser does not tell; this pass knows just enough of
// the form to walk tables, dotted keys, inline tables and values, and expects a text that parsed.
// Source: toml.io, v1.0.

import type { Span } from "../text/span.ts";

export interface KeyPlace {
  readonly path: readonly string[];
  readonly key: Span;
  /** Of a table header the header itself. */
  readonly value: Span;
  readonly isHeader: boolean;
}

/** All keys in text order: headers of tables, and keys with values. */
export function keyPlaces(text: string): KeyPlace[] {
  return new Places(text).all();
}

class Places {
  private readonly text: string;
  private readonly found: KeyPlace[] = [];
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  all(): KeyPlace[] {
    let table: readonly string[] = [];
    for (this.skip(true); this.at < this.text.length; this.skip(true)) {
      const start = this.at;
      if (this.text[this.at] === "[") {
        while (this.text[this.at] === "[") this.at++;
        const { path, span } = this.key();
        while (this.text[this.at] === "]") this.at++;
        table = path;
        const value = { start, end: this.at };
        this.found.push({ path, key: span, value, isHeader: true });
      } else this.pair(table);
      if (this.at === start) this.at++;
    }
    return this.found;
  }

  private pair(table: readonly string[]): void {
    const { path, span } = this.key();
    this.skip(false);
    if (this.text[this.at] !== "=") return;
    this.at++;
    this.skip(false);
    const whole = [...table, ...path];
    const index = this.found.length;
    const start = this.at;
    this.value(whole);
    const value = { start, end: this.at };
    this.found.splice(index, 0, { path: whole, key: span, value, isHeader: false });
  }

  private value(path: readonly string[]): void {
    const first = this.text[this.at];
    if (first === '"' || first === "'") this.string();
    else if (first === "{" || first === "[") {
      const close = first === "{" ? "}" : "]";
      this.at++;
      for (this.skip(true); this.at < this.text.length; this.skip(true)) {
        const start = this.at;
        if (this.text[this.at] === close) break;
        if (this.text[this.at] === ",") this.at++;
        else if (first === "{") this.pair(path);
        else this.value(path);
        if (this.at === start) this.at++;
      }
      this.at++;
    } else while (/[^\s,\]}#]/.test(this.text[this.at] ?? "\n")) this.at++;
  }

  /** A dotted key. */
  private key(): { path: string[]; span: Span } {
    const path: string[] = [];
    this.skip(false);
    const start = this.at;
    let end = start;
    for (;;) {
      this.skip(false);
      const from = this.at;
      const quote = this.text[from];
      if (quote === '"' || quote === "'") {
        this.string();
        path.push(unquoted(this.text.slice(from, this.at)));
      } else {
        while (/[\w-]/.test(this.text[this.at] ?? "")) this.at++;
        path.push(this.text.slice(from, this.at));
      }
      end = this.at;
      this.skip(false);
      if (this.text[this.at] !== ".") break;
      this.at++;
    }
    return { path, span: { start, end } };
  }

  private string(): void {
    const quote = this.text[this.at] ?? "";
    const isLong = this.text.startsWith(quote.repeat(3), this.at);
    const close = isLong ? quote.repeat(3) : quote;
    this.at += close.length;
    while (this.at < this.text.length && !this.text.startsWith(close, this.at)) {
      this.at += quote === '"' && this.text[this.at] === "\\" ? 2 : 1;
    }
    this.at = Math.min(this.text.length, this.at + close.length);
    while (isLong && this.text[this.at] === quote) this.at++;
  }

  /** White space and comments, line breaks too where `lines`. */
  private skip(lines: boolean): void {
    for (;;) {
      const c = this.text[this.at];
      if (c === " " || c === "\t" || (lines && (c === "\n" || c === "\r"))) this.at++;
      else if (lines && c === "#") {
        while (this.at < this.text.length && this.text[this.at] !== "\n") this.at++;
      } else return;
    }
  }
}

function unquoted(literal: string): string {
  if (literal.startsWith("'")) return literal.slice(1, -1);
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal.slice(1, -1);
  }
}
