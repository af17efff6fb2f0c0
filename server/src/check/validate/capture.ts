// What a callee may do with an argument: keep it, give it back, throw it. Flow-insensitive and coarse: what
// is loaded from an argument counts as the argument, and what nobody knows keeps everything.

import { type Method, operandValue, positionOf } from "../../ir/method.ts";
import type { Statement } from "../../syntax/tree.ts";
import { plainName } from "../literal.ts";
import { type Capture, nameOfCallee, type Program } from "../program.ts";
import { isBits } from "./bits.ts";

const unknown: Capture = { keeps: "perhaps", returns: "may" };
const harmless: Capture = { keeps: "never", returns: "never" };

/** Names without IR that keep nothing: they throw, print or only look. */
const harmlessNames =
  /^(?:_?throw_\w+|error|println|print|show|length|sizeof|objectid|typeof|isa|===|donotdelete|unlock|lock|trylock|islocked|finalize)$/;

/** What the caller knows of callees without IR. */
export type OpaqueCapture = (name: string) => Capture | null;

export class CaptureTable {
  private readonly program: Program;
  private readonly opaque: OpaqueCapture;
  private readonly known = new Map<string, Capture>();
  private readonly open = new Set<string>();
  /** Answers below the one that is being made: they may rest on a recursive call that is not answered yet. */
  private readonly drafts = new Map<string, Capture>();
  private readonly ids = new Map<Method, number>();

  constructor(program: Program, opaque: OpaqueCapture = () => null) {
    this.program = program;
    this.opaque = opaque;
  }

  /** What the callee of a statement does with its argument `index` (0-based, the function left out). */
  ofCall(method: Method, { callee, operands }: Statement, index: number): Capture {
    const name = nameOfCallee(method, callee);
    const types = operands.map(({ annotation }) =>
      annotation === null ? "" : method.text.slice(annotation.start, annotation.end),
    );
    const target = this.program.resolve(name, types);
    if (target !== null) return this.ofMethod(target, index + 2);
    const said = this.program.witness(name, types)?.captures[index + 1];
    if (said !== undefined) return said;
    // `finalizer(f, o)` gives `o` back; what is pending is not kept, but waited for.
    if (name === "finalizer") return { keeps: "never", returns: index === 1 ? "always" : "never" };
    if (name === "WeakRef") return { keeps: "may", returns: "never" };
    return this.opaque(name) ?? (harmlessNames.test(name) ? harmless : unknown);
  }

  /** The same for argument `number` of a method, the function itself being 1. */
  ofMethod(method: Method, number: number): Capture {
    const id = this.ids.get(method) ?? this.ids.size;
    this.ids.set(method, id);
    const key = `${id} ${number}`;
    const known = this.known.get(key) ?? this.drafts.get(key);
    if (known !== undefined) return known;
    // A recursive call adds nothing to what the first one does.
    if (this.open.has(key)) return harmless;
    this.open.add(key);
    const answer = this.analyse(method, new Set([-number]), number);
    this.open.delete(key);
    if (this.open.size > 0) this.drafts.set(key, answer);
    else {
      this.known.set(key, answer);
      this.drafts.clear();
    }
    return answer;
  }

  /** Whether the callee of a statement keeps what it returns, where its text shows that it makes it. */
  keepsResult(method: Method, { callee, operands }: Statement): Capture["keeps"] {
    const types = operands.map(({ annotation }) =>
      annotation === null ? "" : method.text.slice(annotation.start, annotation.end),
    );
    const target = this.program.resolve(nameOfCallee(method, callee), types);
    if (target === null) return "never";
    const returned = target.statements
      .filter(({ kind }) => kind === "return")
      .map(({ operands: [value] }) => (value === undefined ? 0 : operandValue(target, value)))
      .map((value) => definitionOf(target, value));
    return this.analyse(target, new Set(returned.filter((value) => value > 0)), 0).keeps;
  }

  /** What becomes of `tainted` values; of argument `number`, or 0 for something made in the method. */
  private analyse(method: Method, tainted: Set<number>, number: number): Capture {
    const local = new Set<number>();
    let keeps: Capture["keeps"] = "never";
    let throws = false;
    const catches = method.statements.some(({ kind }) => kind === "enter");
    let returns = 0;
    let plainReturns = 0;
    let nReturns = 0;
    const keep = (how: Capture["keeps"]): void => {
      if (keeps === "never" || how === "may") keeps = how === "never" ? keeps : how;
    };
    for (let size = -1; size !== tainted.size; ) {
      size = tainted.size;
      [returns, plainReturns, nReturns] = [0, 0, 0];
      method.statements.forEach((statement, place) => {
        const position = place + 1;
        const values = statement.operands.map((operand) => operandValue(method, operand));
        const hit = values.some((value) => tainted.has(value));
        if (statement.kind === "new" || statement.kind === "splatnew") local.add(position);
        if (statement.kind === "return") {
          nReturns++;
          if (hit) returns++;
          if (values[0] === -number) plainReturns++;
        }
        if (!hit) return;
        // Of an object that is made there, its own registration is told apart.
        if (number === 0 && plainName(statement.callee?.text ?? "") === "finalizer") return;
        const {
          keeps: kept,
          isResult,
          isThrown,
        } = this.flow(method, statement, values, tainted, local);
        keep(kept);
        // Whoever catches it here may keep it.
        if (isThrown && catches) keep("may");
        if (isThrown) throws = true;
        if (isResult && !isBits(method, statement)) tainted.add(position);
      });
    }
    const told = { keeps, ...(throws ? { throws } : {}) };
    if (returns === 0) return { ...told, returns: "never" };
    return { ...told, returns: plainReturns === nReturns ? "always" : "may" };
  }

  /** Where a statement takes a tainted operand. */
  private flow(
    method: Method,
    statement: Statement,
    values: readonly number[],
    tainted: Set<number>,
    local: ReadonlySet<number>,
  ): Flow {
    switch (statement.kind) {
      case "phi":
      case "pi":
      case "phic":
      case "upsilon":
      case "value":
      case "new":
      case "splatnew":
        return passedOn;
      case "foreigncall":
        return nobodyKnows;
      case "expression":
        return statement.name.startsWith("gc_preserve") ? nowhere : nobodyKnows;
      case "call":
      case "invoke":
        return this.flowOfCall(method, statement, values, tainted, local);
      default:
        return nowhere;
    }
  }

  private flowOfCall(
    method: Method,
    statement: Statement,
    values: readonly number[],
    tainted: Set<number>,
    local: ReadonlySet<number>,
  ): Flow {
    const name = plainName(statement.callee?.text ?? "");
    if (name === "finalizer") return keptByIt;
    if (statement.kind === "call") {
      if (/^(?:===|isa|typeof|isdefined|donotdelete|sizeof|nfields)$/.test(name)) return nowhere;
      if (/^(?:getfield|tuple|svec|ifelse|typeassert|compilerbarrier)$/.test(name)) return passedOn;
      if (name === "throw") return thrown;
      if (name === "setfield!" || name === "swapfield!") {
        const [container = 0, , stored = 0] = values;
        if (!tainted.has(stored) || tainted.has(container)) return nowhere;
        if (!local.has(container)) return keptByIt;
        tainted.add(container);
        return nowhere;
      }
      if (/_int$|_float$|^bitcast$|^pointer/.test(name)) return nowhere;
      if (/^(?:memoryrefset!|arrayset|setglobal!)$/.test(name)) return keptByIt;
    }
    const ways = values.flatMap((value, index) =>
      tainted.has(value) ? [this.ofCall(method, statement, index)] : [],
    );
    const callee = statement.callee === null ? 0 : operandValue(method, statement.callee);
    const keeps = (["may", "perhaps"] as const).find((how) =>
      ways.some((one) => one.keeps === how),
    );
    const isResult = ways.some(({ returns }) => returns !== "never");
    const isThrown = ways.some(({ throws }) => throws === true);
    if (tainted.has(callee) && keeps === undefined && !isResult) {
      return { ...nobodyKnows, isThrown };
    }
    return { keeps: keeps ?? "never", isResult, isThrown };
  }
}

/** Where a statement takes a tainted operand. */
interface Flow {
  readonly keeps: Capture["keeps"];
  /** Into its value. */
  readonly isResult: boolean;
  /** Into an exception. */
  readonly isThrown: boolean;
}

const nowhere: Flow = { keeps: "never", isResult: false, isThrown: false };
const passedOn: Flow = { ...nowhere, isResult: true };
const keptByIt: Flow = { ...nowhere, keeps: "may" };
const thrown: Flow = { ...nowhere, isThrown: true };
const nobodyKnows: Flow = { keeps: "perhaps", isResult: true, isThrown: false };

/** The `%new` or call that an operand is, through π nodes; 0 for anything else. */
export function definitionOf(method: Method, value: number): number {
  let at = value;
  for (let steps = 0; at > 0 && steps < 100; steps++) {
    const statement = method.statements[at - 1];
    const [operand] = statement?.operands ?? [];
    const isCopy = statement?.kind === "pi" || statement?.kind === "value";
    if (!isCopy || operand?.kind !== "ssa") return at;
    at = positionOf(method, operand.number);
  }
  return at;
}
