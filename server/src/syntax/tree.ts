// What a method's text says, statement by statement: the tree that the reader makes and that every
// later room starts from. Offsets are UTF-16 code units from the start of the unit (the piece of
// text that holds one method), so that a tree does not change when the unit moves in its file.
// Statement, block and argument numbers are 1-based as Julia prints them; 0 means none.

import type { Span } from "../text/span.ts";

export type OperandKind =
  | "ssa" // %7, :(%7)
  | "argument" // _2, Core.Argument(2)
  | "name" // x, #self#, Int64: an argument, a slot, or a constant with a bare name
  | "global" // Main.f, Base.:+, Core.Intrinsics.add_int
  | "number"
  | "string"
  | "character"
  | "symbol" // :x, :(:ccall), Symbol("a b")
  | "undef" // #undef
  | "expression" // $(Expr(:head, …)) as an operand
  | "svec" // svec(…)
  | "call" // a call or an instance in operand position: Foo(1), Main.f(x)
  | "code" // MethodInstance for …, CodeInstance for …
  | "constant"; // anything else that is balanced

/** One operand of a statement, with its place. */
export interface Operand extends Span {
  readonly kind: OperandKind;
  /** SSA number or argument number; 0 for the other kinds. */
  readonly number: number;
  /**
   * The name for `name` (`x`), the last component for `global` (`add_int`), the head for
   * `expression` (`boundscheck`), the text for literals and constants.
   */
  readonly text: string;
  /** The module path of a `global` (`Core.Intrinsics`), else empty. */
  readonly module: string;
  /** Operands inside: of an expression, an svec, a call's arguments. */
  readonly children: readonly Operand[];
  /** The `::T` that follows an operand (argument of `invoke`, typed slot), without the colons. */
  readonly annotation: Span | null;
}

export type StatementKind =
  | "goto"
  | "gotoifnot"
  | "return"
  | "unreachable"
  | "phi"
  | "pi"
  | "phic"
  | "upsilon"
  | "enter"
  | "leave"
  | "call"
  | "invoke"
  | "new"
  | "splatnew"
  | "foreigncall"
  | "expression" // any other $(Expr(:head, …)); `name` is the head
  | "value" // a literal, a copy of a value, a global
  | "dead" // Core.Const(:(…))::Union{}: code that inference never reached
  | "opaque"; // a line that could not be read

/** The label that Julia 1.12+ prints before a call; empty where there is none. */
export type CallLabel =
  | ""
  | "intrinsic"
  | "builtin"
  | "dynamic builtin"
  | "dynamic"
  | "unknown"
  | "invoke";

/** Facts of a statement's `# (+n,!e)` comment: letter → `+`, `!` or `?`. */
export type StatementFacts = ReadonlyMap<string, "+" | "!" | "?">;

/** One statement. Its span is that of the statement's text, without gutter, `%N =`, type and comment. */
export interface Statement extends Span {
  /** 1-based number: the printed `%N`, else the previous plus one. */
  readonly id: number;
  /** The `%N` before `=`; null where the value is not used. */
  readonly definition: Span | null;
  readonly kind: StatementKind;
  readonly label: CallLabel;
  /** Head of an `expression`, otherwise empty. */
  readonly name: string;
  /** The called operand of `call` and `invoke`. */
  readonly callee: Operand | null;
  /** The operands in printed order, the callee left out. */
  readonly operands: readonly Operand[];
  /** Block labels: the target of `goto`, `gotoifnot`, `enter`; the predecessors of `phi`. */
  readonly blocks: readonly BlockLabel[];
  /** The slot that `slot = …` assigns, in lowered and unoptimised code. */
  readonly slot: Operand | null;
  /** The `::T` at the end, without the colons. */
  readonly type: Span | null;
  readonly facts: StatementFacts | null;
  /** 0-based line within the unit. */
  readonly line: number;
}

/** `#5` as printed in a goto or an edge. */
export interface BlockLabel extends Span {
  readonly label: number;
}

/** A block head: `3 ┄─`. */
export interface BlockHead extends Span {
  readonly label: number;
  /** True for `┄`: Julia says that the block has two or more predecessors. */
  readonly merge: boolean;
  /** Index (0-based) of the block's first statement in `statements`. */
  readonly first: number;
  readonly line: number;
}

/** One argument or local slot, from a `from` line or from the sections of `code_warntype`. */
export interface SlotDeclaration extends Span {
  readonly name: string;
  /** 1-based slot number; the function itself is 1. */
  readonly number: number;
  readonly type: string;
}

export interface FieldLine {
  readonly name: string;
  readonly type: string;
  readonly isConst: boolean;
  readonly isAtomic: boolean;
}

/** A `type NAME mutable (x::T const)` line of the canonical text. */
export interface TypeLine extends Span {
  readonly name: string;
  readonly mutable: boolean;
  readonly fields: readonly FieldLine[];
}

/** Whatever stands above a body and says what it is. */
export interface Header {
  /** Where the method is named: the `MethodInstance for` line or the prompt; null without either. */
  readonly span: Span | null;
  /** The text without `MethodInstance for`; null where the text names no method. */
  readonly signature: string | null;
  /** The called function's name as printed in the signature: `use`, `Base.:+`, `(::var"#5#6")`. */
  readonly name: string | null;
  /** Types of the arguments in order, the function itself left out. */
  readonly argumentTypes: readonly string[];
  /** The `from` line: the method, as `main(N, iterations) @ Main mwe.jl:11`. */
  readonly from: string | null;
  readonly effects: string | null;
  readonly stage: "inlined" | "final" | null;
  readonly types: readonly TypeLine[];
  /** Argument names in slot order, the function itself first; empty where no line gives them. */
  readonly slots: readonly SlotDeclaration[];
  /** Static parameters by name, from a `code_warntype` header. */
  readonly staticParameters: readonly string[];
}

export type Frame = "codeinfo" | "ircode" | "warntype";

/** An expectation comment: `# expect: early %4 finalize on #3→#5`. */
export interface Expectation extends Span {
  readonly text: string;
  readonly line: number;
}

/** Something in the text that could not be taken at its word. */
export interface Problem extends Span {
  readonly code:
    | "syntax/unreadable-statement"
    | "syntax/number-mismatch"
    | "syntax/duplicate-number"
    | "syntax/bad-header"
    | "syntax/truncated-method"
    | "syntax/too-long";
  readonly detail: string;
}

/** One method's text as read. */
export interface MethodSyntax {
  readonly header: Header;
  readonly frame: Frame;
  readonly statements: readonly Statement[];
  readonly blocks: readonly BlockHead[];
  /** `=> T` after the body, else null. */
  readonly returnType: Span | null;
  readonly expectations: readonly Expectation[];
  readonly problems: readonly Problem[];
  /** Number of statement lines kept as opaque barriers. */
  readonly unreadable: number;
  /** Whether a line says that others are left out, such as `⋮`. */
  readonly hasGap: boolean;
  /** Offsets at which the unit's lines start. */
  readonly lineStarts: readonly number[];
}
