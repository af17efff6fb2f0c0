// Cuts operands, types and comments into tokens, character by character from left to right. It knows
// brackets and where a type starts, and nothing of statements: `tokens.ts` says what a line is. Linear:
// what cannot be closed ends with its line, and is never looked at again.
// Source: spec ir-text.md §5 and §6.

import {
  isBoxGlyph,
  isDigit,
  isIdentifierPart,
  isOperatorPart,
  skipCharacter,
  skipString,
} from "./scan.ts";
import type { TokenKind, TokenSink } from "./token.ts";

/** Which bare names a method declares, and as what. */
export type Names = ReadonlyMap<string, "argument" | "slot">;

export const noNames: Names = new Map();

/** What stands between two brackets, or around all of them. */
interface Level {
  /** Types throughout: braces, the text behind `::` at the end of a statement. */
  readonly isType: boolean;
  /** Behind a `::`, up to the next separator. */
  isAnnotation: boolean;
  /** Names before `::` are fields, as in `@NamedTuple{a::T}`. */
  readonly hasFields: boolean;
}

/** Cuts `[sink.at, end)`, a range of operands. */
export function lexOperands(text: string, end: number, sink: TokenSink, names: Names): void {
  new Lexer(text, end, sink, names).run({ isType: false, isAnnotation: false, hasFields: false });
}

/** Cuts `[sink.at, end)`, a type. */
export function lexType(text: string, end: number, sink: TokenSink): void {
  new Lexer(text, end, sink, noNames).run({ isType: true, isAnnotation: false, hasFields: false });
}

/** Cuts `[sink.at, end)`, the bracket with the fields of a `type` line. */
export function lexFields(text: string, end: number, sink: TokenSink): void {
  new Lexer(text, end, sink, noNames).run({ isType: true, isAnnotation: false, hasFields: true });
}

/** Whether a comment starts at `at`: a `#` between white space. */
export function startsComment(text: string, at: number, start: number, end: number): boolean {
  if (text.charCodeAt(at) !== 35) return false;
  const next = at + 1 < end ? text.charCodeAt(at + 1) : 32;
  const before = at > start ? text.charCodeAt(at - 1) : 32;
  return next <= 32 && before <= 32;
}

const commentPart =
  /(?<=# )expect:|(?<=[(,])[+!?-][a-z](?=[,)])|%\d+|(?<![\p{L}\p{N}_"#])#\d+(?![\p{L}\p{N}_#])|[a-z]+\/[a-z]+(?:-[a-z0-9]+)*/gu;

/** Cuts a comment, `[sink.at, end)` from its `#` to the end of its line. */
export function lexComment(text: string, end: number, sink: TokenSink): number {
  const start = sink.at;
  const comment = text.slice(start, end);
  // The facts of a statement: everything in the brackets belongs to them.
  const facts = /\((?=[+!?-][a-z][,)])[^()]*\)′?/.exec(comment);
  const factsStart = facts === null ? end : start + facts.index;
  const factsEnd = facts === null ? end : factsStart + facts[0].length;
  const plainUpTo = (offset: number): void => {
    sink.take("comment", Math.min(offset, factsStart));
    sink.take("facts", Math.min(offset, factsEnd));
    sink.take("comment", offset);
  };
  let isExpectation = false;
  for (const { 0: part, index } of comment.matchAll(commentPart)) {
    const from = start + index;
    const to = from + part.length;
    const first = part.charCodeAt(0);
    const isCode = part.includes("/");
    if (isCode && !isExpectation) continue;
    plainUpTo(from);
    if (first === 37) sink.take("ssa", to);
    else if (first === 35) sink.take("block-label", to);
    else if (isCode) sink.take("code", to);
    else if (part === "expect:") {
      isExpectation = true;
      sink.take("expectation", to);
    } else {
      sink.take("sigil", from + 1);
      sink.take("effect", to);
    }
  }
  plainUpTo(end);
  return sink.at;
}

const lattice: ReadonlySet<string> = new Set([
  "Const",
  "PartialStruct",
  "PartialOpaque",
  "Conditional",
  "InterConditional",
  "MaybeUndef",
  "PartialTypeVar",
]);

const constants: ReadonlySet<string> = new Set(["nothing", "missing", "true", "false", "C_NULL"]);

const numberForm = /-?(?:0x[0-9a-f]+|\d+(?:\.\d+)?(?:[ef][+-]?\d+)?|(?:Inf|NaN)(?:16|32)?)/y;
const parenthesisedCallee =
  /\(((?:[\p{L}_][\p{L}\p{N}_!′]*\.)*)([\p{L}_][\p{L}\p{N}_!′]*)\)(?=\()/uy;
const interpolation = /\$\((Expr|QuoteNode)\((:[\p{L}_][\p{L}\p{N}_!′]*)?/uy;
const quotedName = /:\((?:var"(?:[^"\\\n]|\\.)*"|[^()\s"]+)\)/y;
const instance = /(?:CodeInstance for )?MethodInstance for(?![\p{L}\p{N}_])/uy;
const numbered = /Core\.(?:Argument|SSAValue)\(\d+\)/y;
const capital = /^\p{Lu}/u;

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at;
  return form.exec(text);
}

class Lexer {
  private readonly text: string;
  private readonly end: number;
  private readonly sink: TokenSink;
  private readonly names: Names;
  private readonly start: number;
  private readonly levels: Level[] = [];
  private level: Level = { isType: false, isAnnotation: false, hasFields: false };

  constructor(text: string, end: number, sink: TokenSink, names: Names) {
    this.text = text;
    this.end = end;
    this.sink = sink;
    this.names = names;
    this.start = sink.at;
  }

  run(level: Level): void {
    this.level = level;
    for (let at = this.sink.at; at < this.end; ) {
      const next = this.step(at, this.text.charCodeAt(at));
      // Whatever happened: one character further at least.
      at = next > at ? next : this.take("punctuation", at + 1);
    }
  }

  private get inType(): boolean {
    return this.level.isType || this.level.isAnnotation;
  }

  /** Takes a token, not beyond the range; returns where the next one starts. */
  private take(kind: TokenKind, end: number): number {
    this.sink.take(kind, Math.min(end, this.end));
    return this.sink.at;
  }

  private lineEnd(at: number): number {
    let i = at;
    while (i < this.end && this.text.charCodeAt(i) !== 10 && this.text.charCodeAt(i) !== 13) i++;
    return i;
  }

  private step(at: number, code: number): number {
    if (code <= 32) return this.space();
    switch (code) {
      case 34: // "
        return this.string(at);
      case 35: // #
        return this.number(at);
      case 36: // $
        return this.dollar(at);
      case 37: // %
        return this.percent(at);
      case 39: // '
        return this.quote(at);
      case 40: // (
        return this.open(at);
      case 91: // [
        return this.push("punctuation", at + 1, false);
      case 123: // {
        return this.push("punctuation", at + 1, true);
      case 41: // )
      case 93: // ]
      case 125: // }
        this.level = this.levels.pop() ?? this.level;
        return this.take("punctuation", at + 1);
      case 44: // ,
      case 59: // ;
        this.level.isAnnotation = false;
        return this.take("punctuation", at + 1);
      case 58: // :
        return this.colon(at);
    }
    if (isBoxGlyph(code)) return this.take("rail", at + 1);
    if (this.startsNumber(at, code)) return this.literal(at);
    if (isIdentifierPart(code) && code !== 33) return this.path(at);
    if (continuesOperator(this.text, at)) return this.operator(at);
    return this.take("punctuation", at + 1);
  }

  private space(): number {
    this.sink.blanks(this.text, this.end);
    const { at } = this.sink;
    if (startsComment(this.text, at, this.start, this.end)) {
      this.level.isAnnotation = false;
      return lexComment(this.text, this.lineEnd(at), this.sink);
    }
    // `::Vector{T} where T`: what follows a blank belongs to the type only behind these.
    const goesOn =
      this.text.startsWith("where", at) ||
      this.text.startsWith("<:", at) ||
      this.text.startsWith(">:", at) ||
      this.isBehindWhere();
    if (!goesOn) this.level.isAnnotation = false;
    return at;
  }

  private isBehindWhere(): boolean {
    const previous = this.sink.tokens.at(-2);
    return (
      previous?.kind === "operator" && this.text.slice(previous.start, previous.end) === "where"
    );
  }

  private string(at: number): number {
    const close = skipString(this.text, at, this.end);
    return this.take("string", close < 0 ? this.lineEnd(at) : close);
  }

  private quote(at: number): number {
    const close = this.isBehindOperand(at) ? -1 : skipCharacter(this.text, at, this.end);
    return close < 0 ? this.take("punctuation", at + 1) : this.take("character", close);
  }

  /** Whether an operand ends right before `at`. */
  private isBehindOperand(at: number): boolean {
    if (at <= this.start) return false;
    const before = this.text.charCodeAt(at - 1);
    return (
      before === 41 ||
      before === 93 ||
      before === 125 ||
      (isIdentifierPart(before) && before !== 33 && before !== 64)
    );
  }

  /** `# comment`, `#= comment =#`, `#undef`, `#12`, `#self#`. */
  private number(at: number): number {
    const { text } = this;
    if (startsComment(text, at, this.start, this.end)) {
      return lexComment(text, this.lineEnd(at), this.sink);
    }
    if (text.charCodeAt(at + 1) === 61) {
      const end = this.lineEnd(at);
      let i = at + 2;
      while (i < end && !text.startsWith("=#", i)) i++;
      return this.take("comment", Math.min(i + 2, end));
    }
    let i = at + 1;
    while (isDigit(text.charCodeAt(i))) i++;
    if (i > at + 1 && !isIdentifierPart(text.charCodeAt(i)) && !this.isBehindOperand(at)) {
      // A closure's own name may read like a label.
      const declared = text.startsWith(" =>", i) ? undefined : this.names.get(text.slice(at, i));
      return this.take(declared ?? "block-label", i);
    }
    return this.path(at);
  }

  private dollar(at: number): number {
    const found = matchAt(interpolation, this.text, at);
    if (found === null) return this.take("operator", at + 1);
    const [, word = "", head = ""] = found;
    this.take("punctuation", at + 1);
    this.push("punctuation", at + 2, false);
    this.take("function", at + 2 + word.length);
    const after = this.push("punctuation", at + 3 + word.length, false);
    return word === "Expr" ? this.take("head", after + head.length) : after;
  }

  private percent(at: number): number {
    const { text } = this;
    let i = at + 1;
    while (isDigit(text.charCodeAt(i))) i++;
    if (i > at + 1) return this.take("ssa", i);
    for (const word of ["%new", "%splatnew"]) {
      if (text.startsWith(`${word}(`, at)) return this.take("keyword", at + word.length);
    }
    return this.take("operator", at + 1);
  }

  private open(at: number): number {
    const found = this.inType ? null : matchAt(parenthesisedCallee, this.text, at);
    if (found === null) return this.push("punctuation", at + 1, false);
    const [, module = "", name = ""] = found;
    const declared = module === "" ? this.declared(name) : undefined;
    this.take("punctuation", at + 1);
    this.take("module", at + 1 + module.length);
    const kind = declared ?? (isFinalizer(name) ? "finalizer" : "function");
    this.take(kind, this.sink.at + name.length);
    return this.take("punctuation", this.sink.at + 1);
  }

  private push(kind: TokenKind, end: number, isType: boolean): number {
    const isFields = this.level.hasFields && this.levels.length === 0;
    this.levels.push(this.level);
    this.level = {
      isType: isType || isFields,
      isAnnotation: false,
      hasFields: isType || isFields,
    };
    return this.take(kind, end);
  }

  private colon(at: number): number {
    const { text } = this;
    const next = text.charCodeAt(at + 1);
    if (next === 58) {
      this.level.isAnnotation = true;
      return this.take("punctuation", at + 2);
    }
    const before = at > this.start ? text.charCodeAt(at - 1) : 32;
    const isRange = this.isBehindOperand(at) || before === 58;
    if (isRange) return this.take("operator", at + 1);
    if (next === 40) return this.take("punctuation", at + 1);
    if (text.startsWith('var"', at + 1)) {
      const close = skipString(text, at + 4, this.end);
      if (close > 0) return this.take("symbol", close);
    }
    let i = at + 1;
    if (isIdentifierPart(next) && next !== 33 && !isDigit(next)) {
      while (i < this.end && isIdentifierPart(text.charCodeAt(i))) i++;
    } else {
      while (i < this.end && continuesOperator(text, i)) i++;
    }
    return this.take(i > at + 1 ? "symbol" : "operator", i);
  }

  private startsNumber(at: number, code: number): boolean {
    if (isDigit(code)) return true;
    if (code !== 45 && code !== 73 && code !== 78) return false; // - I N
    const found = matchAt(numberForm, this.text, at);
    if (found === null) return false;
    if (code === 45) return !this.isBehindOperand(at);
    return !isIdentifierPart(this.text.charCodeAt(at + found[0].length));
  }

  private literal(at: number): number {
    return this.take("number", at + (matchAt(numberForm, this.text, at)?.[0].length ?? 1));
  }

  private operator(at: number): number {
    let i = at;
    while (i < this.end && continuesOperator(this.text, i)) i++;
    return this.take("operator", Math.max(i, at + 1));
  }

  /** A name with its module path: `Base.Math.sqrt_llvm`, `Main.:(var"#5")`, `#self#`, `@_4`. */
  private path(at: number): number {
    const { text } = this;
    if (this.wholeWord(at)) return this.sink.at;
    let nameStart = at;
    let i = this.namePart(at);
    while (i > nameStart && i < this.end && text.charCodeAt(i) === 46) {
      const part = this.namePart(i + 1);
      if (part <= i + 1) break;
      nameStart = i + 1;
      i = part;
    }
    if (i <= at) return this.take("punctuation", at + 1);
    const name = text.slice(nameStart, i);
    const kind = this.kindOf(at, nameStart, i, name);
    const isLattice = kind === "type" && lattice.has(name) && text.charCodeAt(i) === 40;
    if (!isLattice) this.take("module", nameStart);
    return this.take(kind, i);
  }

  /** Names that are more than one word, or stand for something else. */
  private wholeWord(at: number): boolean {
    const { text } = this;
    const code = text.charCodeAt(at);
    if (code !== 67 && code !== 77) return false; // C M
    const method = matchAt(instance, text, at);
    if (method !== null) {
      this.take("header", at + method[0].length);
      return true;
    }
    const value = matchAt(numbered, text, at);
    if (value === null) return false;
    this.take(value[0].startsWith("Core.A") ? "argument" : "ssa", at + value[0].length);
    return true;
  }

  /** The end of one component of a path; `at` itself where there is none. */
  private namePart(at: number): number {
    const { text } = this;
    if (text.startsWith('var"', at)) {
      const close = skipString(text, at + 3, this.end);
      if (close > 0) return close;
    }
    if (text.charCodeAt(at) === 58 && at > this.start && text.charCodeAt(at - 1) === 46) {
      const quoted = matchAt(quotedName, text, at);
      if (quoted !== null) return at + quoted[0].length;
      let i = at + 1;
      while (i < this.end && continuesOperator(text, i)) i++;
      return i > at + 1 ? i : at;
    }
    let i = at;
    if (isDigit(text.charCodeAt(i))) return at;
    // `Ptr{Nothing} @0x0f`: a sign before a number, not a part of a name.
    if (text.charCodeAt(i) === 64 && !/[\p{L}_]/u.test(text.charAt(i + 1))) return at;
    while (i < this.end && isIdentifierPart(text.charCodeAt(i))) i++;
    return i;
  }

  /** Behind `:(`: a whole statement that inference found dead is kept there. */
  private isQuoted(at: number): boolean {
    return at > this.start + 1 && this.text.startsWith(":(", at - 2);
  }

  private declared(name: string): "argument" | "slot" | undefined {
    return this.names.get(name) ?? (isArgument(name) ? "argument" : undefined);
  }

  private kindOf(at: number, nameStart: number, end: number, name: string): TokenKind {
    const { text } = this;
    const next = end < this.end ? text.charCodeAt(end) : 32;
    const isBare = nameStart === at;
    if (name === "where" && isBare && next <= 32) return "operator";
    if ((name === "goto" || name === "return") && isBare && this.isQuoted(at)) return "keyword";
    if ((name === "isa" || name === "in") && isBare && next <= 32 && at > this.start)
      return "operator";
    if (constants.has(name) && next !== 40) return "constant";
    const declared = isBare && !this.inType ? this.declared(name) : undefined;
    if (declared !== undefined) return declared;
    if (next === 40) {
      if (lattice.has(name) && !isBare) return "type";
      if (this.inType || name === "LimitedAccuracy") return "type";
      return isFinalizer(name) ? "finalizer" : "function";
    }
    if (next === 58 && text.charCodeAt(end + 1) === 58 && this.level.hasFields && isBare)
      return "member";
    if (name === "#undef" || name === "#UNDEF") return "constant";
    if (this.level.hasFields && isModifier(name) && isBare && text.charCodeAt(at - 1) <= 32)
      return "modifier";
    if (this.inType || next === 123 || capital.test(name)) return "type";
    return isBare ? "slot" : "global";
  }
}

const isFinalizer = (name: string): boolean => name === "finalizer" || name === "finalize";

const isModifier = (name: string): boolean => name === "const" || name === "atomic";

/** `_2`, `#self#`. */
function isArgument(name: string): boolean {
  return name === "#self#" || /^_\d+$/.test(name);
}

/** A character that goes on with an operator: not the `::` of a type, not the `%` of a value. */
function continuesOperator(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (!isOperatorPart(code)) return false;
  if (code === 58) {
    const next = text.charCodeAt(at + 1);
    const before = text.charCodeAt(at - 1);
    // `<:` and `>:` are one; else a colon before a name makes it a symbol, and two make a type.
    if (before === 60 || before === 62) return next !== 58;
    return next !== 58 && before !== 58 && !isIdentifierPart(next) && next !== 40;
  }
  return code !== 37 || !isDigit(text.charCodeAt(at + 1));
}
