// Every place at which a method's text names an SSA value, a block, or an argument or slot: the token
// itself, without the quoting around it, so that it can be shown, counted and replaced. Values and
// blocks go by their printed numbers, whatever their positions. Uses that the tree keeps as text are
// found too: statements that inference proved dead, quoted expressions, lines that could not be read,
// and `# expect:` comments.
// Source: spec ir-text.md §4 (quoted forms), §6 (names of slots).

import { isDigit, isIdentifierPart, skipAtom } from "../syntax/scan.ts";
import type { Operand, Statement } from "../syntax/tree.ts";
import type { Span } from "../text/span.ts";
import { declarationsOf } from "./declaration.ts";
import type { Method } from "./method.ts";

/** What a token names. */
export type Entity =
  | { readonly kind: "value"; readonly number: number }
  | { readonly kind: "block"; readonly number: number }
  /** `number` is 0 where no header says which slot it is, `name` empty where no header names it. */
  | { readonly kind: "slot"; readonly number: number; readonly name: string };

/** `definition`: `%4 =`, a block's head, a line of the header. `write`: a slot is assigned. */
export type Role = "definition" | "write" | "read";

export interface Occurrence extends Span {
  readonly entity: Entity;
  readonly role: Role;
}

/** Whether two tokens name the same thing of one method. */
export function isSameEntity(one: Entity, other: Entity): boolean {
  if (one.kind !== other.kind) return false;
  if (one.kind !== "slot" || other.kind !== "slot") return one.number === other.number;
  return one.number === other.number && (one.number > 0 || one.name === other.name);
}

/** All occurrences, in text order. */
export function findOccurrences(method: Method): Occurrence[] {
  return new Finder(method).all();
}

/** The occurrences of one thing, in text order. */
export function occurrencesOf(method: Method, entity: Entity): Occurrence[] {
  return findOccurrences(method).filter((one) => isSameEntity(one.entity, entity));
}

/** The occurrence that holds `offset`, or that ends there. */
export function occurrenceAt(method: Method, offset: number): Occurrence | null {
  const touched = findOccurrences(method).filter(
    ({ start, end }) => start <= offset && offset <= end,
  );
  return touched.find(({ end }) => offset < end) ?? touched[0] ?? null;
}

/** Bare words that are constants or syntax and can be no slots. */
const reserved = new Set(
  "nothing missing true false end isa in goto if not unless return enter unreachable".split(" "),
);

class Finder {
  private readonly method: Method;
  private readonly text: string;
  /** Names that are slots of this method. */
  private readonly slots: ReadonlySet<string>;
  private readonly found: Occurrence[] = [];

  constructor(method: Method) {
    this.method = method;
    this.text = method.text;
    const names = new Set(method.slotNumbers.keys());
    for (const { slot } of method.statements) if (slot?.kind === "name") names.add(slot.text);
    this.slots = names;
  }

  all(): Occurrence[] {
    const { syntax, statements } = this.method;
    this.header();
    let block = 0;
    statements.forEach((statement, index) => {
      for (
        let head = syntax.blocks[block];
        head !== undefined && head.first <= index;
        head = syntax.blocks[++block]
      ) {
        this.add(head, { kind: "block", number: head.label }, "definition");
      }
      this.statement(statement);
    });
    for (const expectation of syntax.expectations) {
      // Behind the `#` of the comment itself.
      this.numbers(expectation.start + 1, expectation.end);
    }
    return this.found.sort((x, y) => x.start - y.start);
  }

  private add({ start, end }: Span, entity: Entity, role: Role): void {
    this.found.push({ start, end, entity, role });
  }

  private header(): void {
    const { from, sections } = declarationsOf(this.method);
    const slots = sections.filter(({ kind }) => kind !== "statics");
    for (const one of [...from, ...slots.flatMap(({ declarations }) => declarations)]) {
      this.add(one, this.named(one.name), "definition");
    }
  }

  private statement(statement: Statement): void {
    const { definition, slot, callee } = statement;
    if (definition !== null) {
      this.add(definition, { kind: "value", number: statement.id }, "definition");
    }
    if (slot !== null) this.operand(slot, "write");
    if (statement.kind === "opaque" || statement.kind === "dead") {
      this.code(statement.start, statement.end);
      return;
    }
    for (const label of statement.blocks) {
      if (label.label > 0) this.add(label, { kind: "block", number: label.label }, "read");
    }
    if (callee !== null) this.callee(callee);
    const role = callee?.text === "NewvarNode" ? "write" : "read";
    for (const operand of statement.operands) this.operand(operand, role);
  }

  /** A bare name that is called is a function, unless it is known to be a slot. */
  private callee(callee: Operand): void {
    if (callee.kind !== "name" || this.slots.has(callee.text)) this.operand(callee, "read");
  }

  private operand(operand: Operand, role: Role): void {
    const { kind, number, text } = operand;
    switch (kind) {
      case "ssa":
        this.add(this.token(operand), { kind: "value", number }, role);
        break;
      case "argument":
        this.add(this.token(operand), this.numbered(number), role);
        break;
      case "name":
        if (this.isSlot(text)) this.add(this.nameToken(operand), this.named(text), role);
        break;
      case "constant":
        this.code(operand.start, operand.end);
        break;
      default:
        if (kind !== "svec") for (const child of operand.children) this.operand(child, role);
    }
  }

  /**
   * Without a header that lists the arguments any bare name that looks like a variable is taken for
   * one; types and modules begin with a capital.
   */
  private isSlot(name: string): boolean {
    if (this.slots.has(name) || /@_\d+$/.test(name)) return true;
    if (this.method.header.slots.length > 0 || reserved.has(name)) return false;
    const first = name.charCodeAt(0);
    return isIdentifierPart(first) && !isDigit(first) && !/^[\p{Lu}!]|^(?:Inf|NaN)\d*$/u.test(name);
  }

  private named(name: string): Entity {
    // `x@_3` and `@_3` say themselves which slot they are.
    const suffix = /@_(\d{1,9})$/.exec(name)?.[1] ?? "0";
    const number = this.method.slotNumbers.get(name) ?? Number(suffix);
    return { kind: "slot", number, name };
  }

  private numbered(number: number): Entity {
    const { slots } = this.method.header;
    const slot = slots[number - 1];
    const name = slot?.number === number ? slot.name : "";
    return { kind: "slot", number, name };
  }

  /** `%4` in `:(%4)`, `2` in `Core.Argument(2)`. */
  private token({ start, end }: Span): Span {
    const found = /%\d+|_\d+|\d+(?=\)*$)/.exec(this.text.slice(start, end));
    if (found === null) return { start, end };
    const from = start + found.index;
    return { start: from, end: from + found[0].length };
  }

  /** `x` in `:(x)` and in `(x)`. */
  private nameToken({ start, end, text }: Operand): Span {
    const at = this.text.slice(start, end).indexOf(text);
    return at < 0 ? { start, end } : { start: start + at, end: start + at + text.length };
  }

  /** Tokens of code that the tree keeps as text. Names count only where code is quoted. */
  private code(start: number, end: number): void {
    const { text } = this;
    const isQuoted = /^(?::\(|Core\.(?:Compiler\.)?Const\(:)/.test(text.slice(start, start + 32));
    for (let i = start; i < end; ) {
      const code = text.charCodeAt(i);
      if (code === 37 || code === 35) {
        i = this.number(i, start, end) ?? i + 1;
      } else if (isIdentifierPart(code)) {
        i = this.word(i, start, end, isQuoted);
      } else {
        i = skipAtom(text, i, end);
      }
    }
  }

  /** `%4` or `#3` at `at`; null where there is none. */
  private number(at: number, start: number, end: number): number | null {
    const { text } = this;
    const before = at > start ? text.charCodeAt(at - 1) : 32;
    if (isIdentifierPart(before) || before === 41 || before === 93) return null;
    let i = at + 1;
    while (i < end && isDigit(text.charCodeAt(i))) i++;
    if (i === at + 1 || i - at > 10 || (i < end && isIdentifierPart(text.charCodeAt(i))))
      return null;
    const number = Number(text.slice(at + 1, i));
    const isValue = text.charCodeAt(at) === 37;
    if (number > 0) {
      this.add({ start: at, end: i }, { kind: isValue ? "value" : "block", number }, "read");
    }
    return i;
  }

  /** An identifier at `at`; returns where it ends. */
  private word(at: number, start: number, end: number, isQuoted: boolean): number {
    const { text } = this;
    let i = at;
    while (i < end && isIdentifierPart(text.charCodeAt(i))) i++;
    if (text.charCodeAt(i) === 34) return skipAtom(text, i, end); // var"…"
    const word = text.slice(at, i);
    const before = at > start ? text.charCodeAt(at - 1) : 32;
    const isPart = before === 46 || before === 58; // `Main.x`, `:x`, `::x`
    if (/^_\d{1,9}$/.test(word))
      this.add({ start: at, end: i }, this.numbered(Number(word.slice(1))), "read");
    else if (isQuoted && !isPart && this.isQuotedSlot(word, i)) {
      const isWrite = /^ = /.test(text.slice(i, i + 3));
      this.add({ start: at, end: i }, this.named(word), isWrite ? "write" : "read");
    } else if (
      word === "Core" &&
      /^\.(?:Argument|SSAValue)\(\d{1,9}\)/.test(text.slice(i, i + 22))
    ) {
      return this.coreNumber(i, end);
    }
    return i;
  }

  /** As for operands and callees: what is called is a function unless it is known to be a slot. */
  private isQuotedSlot(word: string, end: number): boolean {
    return this.text.charCodeAt(end) === 40 ? this.slots.has(word) : this.isSlot(word);
  }

  /** `Core.Argument(2)` and `Core.SSAValue(4)` behind `Core`. */
  private coreNumber(at: number, end: number): number {
    const open = this.text.indexOf("(", at);
    const close = this.text.indexOf(")", open);
    if (close < 0 || close >= end) return at;
    const number = Number(this.text.slice(open + 1, close));
    const isValue = this.text.startsWith(".SSAValue", at);
    const entity: Entity = isValue ? { kind: "value", number } : this.numbered(number);
    this.add({ start: open + 1, end: close }, entity, "read");
    return close + 1;
  }

  /** `%N` and `#N` in a comment. */
  private numbers(start: number, end: number): void {
    for (let i = start; i < end; i++) {
      const code = this.text.charCodeAt(i);
      if (code === 37 || code === 35) this.number(i, start, end);
    }
  }
}
