// Reads what stands above a body: `MethodInstance for …`, `from …`, `effects (…)`, `stage …`,
// `type …`, a REPL prompt, and the sections of `code_warntype`. The nearest header above a body
// counts. Sources: design §3, contract.md "Lines of the canonical text", spec ir-text.md §9.

import type { Span } from "../text/span.ts";
import { readPath, skipBlanks } from "./operand.ts";
import { skipBrackets, skipToAnnotation, skipToSeparator } from "./scan.ts";
import type { FieldLine, Header, Problem, SlotDeclaration, TypeLine } from "./tree.ts";

type Section = "none" | "arguments" | "locals" | "statics";

/** Collects header lines in order; `finish` gives the header. */
export class HeaderReader {
  private span: Span | null = null;
  private signature: string | null = null;
  private from: string | null = null;
  private effects: string | null = null;
  private stage: "inlined" | "final" | null = null;
  private types: TypeLine[] = [];
  private slots: SlotDeclaration[] = [];
  private statics: string[] = [];
  private section: Section = "none";
  /** True once a `Body::T` line was seen: the form is that of `code_warntype`. */
  isWarntype = false;
  readonly problems: Problem[] = [];

  /** Takes the line `[start, end)`; lines that are no header lines are prose and are ignored. */
  line(text: string, start: number, end: number): void {
    const at = skipBlanks(text, start, end);
    if (text.startsWith("MethodInstance for ", at)) {
      this.reset();
      this.span = { start: at, end };
      this.signature = text.slice(at + 19, end).trim();
      if (splitSignature(this.signature) === null) {
        this.problems.push({
          code: "syntax/bad-header",
          start: at,
          end,
          detail: "the method's signature is not closed",
        });
      }
      return;
    }
    if (text.startsWith("julia> ", at)) {
      const call = promptCall(text.slice(at + 7, end));
      if (call !== null) {
        this.reset();
        this.span = { start: at, end };
        this.signature = call;
      }
      return;
    }
    if (at > start && this.canonicalLine(text, at, end)) return;
    this.warntypeLine(text, start, at, end);
  }

  private reset(): void {
    this.span = null;
    this.signature = null;
    this.from = null;
    this.effects = null;
    this.stage = null;
    this.types = [];
    this.slots = [];
    this.statics = [];
    this.section = "none";
    this.isWarntype = false;
  }

  private canonicalLine(text: string, at: number, end: number): boolean {
    if (this.section !== "none") return false;
    if (text.startsWith("from ", at)) {
      this.from = text.slice(at + 5, end).trim();
      return true;
    }
    if (text.startsWith("effects (", at)) {
      this.effects = text.slice(at + 8, end).trim();
      return true;
    }
    if (text.startsWith("stage ", at)) {
      const stage = text.slice(at + 6, end).trim();
      if (stage === "inlined" || stage === "final") this.stage = stage;
      else this.bad(at, end, "the stage is neither `inlined` nor `final`");
      return true;
    }
    if (text.startsWith("type ", at)) {
      const line = readTypeLine(text, at, end);
      if (line !== null) this.types.push(line);
      else
        this.bad(
          at,
          end,
          "a type line reads `type NAME [mutable] (FIELD::TYPE [const] [atomic], …)`",
        );
      return true;
    }
    return false;
  }

  private bad(start: number, end: number, detail: string): void {
    this.problems.push({ code: "syntax/bad-header", start, end, detail });
  }

  private warntypeLine(text: string, start: number, at: number, end: number): void {
    if (at === start) {
      const title = text.slice(at, end).trim();
      if (title === "Arguments" || title === "Variables") this.section = "arguments";
      else if (title === "Locals") this.section = "locals";
      else if (title === "Static Parameters") this.section = "statics";
      else if (title.startsWith("Body::")) {
        this.section = "none";
        this.isWarntype = true;
      }
      return;
    }
    if (this.section === "none" || at >= end) return;
    if (this.section === "statics") {
      const name = text.slice(at, end).split(/\s|<|>/, 1)[0];
      if (name) this.statics.push(name);
      return;
    }
    const colons = skipToAnnotation(text, at, end);
    const name = text.slice(at, colons).trim();
    const number = this.slots.length + 1;
    const type = colons < end ? text.slice(colons + 2, end).trim() : "";
    this.slots.push({ start: at, end: at + name.length, name, number, type });
  }

  /** The header as collected. */
  finish(): Header {
    const parts = this.signature === null ? null : splitSignature(this.signature);
    const slots = this.slots.length > 0 ? this.slots : slotsOfFrom(this.from);
    return {
      span: this.span,
      signature: this.signature,
      name: parts?.name ?? null,
      argumentTypes: parts?.arguments.map(argumentType) ?? [],
      from: this.from,
      effects: this.effects,
      stage: this.stage,
      types: this.types,
      slots,
      staticParameters: this.statics,
    };
  }
}

/** The call in `@code_typed f(x)`, `code_typed(f, (Int,))`, `Base.code_ircode(f, …)`; null if none. */
function promptCall(input: string): string | null {
  const macro = /^(?:\w+\.)*@code_\w+\s+(.*)$/.exec(input);
  if (macro?.[1] !== undefined) {
    const options = /^(?:\w+\s*=\s*\S+\s+)*/.exec(macro[1])?.[0] ?? "";
    return macro[1].slice(options.length).trim() || null;
  }
  const call = /^(?:\w+\.)*code_\w+\((.*)$/.exec(input);
  if (call?.[1] === undefined) return null;
  const inside = call[1];
  const comma = skipToSeparator(inside, 0, inside.length);
  const name = inside.slice(0, comma).trim();
  const open = skipBlanks(inside, comma + 1, inside.length);
  if (inside.charCodeAt(open) !== 40) return name;
  const close = skipBrackets(inside, open, inside.length);
  if (close < 0) return name;
  const types = splitList(inside.slice(open + 1, close - 1)).map((type) => `::${type}`);
  return `${name}(${types.join(", ")})`;
}

/** Name and argument texts of `f(::A, ::B) where T`; null where the brackets do not close. */
export function splitSignature(signature: string): { name: string; arguments: string[] } | null {
  const end = signature.length;
  let open: number;
  if (signature.charCodeAt(0) === 40) {
    open = skipBrackets(signature, 0, end);
  } else {
    const path = readPath(signature, 0, end);
    open = path === null ? -1 : path.end;
    // An operator: `~(::UInt64)`, `Base.:+(…)`.
    if (open === 0) open = signature.indexOf("(");
  }
  if (open < 0) return null;
  const name = signature.slice(0, open);
  if (signature.charCodeAt(open) !== 40) return { name, arguments: [] };
  const close = skipBrackets(signature, open, end);
  if (close < 0) return null;
  return { name, arguments: splitList(signature.slice(open + 1, close - 1)) };
}

/** Splits at top-level commas; keyword arguments behind `;` are left out. */
function splitList(text: string): string[] {
  const parts: string[] = [];
  for (let at = skipBlanks(text, 0, text.length); at < text.length; ) {
    const stop = skipToSeparator(text, at, text.length);
    const part = text.slice(at, stop).trim();
    const semicolon = /^([^;("]*);/.exec(part);
    if (part !== "") parts.push(semicolon?.[1] ?? part);
    if (semicolon !== null) return parts.filter((one) => one !== "");
    if (stop >= text.length || text.charCodeAt(stop) !== 44) break;
    at = skipBlanks(text, stop + 1, text.length);
  }
  return parts;
}

function argumentType(argument: string): string {
  const colons = skipToAnnotation(argument, 0, argument.length);
  return colons < argument.length ? argument.slice(colons + 2) : "Any";
}

/** Argument names from a `from` line; empty where it has none that could be read. */
function slotsOfFrom(from: string | null): SlotDeclaration[] {
  const parts = from === null ? null : splitSignature(from);
  if (parts === null) return [];
  const names = parts.arguments.map((argument) => {
    const name = argument.slice(0, skipToAnnotation(argument, 0, argument.length));
    return name
      .replace(/\.\.\.$/, "")
      .replace(/\s*=.*$/, "")
      .trim();
  });
  return ["#self#", ...names].map((name, index) => ({
    start: 0,
    end: 0,
    name: name === "" ? `_${index + 1}` : name,
    number: index + 1,
    type: "",
  }));
}

/** `type NAME [mutable] (FIELD::TYPE [const] [atomic], …)`. */
function readTypeLine(text: string, at: number, end: number): TypeLine | null {
  const from = skipBlanks(text, at + 5, end);
  let path = readPath(text, from, end);
  if (path !== null && path.end === from) path = null;
  // A name such as `typeof(f)` has brackets of its own.
  const open =
    path === null
      ? -1
      : text.charCodeAt(path.end) === 40
        ? skipBrackets(text, path.end, end)
        : path.end;
  if (open < 0) return null;
  const name = text.slice(from, open);
  let i = skipBlanks(text, open, end);
  const mutable = text.startsWith("mutable ", i);
  if (mutable) i = skipBlanks(text, i + 8, end);
  if (text.charCodeAt(i) !== 40) return null;
  const close = skipBrackets(text, i, end);
  if (close < 0) return null;
  const fields: FieldLine[] = [];
  for (const part of splitList(text.slice(i + 1, close - 1))) {
    const colons = skipToAnnotation(part, 0, part.length);
    if (colons >= part.length) return null;
    let type = part.slice(colons + 2).trim();
    const isAtomic = / atomic$/.test(type);
    if (isAtomic) type = type.slice(0, -7).trim();
    const isConst = / const$/.test(type);
    if (isConst) type = type.slice(0, -6).trim();
    fields.push({ name: part.slice(0, colons).trim(), type, isConst, isAtomic });
  }
  return { start: at, end, name, mutable, fields };
}
