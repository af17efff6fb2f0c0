// Makes a method's body: resolves operands and callees and decides each statement's flags, printed ones
// first. Field numbers, layouts and constants are settled here, so that the passes behind compare
// numbers only.
// Source: spec effects.md §3 (flags per statement form), escape-analysis.md §4.

import { blockWithLabel, type Method, operandValue } from "../ir/method.ts";
import type { Operand, Statement } from "../syntax/tree.ts";
import type { JuliaType } from "../syntax/type.ts";
import {
  type Body,
  type BodyKind,
  type BodyStatement,
  globalValue,
  shape,
  type Tri,
  type Value,
} from "./body.ts";
import {
  type ArgumentFact,
  builtinNames,
  builtinNothrow,
  intrinsicNothrow,
  isBuiltinEffectFree,
  isIntrinsicEffectFree,
  isIntrinsicName,
  setfieldNothrow,
} from "./effects/builtins.ts";
import { effectMask, foreignName } from "./effects/foreigncall.ts";
import type { CalleeFacts, Environment } from "./environment.ts";
import { baseName, isSubtype, typeKey, widen } from "./type-table.ts";
import { unknownType, ValueTypes } from "./value-types.ts";

/** Makes the body of `method`, with what `environment` knows of types and callees. */
export function makeBody(method: Method, environment: Environment): Body {
  const maker = new BodyMaker(method, environment);
  const statements = method.statements.map((statement, index) =>
    maker.statement(statement, index + 1),
  );
  const identityFree = new Uint8Array(method.nArguments + method.nStatements);
  const { profile, types } = environment;
  const isFree = (type: JuliaType): boolean =>
    profile.knowsIdentityFree ? types.isIdentityFree(type) : types.isBitsType(type);
  for (let k = 1; k <= method.nArguments; k++) {
    if (isFree(maker.argumentType(k))) identityFree[k - 1] = 1;
  }
  for (let n = 1; n <= method.nStatements; n++) {
    if (isFree(maker.ssaType(n))) identityFree[method.nArguments + n - 1] = 1;
  }
  return {
    nArguments: method.nArguments,
    statements,
    identityFree,
    hasUndeclaredNames: method.statements.some((statement) =>
      statement.operands.some((operand) => mayBeArgument(method, operand)),
    ),
    finalizerEscapes: !profile.modelsFinalizer,
    shapes: shapesOf(method, maker, environment),
  };
}

/**
 * Whether a bare name may be an argument: no header declares the names, and the name is none of those
 * that are values by themselves.
 */
function mayBeArgument(method: Method, operand: Operand): boolean {
  if (operand.kind !== "name" || method.slotNumbers.size > 0) return false;
  if (method.header.signature !== null && method.nArguments < 2) return false;
  return !/^(?:true|false|nothing|missing|NaN(?:16|32)?|Inf(?:16|32)?|:)$|[^\p{L}\p{N}_!#@]/u.test(
    operand.text,
  );
}

/**
 * Shapes of all values. A type that the text does not lay out is mutable where the text shows it:
 * only mutable objects take a finalizer or a `setfield!`.
 */
function shapesOf(method: Method, maker: BodyMaker, environment: Environment): Uint8Array {
  const { types } = environment;
  const shownMutable = new Set<string>();
  for (const statement of method.statements) {
    const name = maker.builtinOf(statement);
    if (name !== "finalizer" && name !== "setfield!") continue;
    const object = statement.operands[name === "finalizer" ? 1 : 0];
    if (object !== undefined) shownMutable.add(typeKey(widen(maker.operandType(object))));
  }
  const shapes = new Uint8Array(method.nArguments + method.nStatements);
  const shapeOf = (printed: JuliaType): number => {
    const type = widen(printed);
    const data = type.kind === "where" ? type.body : type;
    if (data.kind !== "data" && data.kind !== "namedtuple") return 0;
    const layout = types.layout(data);
    let bits: number = shape.data;
    if (layout !== null) bits |= shape.layout;
    if (types.isMutable(data) ?? shownMutable.has(typeKey(type))) bits |= shape.mutable;
    if (layout?.fields.some((field) => field.isAtomic) === true) bits |= shape.atomic;
    return bits;
  };
  for (let k = 1; k <= method.nArguments; k++) shapes[k - 1] = shapeOf(maker.argumentType(k));
  for (let n = 1; n <= method.nStatements; n++) {
    shapes[method.nArguments + n - 1] = shapeOf(maker.ssaType(n));
  }
  return shapes;
}

/** Values with more origins than this are not followed. */
const originLimit = 32;

/** The operands that a statement only passes on; null where it makes something of its own. */
function originsOf(statement: Statement): readonly Operand[] | null {
  const { kind, operands } = statement;
  if (kind === "phi" || kind === "phic" || kind === "upsilon") return operands;
  if (kind === "pi") return operands.slice(0, 1);
  return kind === "value" && operands[0]?.kind === "ssa" ? operands : null;
}

const noAny: readonly boolean[] = [];

class BodyMaker {
  private readonly method: Method;
  private readonly environment: Environment;
  private readonly types: ValueTypes;

  constructor(method: Method, environment: Environment) {
    this.method = method;
    this.environment = environment;
    this.types = new ValueTypes(method, environment);
  }

  argumentType(number: number): JuliaType {
    return this.types.argument(number);
  }

  ssaType(position: number): JuliaType {
    return this.types.ssa(position);
  }

  operandType(operand: Operand): JuliaType {
    return this.types.operand(operand);
  }

  /** One statement; flags that the text annotates win over derived ones. */
  statement(statement: Statement, position: number): BodyStatement {
    const made = this.derive(statement, position);
    const annotatedNothrow = fromSigil(statement.facts?.get("n"));
    const annotatedEffect = fromSigil(statement.facts?.get("e"));
    if (annotatedNothrow === null && annotatedEffect === null) return made;
    // The flags were printed by a compiler that did not know the user's promises.
    const promised = made.kind === "invoke" ? made.callee?.assumed : undefined;
    const nothrow = promised?.nothrow === true ? made.nothrow : (annotatedNothrow ?? made.nothrow);
    const effectFree =
      promised?.effectFree === true ? made.effectFree : (annotatedEffect ?? made.effectFree);
    const terminates =
      made.kind === "invoke" ? made.callee?.effects?.terminates === "+" : made.kind !== "call";
    return {
      ...made,
      nothrow,
      effectFree,
      removable: terminates && nothrow === "yes" && effectFree === "yes",
    };
  }

  private value(operand: Operand): Value {
    const value = operandValue(this.method, operand);
    if (value !== 0) return value;
    if (operand.kind === "global") return globalValue;
    return mayBeArgument(this.method, operand) ? globalValue : 0;
  }

  private values(operands: readonly Operand[]): Value[] {
    return operands.map((operand) => this.value(operand));
  }

  private derive(statement: Statement, position: number): BodyStatement {
    switch (statement.kind) {
      case "phi":
      case "phic":
      case "upsilon":
        return plain("alias", statement.kind, this.values(statement.operands), "yes", true);
      case "pi":
        return plain("alias", "pi", this.values(statement.operands.slice(0, 1)), "yes", true);
      case "return":
        return plain("return", "return", this.values(statement.operands), "yes", false);
      case "goto":
      case "unreachable":
        return plain("none", statement.kind, [], "yes", false);
      case "gotoifnot":
        return this.branch(statement);
      case "enter":
        return this.region(this.enter(statement));
      case "leave":
        return plain("none", "leave", [], "no", false);
      case "value":
        return this.valueStatement(statement);
      case "new":
        return this.newStatement(statement, position);
      case "splatnew":
        return {
          ...plain("new", "splatnew", this.values(statement.operands), "no", false),
          fieldCount: -1,
        };
      case "foreigncall":
        return this.foreigncall(statement);
      case "invoke":
        return this.invoke(statement);
      case "call":
        return this.call(statement, position);
      case "expression":
        return this.expression(statement);
      case "dead":
        return plain("none", "dead", [], "no", false);
      case "opaque":
        return this.opaque();
    }
  }

  /** Statements that open and close regions have no nothrow flag up to 1.10. */
  private region(made: BodyStatement): BodyStatement {
    return this.environment.profile.flagsRegions ? made : { ...made, nothrow: "no" };
  }

  private branch(statement: Statement): BodyStatement {
    const [condition] = statement.operands;
    const isBool =
      condition !== undefined && baseName(widen(this.types.operand(condition))) === "Bool";
    return plain(
      "none",
      "gotoifnot",
      this.values(statement.operands),
      isBool ? "yes" : "unknown",
      false,
    );
  }

  private enter(statement: Statement): BodyStatement {
    const label = statement.blocks[0]?.label ?? 0;
    const block = label === 0 ? 0 : blockWithLabel(this.method, label);
    const handler = block === 0 ? 0 : (this.method.firstOf[block] ?? 0);
    return { ...plain("enter", "enter", this.values(statement.operands), "yes", false), handler };
  }

  private valueStatement(statement: Statement): BodyStatement {
    const [operand] = statement.operands;
    if (operand === undefined) return plain("none", "nothing", [], "yes", true);
    const value = this.value(operand);
    if (value === globalValue) {
      const nothrow = operand.text === "nothing" ? "yes" : "unknown";
      return {
        ...plain("global", "global", [value], nothrow, nothrow === "yes"),
        effectFree: "yes",
      };
    }
    if (value !== 0) return plain("alias", "copy", [value], "yes", true);
    return plain("none", operand.text === "nothing" ? "nothing" : "literal", [], "yes", true);
  }

  private fieldCount(type: JuliaType): number {
    const widened = widen(type);
    if (widened.kind === "union") return -1;
    return this.environment.types.layout(widened)?.fields.length ?? -1;
  }

  private newStatement(statement: Statement, position: number): BodyStatement {
    const type = this.types.ssa(position);
    const layout = this.environment.types.layout(type);
    const facts = statement.operands.slice(1).map((operand) => this.types.fact(operand));
    // Julia prints `%new` of a concrete type only with arguments that it could convert or prove.
    const fits =
      layout !== null &&
      facts.length <= layout.fields.length &&
      facts.every((fact, index) => {
        const field = layout.fields[index];
        return field !== undefined && (fact.isIntegerLiteral || isSubtype(fact.type, field.type));
      });
    const nothrow: Tri = fits ? "yes" : "unknown";
    const made = plain("new", "new", this.values(statement.operands), nothrow, fits);
    return { ...made, fieldCount: this.fieldCount(type) };
  }

  private foreigncall(statement: Statement): BodyStatement {
    const operands = statement.operands;
    const declared = operands[2];
    const declaredAny =
      declared?.kind === "svec" ? declared.children.map((one) => one.text === "Any") : noAny;
    const mask = effectMask(operands[4]);
    const nothrow: Tri = (mask & 4) !== 0 ? "yes" : "no";
    const removable = (mask & 0xe) === 0xe;
    const effectFree: Tri = (mask & 2) !== 0 ? "yes" : "no";
    return {
      ...plain("foreigncall", foreignName(operands[0]), this.values(operands), nothrow, removable),
      effectFree,
      declaredAny,
      notaskstate: (mask & 32) !== 0,
    };
  }

  private invoke(statement: Statement): BodyStatement {
    const callee = this.asTold(this.environment.callee(this.method, statement));
    const effects = callee?.effects ?? null;
    const throws = statement.type !== null && this.isBottom(statement);
    const nothrow: Tri = throws ? "no" : (fromSigil(effects?.nothrow) ?? "unknown");
    const effectFree: Tri = fromSigil(effects?.effectFree) ?? "unknown";
    const removable = nothrow === "yes" && effectFree === "yes" && effects?.terminates === "+";
    const args = statement.callee === null ? [] : [this.value(statement.callee)];
    return {
      ...plain(
        "invoke",
        statement.callee?.text ?? "",
        [...args, ...this.values(statement.operands)],
        nothrow,
        removable,
      ),
      effectFree,
      callee,
    };
  }

  /**
   * Facts about a callee with the answer about escapes that the profile allows. Bundled facts stand for
   * what a release keeps of its own library; with no IR to look into, only that of exception
   * constructors still holds (so recorded: `throw_inexacterror` is opaque, `ArgumentError` is not).
   */
  private asTold(callee: CalleeFacts | null): CalleeFacts | null {
    const { calleeAnswers } = this.environment.profile;
    const isAllowed =
      calleeAnswers === "native" ||
      (calleeAnswers === "every" && (callee?.key !== null || callee.effects?.nothrow === "+"));
    return callee === null || isAllowed ? callee : { ...callee, escapes: "opaque" };
  }

  private isBottom(statement: Statement): boolean {
    if (statement.type === null) return false;
    const type = this.environment.types.parse(
      this.method.text.slice(statement.type.start, statement.type.end),
    );
    return type.kind === "union" && type.members.length === 0;
  }

  private call(statement: Statement, position: number): BodyStatement {
    const { callee } = statement;
    const args = this.values(statement.operands);
    const calleeValue = callee === null ? 0 : this.value(callee);
    const name = this.builtinOf(statement);
    if (name === null || callee === null) {
      return plain("call", callee?.text ?? "", [calleeValue, ...args], "no", false);
    }
    const facts = statement.operands.map((operand) => this.types.fact(operand));
    const throws = this.isBottom(statement);
    if (isIntrinsicName(name)) {
      const nothrow: Tri = !throws && intrinsicNothrow(name, facts) ? "yes" : "no";
      const effectFree = isIntrinsicEffectFree(name);
      return {
        ...plain(
          "intrinsic",
          name,
          [calleeValue, ...args],
          nothrow,
          nothrow === "yes" && effectFree,
        ),
        effectFree: effectFree ? "yes" : "no",
      };
    }
    const proven =
      builtinNothrow(name, facts, this.environment.types) ||
      (name === "getfield" && this.isVisiblySet(statement, facts));
    const nothrow: Tri = !throws && proven ? "yes" : this.maybe(name);
    const effectFree = isBuiltinEffectFree(name);
    const made: BodyStatement = {
      ...plain("builtin", name, [calleeValue, ...args], nothrow, nothrow === "yes" && effectFree),
      effectFree: effectFree ? "yes" : "no",
    };
    if (name === "donotdelete" && !this.environment.profile.modelsDonotdelete)
      return { ...made, kind: "conservative" };
    return this.withFields(made, statement, facts, position);
  }

  /** A load of a field that every visible `%new` of the object has set: 1.12+ keeps track of that. */
  private isVisiblySet(statement: Statement, facts: readonly ArgumentFact[]): boolean {
    const [object] = statement.operands;
    const name = facts[1]?.constant ?? null;
    if (!this.environment.profile.tracksDefinedFields || object === undefined || name === null) {
      return false;
    }
    if (facts.length > 2) return false;
    return this.makers(object).every((position) => this.setsField(position, name));
  }

  /** Statements that the value can come from, through φ, π, ϒ and copies; 0 for any other origin. */
  private makers(object: Operand): number[] {
    const found: number[] = [];
    const seen = new Set<number>();
    const work = [operandValue(this.method, object)];
    for (let value = work.pop(); value !== undefined; value = work.pop()) {
      if (seen.has(value)) continue;
      seen.add(value);
      const statement = value > 0 ? this.method.statements[value - 1] : undefined;
      if (statement === undefined || seen.size > originLimit) return [0];
      const operands = originsOf(statement);
      if (operands === null) found.push(value);
      else for (const operand of operands) work.push(operandValue(this.method, operand));
    }
    return found;
  }

  private setsField(position: number, name: string): boolean {
    const made = this.method.statements[position - 1];
    if (made?.kind !== "new") return false;
    const type = widen(this.types.ssa(position));
    const field = this.environment.types.fieldIndex(type, name);
    const isAtomic = this.environment.types.layout(type)?.fields[field - 1]?.isAtomic === true;
    return field > 0 && field < made.operands.length && !isAtomic;
  }

  /** Builtins whose answer hangs on layouts that the text may lack. */
  private maybe(name: string): Tri {
    return name === "getfield" ||
      name === "setfield!" ||
      name === "apply_type" ||
      name === "getglobal"
      ? "unknown"
      : "no";
  }

  private withFields(
    made: BodyStatement,
    statement: Statement,
    facts: readonly ArgumentFact[],
    position: number,
  ): BodyStatement {
    const { types } = this.environment;
    if (made.name === "tuple") return { ...made, fieldCount: this.tupleCount(statement, position) };
    if (made.name === "ifelse") {
      const constant = facts[0]?.constant;
      return {
        ...made,
        condition: constant === "true" ? true : constant === "false" ? false : null,
      };
    }
    if (made.name === "isdefined") return { ...made, ordered: isOrdered(facts, 2) };
    if (made.name !== "getfield" && made.name !== "setfield!") return made;
    const object = widen(facts[0]?.type ?? unknownType);
    const name = facts[1]?.constant ?? null;
    return {
      ...made,
      field: name === null || object.kind === "where" ? 0 : types.fieldIndex(object, name),
      fieldCount: this.fieldCount(object),
      ordered: isOrdered(facts, made.name === "getfield" ? 2 : 3),
      maybeModule: mayBeModule(object),
      fieldStoreNothrow:
        made.name === "setfield!" && facts.length === 3 && setfieldNothrow(facts, types),
    };
  }

  private tupleCount(statement: Statement, position: number): number {
    const printed = this.fieldCount(this.types.ssa(position));
    return printed >= 0 ? printed : statement.operands.length;
  }

  /** The builtin or intrinsic that a call's callee names; null for generic functions. */
  builtinOf(statement: Statement): string | null {
    const { callee, label } = statement;
    if (callee === null || label === "dynamic" || label === "unknown") return null;
    if (callee.kind !== "global" && callee.kind !== "name") return null;
    if (callee.kind === "name" && operandValue(this.method, callee) !== 0) return null;
    if (callee.text === "getproperty" && label === "builtin") return "getfield";
    const isKnown = builtinNames.has(callee.text) || isIntrinsicName(callee.text);
    if (isKnown) return callee.text;
    return label === "builtin" || label === "intrinsic" ? callee.text : null;
  }

  private expression(statement: Statement): BodyStatement {
    const args = this.values(statement.operands);
    switch (statement.name) {
      case "gc_preserve_begin":
        return this.region(plain("none", statement.name, args, "yes", false));
      case "gc_preserve_end":
        return this.region(plain("preserveend", statement.name, args, "yes", false));
      case "pop_exception":
      case "aliasscope":
      case "popaliasscope":
        return this.region(plain("none", statement.name, [], "yes", false));
      case "inbounds":
        return plain("none", statement.name, [], "yes", false);
      case "the_exception":
      case "boundscheck":
      case "isdefined":
      case "copyast":
        return plain("none", statement.name, [], "yes", true);
      case "throw_undef_if_not":
      case "loopinfo":
      case "code_coverage_effect":
      case "meta":
      case "line":
        return plain("none", statement.name, args, "no", false);
      case "static_parameter":
        return { ...plain("none", statement.name, args, "unknown", false), effectFree: "yes" };
      default:
        return plain("conservative", statement.name, args, "no", false);
    }
  }

  /** A line that could not be read may use and do anything: all values of the method take part. */
  private opaque(): BodyStatement {
    const all: Value[] = [];
    for (let k = 1; k <= this.method.nArguments; k++) all.push(-k);
    for (let n = 1; n <= this.method.nStatements; n++) all.push(n);
    return plain("conservative", "opaque", all, "no", false);
  }
}

function plain(
  kind: BodyKind,
  name: string,
  args: readonly Value[],
  nothrow: Tri,
  removable: boolean,
): BodyStatement {
  return {
    kind,
    name,
    args,
    nothrow,
    effectFree: removable ? "yes" : "no",
    removable,
    field: 0,
    fieldCount: -1,
    maybeModule: false,
    fieldStoreNothrow: false,
    declaredAny: noAny,
    ordered: false,
    condition: null,
    notaskstate: false,
    handler: 0,
    callee: null,
  };
}

function fromSigil(sigil: "+" | "!" | "?" | null | undefined): Tri | null {
  if (sigil === "+") return "yes";
  if (sigil === "!") return "no";
  return null;
}

/** Whether a field access names an order other than `:not_atomic`; a Bool there is no order. */
function isOrdered(facts: readonly ArgumentFact[], index: number): boolean {
  const fact = facts[index];
  if (fact === undefined || baseName(widen(fact.type)) === "Bool") return false;
  return fact.constant !== "not_atomic";
}

function mayBeModule(type: JuliaType): boolean {
  if (type.kind === "unknown") return true;
  if (type.kind === "union") return type.members.some(mayBeModule);
  return type.kind === "data" && (type.name === "Any" || type.name === "Module");
}
