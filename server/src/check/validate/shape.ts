// What of a statement does not change along a path, made when a path first passes it.

import { eachOperand, type Method, operandValue } from "../../ir/method.ts";
import type { Statement } from "../../syntax/tree.ts";
import type { Layouts } from "../layout.ts";
import { plainName } from "../literal.ts";
import { builtinName, contentsOf, copySources, loadSource, storeOf } from "./alias.ts";
import { isBits, typeOfStatement } from "./bits.ts";

/** Values are SSA positions, or −k for argument k. */
export interface Shape {
  readonly statement: Statement;
  /** Values of all operands, the callee among them. */
  readonly operands: readonly number[];
  /** Values of `statement.operands`, 0 where one is none. */
  readonly values: readonly number[];
  /** Values that the statement's value may simply be. */
  readonly sources: readonly number[];
  /** Values that it puts into a new object. */
  readonly contents: readonly number[];
  readonly store: ReturnType<typeof storeOf>;
  /** The name of a called builtin, else empty. */
  readonly name: string;
  readonly isLoad: boolean;
  /** Whether it calls something that is no builtin of known meaning. */
  readonly isCall: boolean;
  readonly isBits: boolean;
  readonly type: string;
  /** The value that a load gives; 0 for a constant; null where that is not known. */
  readonly loads: number | null;
  /** 1 where it takes a lock, −1 where it gives one back. */
  readonly locks: number;
}

export class Shapes {
  private readonly method: Method;
  private readonly layouts: Layouts;
  private readonly known: Shape[] = [];

  constructor(method: Method, layouts: Layouts) {
    this.method = method;
    this.layouts = layouts;
  }

  of(statement: Statement, position: number): Shape {
    this.known[position] ??= this.make(statement);
    return this.known[position];
  }

  private make(statement: Statement): Shape {
    const { method } = this;
    const operands = new Set<number>();
    eachOperand(statement, (operand) => {
      operands.add(operandValue(method, operand));
    });
    operands.delete(0);
    const name = builtinName(statement);
    return {
      statement,
      operands: [...operands],
      values: statement.operands.map((one) => operandValue(method, one)),
      sources: copySources(method, statement),
      contents: contentsOf(method, statement),
      store: storeOf(method, statement),
      name,
      isLoad: /^(?:getfield|memoryrefget|arrayref|swapfield!)$/.test(name),
      isCall: statement.kind === "invoke" || (statement.kind === "call" && isUnknownCall(name)),
      isBits: isBits(method, statement),
      type: typeOfStatement(method, statement),
      loads: loadSource(method, statement, this.layouts),
      locks: locksOf(statement),
    };
  }
}

function locksOf({ kind, callee, operands }: Statement): number {
  const name = plainName(callee?.text ?? "");
  const cName = kind === "foreigncall" ? (operands[0]?.text ?? "") : "";
  // `lock(f, l)` lets go by itself; `enable_finalizers(false)` does the contrary of its name.
  if (name === "lock") return operands.length > 1 ? 0 : 1;
  const isOff = name === "enable_finalizers" && operands[0]?.text === "false";
  if (name === "disable_finalizers" || isOff) return 1;
  if (/gc_disable_finalizers/.test(cName)) return 1;
  if (name === "unlock" || name === "enable_finalizers") return -1;
  return /gc_enable_finalizers/.test(cName) ? -1 : 0;
}

/** Whether a call is of no builtin whose meaning is known. */
export function isUnknownCall(name: string): boolean {
  return !(
    known.has(name) ||
    /_(?:int|float|llvm|ptr|sint|uint)(?:_fast)?$|^bitcast$|^[su]itofp$|^pointer/.test(name)
  );
}

const known: ReadonlySet<string> = new Set(
  (
    "getfield setfield! swapfield! isdefined === isa typeof ifelse typeassert tuple svec throw " +
    "donotdelete compilerbarrier sizeof nfields finalizer finalize memorynew memoryrefnew " +
    "memoryrefget memoryrefset! memoryrefoffset arrayref arrayset arraysize arraylen setglobal! " +
    "getglobal apply_type <:"
  ).split(" "),
);
