// The tokens of a unit's text as it stands in the file. The reader's tree says which lines hold
// statements and how far each goes, which names the header declares, and what is a label; a small
// scanner does the lines that the tree leaves out: margins, debug lines, headers, frames, comments,
// prose. Joined, the tokens are the text, whatever the text is. Linear in the text.
// Source: spec ir-text.md §1–§3, §9, §10; contract.md "Lines of the canonical text".

import { lineAt, lineEnd, lineStartsOf } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Cleaned, Origin } from "./clean.ts";
import { readDebugLine, readMethodPlace, type SourceLocation } from "./debuginfo.ts";
import { type Gutter, newGutter, readGutter } from "./gutter.ts";
import {
  lexComment,
  lexFields,
  lexOperands,
  lexType,
  type Names,
  noNames,
  startsComment,
} from "./lex.ts";
import { isBoxGlyph, isDigit, isIdentifierPart } from "./scan.ts";
import { type Token, TokenSink } from "./token.ts";
import type { Header, MethodSyntax, Statement } from "./tree.ts";

/**
 * The tokens of a unit.
 *
 * @param raw the unit's text
 * @param cleaned the text as it was read, and where its characters stood
 * @param method what was read; null where the unit holds no method
 */
export function tokensOf(raw: string, cleaned: Cleaned, method: MethodSyntax | null): Token[] {
  const tokens = new UnitLexer(cleaned.text, method).run();
  return cleaned.origin === null ? tokens : putBack(raw, tokens, cleaned.origin);
}

/** Tokens of the cleaned text at their places in the raw one, with what was taken out between. */
function putBack(raw: string, tokens: readonly Token[], origin: Origin): Token[] {
  const found: Token[] = [];
  let at = 0;
  const takenOut = (end: number): void => {
    if (end <= at) return;
    found.push({ kind: raw.charCodeAt(at) === 27 ? "escape" : "mark", start: at, end });
    at = end;
  };
  for (const { kind, start, end } of tokens) {
    for (let from = start; from < end; ) {
      takenOut(origin.raw(from));
      const to = unbroken(origin, from, end);
      found.push({ kind, start: at, end: at + to - from });
      at += to - from;
      from = to;
    }
  }
  takenOut(raw.length);
  return found;
}

/** The end of the piece of `[from, end)` out of which nothing was taken. */
function unbroken(origin: Origin, from: number, end: number): number {
  const shift = origin.raw(from) - from;
  if (origin.raw(end - 1) - (end - 1) === shift) return end;
  let low = from + 1;
  let high = end - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (origin.raw(middle) - middle === shift) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Which names the header declares: arguments first, then slots. */
export function declaredNames({ signature, argumentTypes, slots }: Header): Names {
  if (slots.length === 0) return noNames;
  const nArguments = signature === null ? slots.length : argumentTypes.length + 1;
  return new Map(
    slots.map(({ name, number }) => [name, number <= nArguments ? "argument" : "slot"]),
  );
}

type Section = "none" | "types" | "statics";

class UnitLexer {
  private readonly text: string;
  private readonly method: MethodSyntax | null;
  private readonly names: Names;
  private readonly lineStarts: readonly number[];
  private readonly sink = new TokenSink();
  private readonly gutter: Gutter = newGutter();
  private nextStatement = 0;
  private inBody = false;
  private section: Section = "none";

  constructor(text: string, method: MethodSyntax | null) {
    this.text = text;
    this.method = method;
    this.names = method === null ? noNames : declaredNames(method.header);
    this.lineStarts = method?.lineStarts ?? lineStartsOf(text);
  }

  run(): Token[] {
    const { text, lineStarts, sink } = this;
    for (let line = 0; line < lineStarts.length; line++) {
      const start = lineStarts[line] ?? 0;
      const end = lineEnd(text, lineStarts, line);
      if (end > start) line = this.line(start, end, line);
      sink.take("space", lineStarts[line + 1] ?? text.length);
    }
    return sink.tokens;
  }

  /** Takes the line, and those on which its statement goes on; returns the last of them. */
  private line(start: number, end: number, line: number): number {
    const { text, gutter, sink } = this;
    readGutter(text, start, end, gutter);
    if (gutter.kind === "head") this.inBody = true;
    if (gutter.kind !== "none" && (this.inBody || this.method === null)) {
      if (gutter.kind !== "debug") return this.statementLine(end, line);
      this.debugLine(end);
    } else if (readDebugLine(text, start, end) !== null) this.debugLine(end);
    else if (!this.aroundBody(start, end)) this.prose(start, end);
    sink.take("prose", end);
    return line;
  }

  // ── Lines of a body ──

  private statementLine(end: number, line: number): number {
    const statement = this.statementOn(line);
    const stop = statement?.type?.end ?? statement?.end ?? end;
    const last = stop > end ? lineAt(this.lineStarts, stop) : line;
    const regionEnd = last === line ? end : lineEnd(this.text, this.lineStarts, last);
    this.margin();
    this.statement(statement, regionEnd);
    return last;
  }

  private statementOn(line: number): Statement | null {
    const statements = this.method?.statements ?? [];
    while ((statements[this.nextStatement]?.line ?? line) < line) this.nextStatement++;
    const statement = statements[this.nextStatement];
    return statement?.line === line ? statement : null;
  }

  /** Line numbers, marks, the gutter and the rails, up to where the statement starts. */
  private margin(): void {
    const { text, sink, gutter } = this;
    let hasGutter = false;
    while (sink.at < gutter.content) {
      const { at } = sink;
      const code = text.charCodeAt(at);
      if (code <= 32) sink.blanks(text, gutter.content);
      else if (isBoxGlyph(code)) {
        let i = at + 1;
        if (code !== 0x2502) while (i < gutter.content && isRule(text.charCodeAt(i))) i++;
        const isBar = code === 0x2502;
        sink.take(hasGutter && isBar ? "rail" : "gutter", i);
        hasGutter = true;
      } else if (isDigit(code)) {
        let i = at;
        while (isDigit(text.charCodeAt(i))) i++;
        sink.take(at === gutter.labelStart ? "block-number" : "source-line", i);
      } else {
        let i = at + 1;
        while (i < gutter.content && text.charCodeAt(i) > 32 && !isDigit(text.charCodeAt(i))) i++;
        sink.take("escape-mark", i);
      }
    }
  }

  private statement(statement: Statement | null, end: number): void {
    const { text, sink } = this;
    sink.blanks(text, end);
    this.definition(end);
    // `x = goto …` does not exist, but `(x = invoke …)` does: a form may follow an assignment.
    for (let i = 0; i < 2; i++) {
      this.form(statement, end);
      if (!this.assignment(end)) break;
    }
    lexOperands(text, end, sink, this.names);
  }

  private definition(end: number): void {
    const { text, sink } = this;
    if (text.charCodeAt(sink.at) !== 37 || !isDigit(text.charCodeAt(sink.at + 1))) return;
    let i = sink.at + 1;
    while (i < end && isDigit(text.charCodeAt(i))) i++;
    let equals = i;
    while (equals < end && text.charCodeAt(equals) === 32) equals++;
    if (text.charCodeAt(equals) !== 61 || text.charCodeAt(equals + 1) > 32) return;
    sink.take("definition", i);
    sink.take("space", equals);
    sink.take("operator", equals + 1);
    sink.blanks(text, end);
  }

  /** Keywords and labels at the start of a statement. */
  private form(statement: Statement | null, end: number): void {
    const { text, sink } = this;
    const { at } = sink;
    const found = matchAt(keyword, text, at);
    if (found !== null && at + found[0].length <= end) {
      const word = found[0];
      sink.take("keyword", at + word.length);
      if (word === "goto") this.words(target, end);
      if (word === "enter") this.words(scope, end);
      return;
    }
    const label = matchAt(callLabel, text, at);
    if (label === null || at + label[0].length > end) return;
    // Where the tree knows of no call, the word itself must do.
    if (statement?.kind === "call" && statement.label === "") return;
    sink.take("call-label", at + label[0].length);
    sink.blanks(text, end);
  }

  /** ` #3 if not`, ` #3 with scope`: a label, then two words. */
  private words(form: RegExp, end: number): void {
    const { text, sink } = this;
    const found = matchAt(form, text, sink.at);
    if (found === null || sink.at + found[0].length > end) return;
    for (const part of found.slice(1)) {
      if (part === undefined) continue;
      sink.blanks(text, end);
      sink.take(part.startsWith("#") ? "block-label" : "keyword", sink.at + part.length);
    }
  }

  private assignment(end: number): boolean {
    const { text, sink } = this;
    const found = matchAt(assigned, text, sink.at);
    if (found === null || sink.at + found[0].length > end) return false;
    const [, bracket = "", name = ""] = found;
    sink.take("punctuation", sink.at + bracket.length);
    sink.take(this.names.get(name) ?? "slot", sink.at + name.length);
    sink.blanks(text, end);
    sink.take("operator", sink.at + 1);
    sink.blanks(text, end);
    return true;
  }

  private debugLine(end: number): void {
    const { text, sink } = this;
    let hasGutter = false;
    const debug = readDebugLine(text, sink.at, end);
    const from = debug?.locations[0]?.start ?? end;
    while (sink.at < from) {
      const { at } = sink;
      const code = text.charCodeAt(at);
      if (code <= 32) sink.blanks(text, from);
      else if (isBoxGlyph(code)) {
        const isGutter = !hasGutter && code === 0x2502 && text.startsWith("  ", at + 1);
        sink.take(isGutter ? "gutter" : "rail", at + 1);
        hasGutter = true;
      } else if (code === 64) sink.take("at", at + 1);
      else return;
    }
    if (debug === null) return;
    debug.locations.forEach((location, index) => {
      this.separator(location.start);
      this.location(location);
      if (index > 0) return;
      sink.blanks(text, end);
      sink.take("at", debug.name.start - 2);
      sink.blanks(text, end);
      sink.take("frame-name", Math.min(debug.name.end + 1, end));
    });
    sink.blanks(text, end);
  }

  /** Blanks and an `@` between locations. */
  private separator(end: number): void {
    this.sink.blanks(this.text, end);
    this.sink.take("at", this.text.charCodeAt(this.sink.at) === 64 ? this.sink.at + 1 : 0);
    this.sink.blanks(this.text, end);
  }

  private location({ fileEnd, end }: SourceLocation): void {
    this.sink.take("location", fileEnd);
    if (end > fileEnd) this.sink.take("punctuation", fileEnd + 1);
    this.sink.take("line-number", end);
  }

  // ── Lines around a body ──

  /** Whether the line was one of those that stand around a body, and was taken. */
  private aroundBody(start: number, end: number): boolean {
    const { text, sink } = this;
    let at = start;
    while (at < end && text.charCodeAt(at) <= 32) at++;
    if (at === end) {
      this.section = "none";
      sink.take("space", end);
      return true;
    }
    if (startsComment(text, at, start, end) || isHarness(text, start, end)) {
      sink.take("space", at);
      lexComment(text, end, sink);
      return true;
    }
    return this.frame(start, at, end) || (!this.inBody && this.header(start, at, end));
  }

  private frame(start: number, at: number, end: number): boolean {
    const { text, sink } = this;
    const rest = text.slice(at, Math.min(end, at + 24));
    if (/^CodeInfo\(\s*$/.test(rest)) {
      sink.take("space", at);
      sink.take("header", at + 8);
      sink.take("punctuation", at + 9);
      return true;
    }
    const vector = at === start ? /^\d+-element(?= )/.exec(rest) : null;
    if (vector !== null) {
      sink.take("header", at + vector[0].length);
      this.typeUpTo(end);
      return true;
    }
    const closes = /^\)(?=\s*$|\s+=> )/.test(rest);
    if (closes || (at > start && rest.startsWith("=> "))) {
      sink.take("space", at);
      if (closes) sink.take("punctuation", at + 1);
      sink.blanks(text, end);
      if (text.startsWith("=>", sink.at)) sink.take("operator", sink.at + 2);
      this.typeUpTo(end);
      return true;
    }
    return /^(?:`{3,}|~{3,})/.test(rest) && this.whole("fence", at, end);
  }

  private whole(kind: "fence", at: number, end: number): boolean {
    this.sink.take("space", at);
    this.sink.take(kind, end);
    return true;
  }

  private header(start: number, at: number, end: number): boolean {
    const { text } = this;
    if (matchAt(instance, text, at) !== null) {
      this.keyword(at, matchAt(instance, text, at)?.[0].length ?? 0);
      return this.operandsUpTo(end);
    }
    if (matchAt(prompt, text, at) !== null) return this.prompt(at, end);
    if (at > start && this.section === "none" && this.canonical(at, end)) return true;
    if (at === start) {
      const title = /^(?:Static Parameters|Arguments|Locals|Variables)(?=\s*$)|^Body(?=::)/.exec(
        text.slice(at, end),
      );
      this.section =
        title === null || title[0] === "Body"
          ? "none"
          : title[0] === "Static Parameters"
            ? "statics"
            : "types";
      if (title !== null) {
        this.keyword(at, title[0].length);
        return this.typeUpTo(end);
      }
      return this.escapesHeader(at, end);
    }
    return this.section !== "none" && this.declaration(at, end);
  }

  /** `from`, `effects`, `stage`, `type`. */
  private canonical(at: number, end: number): boolean {
    const { text, sink } = this;
    const word = /^(?:from |effects \(|stage (?:inlined|final)(?=\s|$)|type \S)/.exec(
      text.slice(at, Math.min(end, at + 16)),
    )?.[0];
    switch (word?.slice(0, 4)) {
      case "from": {
        const place = readMethodPlace(text, at + 5, end);
        if (place === null) return false;
        this.keyword(at, 4);
        return this.methodPlace(place);
      }
      case "effe": {
        this.keyword(at, 7);
        this.effects(end);
        return this.operandsUpTo(end);
      }
      case "stag":
        this.keyword(at, 5);
        sink.blanks(text, end);
        sink.take("stage", at + (word?.length ?? 0));
        return this.operandsUpTo(end);
      case "type": {
        this.keyword(at, 4);
        sink.blanks(text, end);
        const mutable = /\smutable(?=\s*\()/.exec(text.slice(at, end));
        if (mutable !== null) {
          lexType(text, at + mutable.index + 1, sink);
          sink.take("modifier", at + mutable.index + 8);
        }
        lexFields(text, end, sink);
        return true;
      }
      default:
        return false;
    }
  }

  /** `(+c,!e,…)′` of an `effects` line. */
  private effects(end: number): void {
    const { text, sink } = this;
    sink.blanks(text, end);
    for (let i = sink.at; i < end && text.charCodeAt(i) > 32; i = sink.at) {
      const isSigil = /[+!?-]/.test(text.charAt(i)) && /[(,]/.test(text.charAt(i - 1));
      if (isSigil && /[a-z]/.test(text.charAt(i + 1))) {
        sink.take("sigil", i + 1);
        sink.take("effect", i + 2);
      } else sink.take("punctuation", i + 1);
    }
  }

  private methodPlace({
    signatureEnd,
    separator,
    module,
    at,
    location,
  }: NonNullable<ReturnType<typeof readMethodPlace>>): boolean {
    const { text, sink } = this;
    const spanned = (kind: "at" | "module", span: Span): void => {
      sink.take("space", span.start);
      sink.take(kind, span.end);
    };
    lexOperands(text, signatureEnd, sink, this.names);
    spanned("at", separator);
    spanned("module", module);
    if (at !== null) spanned("at", at);
    sink.take("space", location.start);
    this.location(location);
    sink.blanks(text, text.length);
    return true;
  }

  /** `f(✓ x::Int64) in Main at file.jl:3`, the first line of `code_escapes`. */
  private escapesHeader(at: number, end: number): boolean {
    const { text, sink } = this;
    if (!/^[\p{L}_(].*\) in \S+ at /u.test(text.slice(at, end))) return false;
    const place = readMethodPlace(text, at, end);
    if (place === null) return false;
    for (const { 0: mark, index } of text.slice(at, place.signatureEnd).matchAll(escapeMark)) {
      lexOperands(text, at + index, sink, this.names);
      sink.take("escape-mark", at + index + mark.length);
    }
    return this.methodPlace(place);
  }

  /** A line below `Arguments`, `Locals`, `Static Parameters`. */
  private declaration(at: number, end: number): boolean {
    const { text, sink } = this;
    let i = at;
    while (i < end && isIdentifierPart(text.charCodeAt(i))) i++;
    if (i === at) return false;
    sink.take("space", at);
    if (this.section === "statics") return this.typeUpTo(end);
    const name = text.slice(at, i);
    sink.take(this.names.get(name) ?? "slot", i);
    return this.typeUpTo(end);
  }

  private prompt(at: number, end: number): boolean {
    const { text, sink } = this;
    sink.take("space", at);
    sink.take("prompt", at + 6);
    sink.blanks(text, end);
    const macro = matchAt(macroName, text, sink.at);
    if (macro !== null) {
      const path = macro[1]?.length ?? 0;
      sink.take("module", sink.at + path);
      sink.take("macro", sink.at + macro[0].length - path);
    }
    return this.operandsUpTo(end);
  }

  private keyword(at: number, length: number): void {
    this.sink.take("space", at);
    this.sink.take("header", at + length);
  }

  private operandsUpTo(end: number): true {
    lexOperands(this.text, end, this.sink, this.names);
    return true;
  }

  private typeUpTo(end: number): true {
    lexType(this.text, end, this.sink);
    return true;
  }

  /** Prose, perhaps with a comment at its end. */
  private prose(start: number, end: number): void {
    const { text, sink } = this;
    for (let i = start; i < end; i++) {
      if (!startsComment(text, i, start, end)) continue;
      sink.take("prose", i);
      lexComment(text, end, sink);
      break;
    }
  }
}

const keyword =
  /(?:goto(?= +#\d)|enter(?= +#\d)|return(?![^\s])|unreachable(?![^\s])|(?:φᶜ|φ|π|ϒ|phic|phi|pi|upsilon)(?=\s*\())/y;
const target = /(?=\s+#)\s+(#\d+)(?:\s+(if)\s+(not)(?=\s))?/y;
const scope = /\s+(#\d+)(?:\s+(with)\s+(scope)(?=\s))?/y;
const callLabel = /(?:dynamic builtin|invoke|intrinsic|builtin|dynamic|unknown)(?=\s+[^\s=])/y;
const assigned = /(\(?)((?:[\p{L}_@#][\p{L}\p{N}_!@#′]*)) = /uy;
const escapeMark = /(?<=[(\s])[◌✓↑X*]′?(?=\s)/g;
const instance = /(?:CodeInstance for )?MethodInstance for(?=\s)/y;
const prompt = /julia>(?=\s|$)/y;
const macroName = /((?:\w+\.)*)@[\p{L}_][\p{L}\p{N}_!′]*/uy;

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at;
  return form.exec(text);
}

const isRule = (code: number): boolean => code === 0x2500 || code === 0x2504;

/** `#|`, `#+`, `#-` at the start of a line belong to the test harness. */
function isHarness(text: string, at: number, end: number): boolean {
  if (text.charCodeAt(at) !== 35) return false;
  const code = text.charCodeAt(at + 1);
  const isMark = code === 124 || code === 43 || code === 45;
  return isMark && (at + 2 >= end || text.charCodeAt(at + 2) <= 32);
}
