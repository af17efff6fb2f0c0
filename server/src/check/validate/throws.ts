// Whether a statement can throw, as far as the text tells: facts beside the statement, effects of callees,
// their IR, and a short table. What nobody knows may throw.
// Source: spec effects.md §3 and §4; early-plan.md §1.

import { type Method, operandValue } from "../../ir/method.ts";
import type { Statement, StatementKind } from "../../syntax/tree.ts";
import { type Layouts, typeKey } from "../layout.ts";
import { plainName } from "../literal.ts";
import { nameOfCallee, type Program, type Throwing } from "../program.ts";

const quiet: ReadonlySet<string> = new Set(
  (
    "=== isa typeof tuple svec ifelse donotdelete compilerbarrier finalizer isdefined nfields " +
    "memoryrefoffset egal <: sizeof"
  ).split(" "),
);

/** Control flow and copies: code that only moves values and never calls anything. */
const quietKinds: ReadonlySet<StatementKind> = new Set<StatementKind>([
  "goto",
  "gotoifnot",
  "return",
  "phi",
  "pi",
  "phic",
  "upsilon",
  "enter",
  "leave",
]);

const fieldAccess: ReadonlySet<string> = new Set(["getfield", "setfield!", "swapfield!"]);

const quietForeign: ReadonlySet<string> = new Set(
  (
    "malloc calloc free memset memcpy memmove jl_gc_enable_finalizers_internal jl_cpu_wake " +
    "jl_gc_disable_finalizers_internal jl_get_current_task jl_get_ptls_states"
  ).split(" "),
);

export class ThrowTable {
  private readonly program: Program;
  private readonly methods = new Map<Method, Throwing>();

  constructor(program: Program) {
    this.program = program;
  }

  of(method: Method, statement: Statement): Throwing {
    // Of these Julia notes down nothing of use: to it the end of a `try` counts as throwing.
    if (quietKinds.has(statement.kind)) return "never";
    const type =
      statement.type === null ? "" : method.text.slice(statement.type.start, statement.type.end);
    const fact = statement.facts?.get("n");
    if (fact === "+") return "never";
    const isCall = statement.kind === "call" || statement.kind === "invoke";
    if (isCall && type === "Union{}") return "always";
    const answer = this.byForm(method, statement);
    // `!n` says that Julia could not prove it, not that it happens.
    return fact === "!" && answer === "never" ? "may" : answer;
  }

  private byForm(method: Method, statement: Statement): Throwing {
    switch (statement.kind) {
      case "invoke":
        return this.ofCallee(method, statement);
      case "call":
        return this.ofCall(method, statement);
      case "foreigncall":
        return quietForeign.has(statement.operands[0]?.text ?? "") ? "never" : "perhaps";
      case "opaque":
      case "splatnew":
        return "perhaps";
      case "expression":
        if (statement.name !== "throw_undef_if_not") return quietExpression(statement.name);
        return statement.operands[1]?.text === "true" ? "never" : "may";
      default:
        return "never";
    }
  }

  private ofCallee(method: Method, statement: Statement): Throwing {
    const { callee, operands } = statement;
    const name = nameOfCallee(method, callee);
    const types = operands.map(({ annotation }) =>
      annotation === null ? "" : method.text.slice(annotation.start, annotation.end),
    );
    const target = this.program.resolve(name, types);
    if (target !== null) return this.ofMethod(target);
    return this.program.witness(name, types)?.throws ?? "perhaps";
  }

  /** What a whole method does; a recursive call throws nothing of its own. */
  ofMethod(method: Method): Throwing {
    const known = this.methods.get(method);
    if (known !== undefined) return known;
    if (/^\([^)]*\+n[,)]/.test(method.header.effects ?? "")) {
      this.methods.set(method, "never");
      return "never";
    }
    this.methods.set(method, "never");
    let answer: Throwing = "never";
    for (const statement of method.statements) {
      const one = this.of(method, statement);
      if (one === "perhaps" && answer === "never") answer = "perhaps";
      else if (one === "may" || one === "always") answer = "may";
    }
    this.methods.set(method, answer);
    return answer;
  }

  private ofCall(method: Method, { callee, operands }: Statement): Throwing {
    const name = plainName(callee?.text ?? "");
    if (name === "throw") return "always";
    if (quiet.has(name)) return "never";
    // A box takes anything.
    if (name === "setfield!" && boxed(method, operands[0])) return "never";
    if (fieldAccess.has(name))
      return fieldThrows(method, operands[0], operands[1], this.program.layouts);
    if (/^checked_s?u?(?:rem|div)|^[su](?:div|rem)_int$/.test(name)) {
      return /^-?[1-9]\d*$/.test(operands[1]?.text ?? "") ? "never" : "may";
    }
    if (name === "typeassert") return assertThrows(method, operands[0], operands[1]);
    if (name.startsWith("memory")) return memoryThrows(name, operands);
    if (/_(?:int|float|llvm|ptr|sint|uint)(?:_fast)?$|^bitcast$|^[su]itofp$|^fp/.test(name))
      return "never";
    if (/^pointer(?:ref|set)$/.test(name)) return "never";
    return "perhaps";
  }
}

function quietExpression(name: string): Throwing {
  return /^(?:boundscheck|the_exception|pop_exception|gc_preserve_begin|gc_preserve_end|meta|isdefined|loopinfo|code_coverage_effect|inbounds)$/.test(
    name,
  )
    ? "never"
    : "perhaps";
}

function boxed(method: Method, object: Statement["operands"][number] | undefined): boolean {
  const made = object?.kind === "ssa" ? method.statements[object.number - 1] : undefined;
  return made?.type != null && method.text.slice(made.type.start, made.type.end) === "Core.Box";
}

/** A value is of the type that is printed for it. */
function assertThrows(
  method: Method,
  value: Statement["operands"][number] | undefined,
  type: Statement["operands"][number] | undefined,
): Throwing {
  const made = value?.kind === "ssa" ? method.statements[value.number - 1] : undefined;
  if (made?.type == null || type === undefined) return "perhaps";
  const [is, wanted] = [made.type, type].map(({ start, end }) =>
    typeKey(method.text.slice(start, end)),
  );
  return is === wanted ? "never" : "may";
}

/** New memory of a fixed small size, its first place, and stores whose bounds nobody checks. */
function memoryThrows(name: string, operands: Statement["operands"]): Throwing {
  const isSmall = /^\d{1,9}$/.test(operands[1]?.text ?? "");
  if (name === "memorynew") return isSmall ? "never" : "may";
  if (name === "memoryrefnew") return operands.length === 1 ? "never" : "may";
  if (name === "memoryrefset!") return operands[3]?.text === "false" ? "never" : "may";
  return "perhaps";
}

/** A named field of a declared type is there; whether it was set, only the reader of a `%new` knows. */
function fieldThrows(
  method: Method,
  object: Statement["operands"][number] | undefined,
  field: Statement["operands"][number] | undefined,
  layouts: Layouts,
): Throwing {
  const type = object === undefined ? "" : printedType(method, operandValue(method, object));
  const isFixed = field?.kind === "symbol" || field?.kind === "number";
  return isFixed && type !== "" && layouts.isKnown(type.replace(/\bMain\./g, ""))
    ? "never"
    : "perhaps";
}

/** The type that is printed for a value; empty without one. */
function printedType(method: Method, value: number): string {
  // The function itself is argument 1 and has no type in the signature.
  if (value < 0) return method.header.argumentTypes[-value - 2] ?? "";
  const made = method.statements[value - 1];
  // A π prints its type as an operand.
  const span = made?.kind === "pi" ? made.operands[1] : made?.type;
  return span == null ? "" : method.text.slice(span.start, span.end);
}
