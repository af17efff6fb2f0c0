// What one statement does, as far as its text and what is known of its callee prove: for each effect
// whether it holds, what proves it, and through which callee it is lost. It is our own view; what
// Julia's flags say of the same statement stands in `BodyStatement` (a `leave` "may throw" there).
// Order of trust: the statement's annotation, the callee's text, its `effects` line, the bundled table,
// an assumption.
// Source: spec effects.md §3, §4, §5, §6.

import { type Method, operandValue } from "../../ir/method.ts";
import type { Statement } from "../../syntax/tree.ts";
import { type BodyStatement, globalValue, type Tri, type Value } from "../body.ts";
import { type ForeignFacts, foreignFacts } from "../bundled/foreign-functions.ts";
import { knownFunction } from "../bundled/known-functions.ts";
import { effectsFromPrinted } from "../bundled/summaries.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import {
  type EffectName,
  effectNames,
  type FactOrigin,
  type MethodEffects,
} from "../method-summary.ts";
import { keyOfInvoke } from "../summary.ts";
import { bitsOf, isFloat, widen } from "../type-table.ts";
import { ValueTypes } from "../value-types.ts";
import { assume, assumptionFor } from "./assumed.ts";
import { builtinEffects, isMutationFree, runsOtherCode } from "./builtin-effects.ts";
import type { Sigil } from "./effects.ts";
import { effectMask } from "./foreigncall.ts";

/** One effect of a statement. */
export interface Doing {
  readonly holds: Tri;
  readonly origin: FactOrigin;
  /** Key of the callee through which the effect is lost; null where the statement does it itself. */
  readonly callee: string | null;
}

export type Doings = Readonly<Record<EffectName, Doing>>;

const yes: Doing = { holds: "yes", origin: "body", callee: null };
const no: Doing = { holds: "no", origin: "body", callee: null };
const unknown: Doing = { holds: "unknown", origin: "unknown", callee: null };

const harmless: Doings = {
  effectFree: yes,
  nothrow: yes,
  terminates: yes,
  notaskstate: yes,
  inaccessiblememonly: yes,
};
const anything: Doings = {
  effectFree: unknown,
  nothrow: unknown,
  terminates: unknown,
  notaskstate: unknown,
  inaccessiblememonly: unknown,
};

const mayBeUndefined = { nothrow: unknown, inaccessiblememonly: unknown };

const letters: ReadonlyMap<string, EffectName> = new Map([
  ["e", "effectFree"],
  ["n", "nothrow"],
  ["t", "terminates"],
  ["s", "notaskstate"],
  ["m", "inaccessiblememonly"],
]);

/** Bits of a C call's mask, spec effects.md §6.2. */
const maskBits: Readonly<Record<EffectName, number>> = {
  effectFree: 1 << 1,
  nothrow: 1 << 2,
  terminates: 1 << 3,
  notaskstate: 1 << 5,
  inaccessiblememonly: 1 << 6,
};

/** Judges the statements of one method. */
export class StatementJudge {
  private readonly method: Method;
  private readonly statements: readonly BodyStatement[];
  private readonly environment: Environment;
  private readonly types: ValueTypes;
  private readonly isLocal: (value: Value) => boolean;
  private readonly isUnoptimised: boolean;

  constructor(
    opened: OpenedMethod,
    environment: Environment,
    isLocal: (value: Value) => boolean,
    types: ValueTypes = new ValueTypes(opened.method, environment),
  ) {
    this.method = opened.method;
    this.statements = opened.body.statements;
    this.environment = environment;
    this.types = types;
    this.isLocal = isLocal;
    this.isUnoptimised =
      opened.method.syntax.frame === "warntype" ||
      opened.method.statements.some(({ slot }) => slot !== null);
  }

  /** What the statement at `position` (1-based) does. */
  judge(position: number): Doings {
    const statement = this.method.statements[position - 1];
    const made = this.statements[position - 1];
    if (statement === undefined || made === undefined) return anything;
    const derived = this.derive(statement, made);
    const found = this.readsUndefined(statement) ? { ...derived, ...mayBeUndefined } : derived;
    return statement.facts === null ? found : annotated(statement, found);
  }

  /** Code that is not optimised reads slots and bindings in place, and either may be undefined. */
  private readsUndefined({ operands }: Statement): boolean {
    if (!this.isUnoptimised) return false;
    return operands.some(
      (operand) =>
        (operand.kind === "global" && !/^(?:Core|Base)(?:\.|$)/.test(operand.module)) ||
        (operand.kind === "name" && operandValue(this.method, operand) === 0),
    );
  }

  private derive(statement: Statement, made: BodyStatement): Doings {
    switch (made.kind) {
      case "alias":
      case "return":
      case "preserveend":
        return harmless;
      case "enter":
        // A scope is a part of the task's state until the region ends.
        return statement.operands.length === 0 ? harmless : { ...harmless, notaskstate: unknown };
      case "none":
        return this.plain(statement, made);
      case "global":
        return this.global(made);
      case "new": {
        // Whatever goes wrong in an allocation goes wrong before it is made.
        const nothrow = made.name === "splatnew" ? no : fact(derivedNothrow(statement, made));
        return { ...harmless, nothrow };
      }
      case "intrinsic":
      case "builtin":
        return this.builtin(statement, made);
      case "foreigncall":
        return foreign(statement, made);
      case "invoke":
        return this.invoke(statement, made);
      case "call":
        return this.dynamic(statement);
      case "conservative":
        return anything;
    }
  }

  private plain(statement: Statement, { name, nothrow }: BodyStatement): Doings {
    switch (name) {
      case "dead":
        return anything;
      case "gotoifnot":
        return { ...harmless, nothrow: fact(nothrow) };
      case "throw_undef_if_not": {
        const isDefined = statement.operands.at(-1)?.text === "true";
        return { ...harmless, nothrow: isDefined ? yes : no };
      }
      case "static_parameter":
        return { ...harmless, nothrow: fact(nothrow) };
      case "isdefined":
        return { ...harmless, inaccessiblememonly: unknown };
      default:
        // Regions, markers of loops and of coverage, literals: Julia flags some of them, none throws.
        return harmless;
    }
  }

  /** A read of a binding. Constant bindings print as any other. */
  private global({ nothrow }: BodyStatement): Doings {
    if (nothrow === "yes") return harmless;
    return { ...harmless, nothrow: unknown, inaccessiblememonly: unknown };
  }

  private builtin(statement: Statement, made: BodyStatement): Doings {
    const facts = statement.operands.map((operand) => this.types.fact(operand));
    const { types } = this.environment;
    if (runsOtherCode(made.name)) return anything;
    const row = builtinEffects(made.name, facts, types);
    const isBlind = facts.some(({ type }) => type.kind === "unknown");
    const isSafe = made.nothrow === "yes" || (row.nothrow === "+" && !isBottom(this, statement));
    // `made` knows which fields a visible `%new` has set.
    const throws: Doing = made.nothrow === "unknown" || isBlind ? unknown : no;
    const isOwn = this.isLocal(made.args[1] ?? 0);
    const touches = (sigil: Sigil): Doing => {
      if (sigil === "+" || (sigil === "?" && isOwn)) return yes;
      // Whether a binding is constant is not printed.
      return made.name === "getglobal" ? unknown : no;
    };
    const isOwnLoad = made.name === "getfield" && isOwn;
    const operandTypes = facts.map(({ type }) => type);
    return {
      effectFree: touches(row.effectFree),
      nothrow: isSafe || isSafePointerStep(made.name, operandTypes) ? yes : throws,
      terminates: row.terminates === "+" ? yes : unknown,
      notaskstate: row.notaskstate === "+" && made.name !== "finalizer" ? yes : no,
      inaccessiblememonly: isOwnLoad ? yes : touches(row.inaccessiblememonly),
    };
  }

  private invoke(statement: Statement, made: BodyStatement): Doings {
    const { environment, method } = this;
    const key = made.callee?.key ?? keyOfInvoke(method, statement);
    const neverReturns = isBottom(this, statement);
    const sources: (MethodEffects | null)[] = [
      environment.summary(method, statement)?.effects ?? null,
    ];
    const printed = made.callee?.effects ?? null;
    if (printed !== null && made.callee !== null) {
      // The profile's own table answers for a bare name; ours looks at the types too.
      if (made.callee.key !== null) sources.push(effectsFromPrinted(printed, "header"));
    }
    const known = knownFunction(statement, key, neverReturns);
    if (known !== null) sources.push(effectsFromPrinted(known.effects, "bundled"));
    const assumed = assumptionFor(environment, statement, key);
    const doing = (name: EffectName): Doing => {
      const facts = sources.flatMap((source) => (source === null ? [] : [source[name]]));
      const proof = facts.find(({ holds }) => holds === "yes");
      if (proof !== undefined) return { holds: "yes", origin: proof.origin, callee: null };
      if (assume(assumed, name)) return { holds: "yes", origin: "assumed", callee: null };
      if (this.touchesOnlyOwn(made, name)) return { holds: "yes", origin: "header", callee: null };
      const isThrower = name === "nothrow" && neverReturns;
      const isShown = isThrower || facts.some(({ holds }) => holds === "no");
      return {
        holds: isShown ? "no" : "unknown",
        origin: isShown ? "body" : "unknown",
        callee: key,
      };
    };
    return every(doing);
  }

  /**
   * A callee that only writes to, or reads from, what its arguments reach, handed only objects made here
   * whose fields cannot lead elsewhere.
   */
  private touchesOnlyOwn(made: BodyStatement, name: EffectName): boolean {
    const effects = made.callee?.effects;
    if (effects === null || effects === undefined || made.callee?.key === null) return false;
    if (name !== "effectFree" && name !== "inaccessiblememonly") return false;
    if (effects.inaccessiblememonly !== "?" && effects.inaccessiblememonly !== "+") return false;
    if (name === "effectFree" && effects.effectFree !== "?") return false;
    const { types } = this.environment;
    return made.args.every((value, index) => {
      // A callee that is printed by name is a constant.
      if (value === 0 || (index === 0 && value === globalValue)) return true;
      const type = value > 0 ? this.types.ssa(value) : this.types.argument(-value);
      if (isMutationFree(type, types)) return true;
      const fields = types.layout(type)?.fields;
      return this.isLocal(value) && fields?.every((field) => isMutationFree(field.type, types));
    });
  }

  private dynamic(statement: Statement): Doings {
    const known = knownFunction(statement, null, isBottom(this, statement));
    const effects = known === null ? null : effectsFromPrinted(known.effects, "bundled");
    const told = this.environment.summary(this.method, statement);
    const assumed = assumptionFor(this.environment, statement, null);
    return every((name) => {
      const fact = told?.effects[name];
      if (fact?.holds === "yes") return { holds: "yes", origin: fact.origin, callee: null };
      if (effects?.[name].holds === "yes") return { holds: "yes", origin: "bundled", callee: null };
      if (assume(assumed, name)) return { holds: "yes", origin: "assumed", callee: null };
      const guilty = told?.members?.find((one) => one.effects[name].holds !== "yes");
      const isShown = fact?.holds === "no" || (name === "nothrow" && isBottom(this, statement));
      return { ...(isShown ? no : unknown), callee: guilty?.key ?? null };
    });
  }

  /** The printed type of a statement that has one. */
  typeOf(statement: Statement): string {
    const { type } = statement;
    return type === null ? "" : this.method.text.slice(type.start, type.end).trim();
  }
}

function isBottom(judge: StatementJudge, statement: Statement): boolean {
  return judge.typeOf(statement) === "Union{}";
}

function every(doing: (name: EffectName) => Doing): Doings {
  const [effectFree, nothrow, terminates, notaskstate, inaccessiblememonly] =
    effectNames.map(doing);
  return {
    effectFree: effectFree ?? unknown,
    nothrow: nothrow ?? unknown,
    terminates: terminates ?? unknown,
    notaskstate: notaskstate ?? unknown,
    inaccessiblememonly: inaccessiblememonly ?? unknown,
  };
}

function fact(holds: Tri): Doing {
  return holds === "yes" ? yes : holds === "no" ? no : unknown;
}

/** A `!` in an annotation says what Julia did not prove; we may know better. */
function derivedNothrow(statement: Statement, made: BodyStatement): Tri {
  return made.nothrow === "no" && statement.facts?.get("n") === "!" ? "unknown" : made.nothrow;
}

/** What a `+` of the statement's comment proves. */
function annotated(statement: Statement, found: Doings): Doings {
  let result = found;
  for (const [letter, name] of letters) {
    if (statement.facts?.get(letter) !== "+" || found[name].holds === "yes") continue;
    result = { ...result, [name]: { holds: "yes", origin: "annotation", callee: null } };
  }
  return result;
}

/** Stepping a pointer by an integer cannot throw; Julia's rule asks for two operands of one type. */
function isSafePointerStep(name: string, types: readonly ReturnType<typeof widen>[]): boolean {
  if (name !== "add_ptr" && name !== "sub_ptr") return false;
  const [pointer, step] = types;
  if (pointer === undefined || step === undefined || types.length !== 2) return false;
  const isWide = (type: typeof pointer): boolean => bitsOf(type) === 64 && !isFloat(type);
  return isWide(widen(pointer)) && isWide(widen(step));
}

/** A C call: its mask, else the bundled table, for a name that is looked up in the process itself. */
function foreign(statement: Statement, made: BodyStatement): Doings {
  const mask = effectMask(statement.operands[4]);
  const facts = isProcessName(statement) ? foreignFacts(made.name) : null;
  return every((name) => {
    if ((mask & maskBits[name]) !== 0) return yes;
    return facts === null ? unknown : foreignDoing(facts, name);
  });
}

function foreignDoing(facts: ForeignFacts, name: EffectName): Doing {
  if (facts[name]) return { holds: "yes", origin: "bundled", callee: null };
  return name === "terminates" ? unknown : { holds: "no", origin: "bundled", callee: null };
}

/** `:malloc`, in contrast to a name in some library or a computed pointer. */
export function isProcessName({ operands: [target] }: Statement): boolean {
  return target?.kind === "symbol";
}
