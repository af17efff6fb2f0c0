// The names of Julia's builtins and intrinsics, and for each the condition under which it cannot
// throw, on printed types and constants. An answer `true` is proven by the text; `false` means "may
// throw, or not known".
// Source: Compiler/src/tfuncs.jl; spec effects.md §4 (builtins) and §5 (intrinsics).

import type { JuliaType } from "../../syntax/type.ts";
import {
  baseName,
  bitsOf,
  isFloat,
  isSubtype,
  sameType,
  type TypeTable,
  widen,
} from "../type-table.ts";

/** What is known of one argument. */
export interface ArgumentFact {
  readonly type: JuliaType;
  /** The printed constant, `:x` without its colon for a symbol; null for other values. */
  readonly constant: string | null;
  /** The type that the argument *is*, where it is a constant type. */
  readonly asType: JuliaType | null;
  /** An integer literal, whose width Julia does not print. */
  readonly isIntegerLiteral: boolean;
}

/** Builtins with a model in Julia's compiler, and those that it knows nothing about. */
export const builtinNames: ReadonlySet<string> = new Set([
  "tuple",
  "svec",
  "===",
  "typeof",
  "nfields",
  "isa",
  "<:",
  "typeassert",
  "ifelse",
  "sizeof",
  "fieldtype",
  "apply_type",
  "getfield",
  "setfield!",
  "swapfield!",
  "modifyfield!",
  "replacefield!",
  "setfieldonce!",
  "isdefined",
  "getglobal",
  "setglobal!",
  "get_binding_type",
  "throw",
  "throw_methoderror",
  "donotdelete",
  "finalizer",
  "compilerbarrier",
  "current_scope",
  "applicable",
  "_expr",
  "_typevar",
  "_svec_ref",
  "memorynew",
  "memoryrefnew",
  "memoryrefoffset",
  "memoryrefget",
  "memoryref_isassigned",
  "memoryrefset!",
  "invoke",
  "invokelatest",
  "invoke_in_world",
  "_call_in_world",
  "_call_in_world_total",
  "_apply_iterate",
  "_call_latest",
  "memoryrefmodify!",
  "memoryrefreplace!",
  "memoryrefsetonce!",
  "memoryrefswap!",
  "modifyglobal!",
  "replaceglobal!",
  "swapglobal!",
  "setglobalonce!",
  "isdefinedglobal",
  "_abstracttype",
  "_structtype",
  "_primitivetype",
  "_setsuper!",
  "_typebody!",
  "_equiv_typedef",
  "_compute_sparams",
  "_defaultctors",
  "arrayref",
  "const_arrayref",
  "arrayset",
  "arraysize",
  "set_binding_type!",
  "memoryref",
  "arrayfreeze",
  "arraythaw",
  "mutating_arrayfreeze",
]);

const sameTypeIntrinsics: ReadonlySet<string> = new Set([
  "add_int",
  "sub_int",
  "mul_int",
  "sdiv_int",
  "udiv_int",
  "srem_int",
  "urem_int",
  "and_int",
  "or_int",
  "xor_int",
  "eq_int",
  "ne_int",
  "slt_int",
  "sle_int",
  "ult_int",
  "ule_int",
  "flipsign_int",
  "checked_sadd_int",
  "checked_ssub_int",
  "checked_smul_int",
  "checked_uadd_int",
  "checked_usub_int",
  "checked_umul_int",
  "neg_int",
  "not_int",
  "bswap_int",
  "ctpop_int",
  "ctlz_int",
  "cttz_int",
  "add_ptr",
  "sub_ptr",
]);
const shifts: ReadonlySet<string> = new Set(["shl_int", "lshr_int", "ashr_int"]);
const floatIntrinsics: ReadonlySet<string> = new Set([
  "neg_float",
  "add_float",
  "sub_float",
  "mul_float",
  "div_float",
  "rem_float",
  "min_float",
  "max_float",
  "min_float_fast",
  "max_float_fast",
  "fma_float",
  "muladd_float",
  "eq_float",
  "ne_float",
  "lt_float",
  "le_float",
  "fpiseq",
  "abs_float",
  "copysign_float",
  "ceil_llvm",
  "floor_llvm",
  "trunc_llvm",
  "rint_llvm",
  "sqrt_llvm",
  "add_float_fast",
  "sub_float_fast",
  "mul_float_fast",
  "div_float_fast",
  "neg_float_fast",
  "eq_float_fast",
  "ne_float_fast",
  "lt_float_fast",
  "le_float_fast",
  "sqrt_llvm_fast",
]);
const checkedDivisions: ReadonlySet<string> = new Set([
  "checked_sdiv_int",
  "checked_udiv_int",
  "checked_srem_int",
  "checked_urem_int",
]);
const conversions: ReadonlySet<string> = new Set([
  "sext_int",
  "zext_int",
  "trunc_int",
  "fptoui",
  "fptosi",
  "uitofp",
  "sitofp",
  "fptrunc",
  "fpext",
]);
const otherIntrinsics: ReadonlySet<string> = new Set([
  "bitcast",
  "pointerref",
  "pointerset",
  "atomic_pointerref",
  "atomic_pointerset",
  "atomic_pointerswap",
  "atomic_pointerreplace",
  "atomic_pointermodify",
  "atomic_fence",
  "have_fma",
  "cglobal",
  "llvmcall",
  "arraylen",
  "fptosi_sat",
]);

/** Intrinsic functions, by what their operands have to be. */
export const intrinsicNames: ReadonlySet<string> = new Set([
  ...sameTypeIntrinsics,
  ...shifts,
  ...floatIntrinsics,
  ...checkedDivisions,
  ...conversions,
  ...otherIntrinsics,
]);

/** Whether a bare name is an intrinsic function's. */
export function isIntrinsicName(name: string): boolean {
  return intrinsicNames.has(name);
}

/** Intrinsics that write memory or do what cannot be undone. */
export function isIntrinsicEffectFree(name: string): boolean {
  return !(name === "pointerset" || name === "llvmcall" || name.startsWith("atomic_"));
}

/** Whether the intrinsic cannot throw on these arguments. */
export function intrinsicNothrow(name: string, args: readonly ArgumentFact[]): boolean {
  const [first, second, third, fourth] = args;
  if (first === undefined || !hasArity(name, args.length)) return false;
  if (sameTypeIntrinsics.has(name)) {
    return bitsOf(effectiveType(first, args)) > 0 && args.every((one) => agree(first, one, args));
  }
  if (shifts.has(name)) {
    return args.length === 2 && args.every((one) => bitsOf(effectiveType(one, args)) > 0);
  }
  if (floatIntrinsics.has(name)) {
    return isFloat(first.type) && args.every((one) => sameType(first.type, one.type));
  }
  if (checkedDivisions.has(name))
    return second !== undefined && safeDivision(name, first, second, args);
  if (conversions.has(name)) return second !== undefined && safeConversion(name, first, second);
  if (name === "bitcast") {
    const target = first.asType;
    if (target === null || second === undefined || args.length !== 2) return false;
    const bits =
      target.kind === "data" && baseName(target) === "Ptr" && target.parameters.length === 0
        ? 0
        : bitsOf(target);
    return bits > 0 && bits === bitsOf(second.type);
  }
  if (name === "pointerref") {
    return args.length === 3 && validPointer(first.type) && isInt(second) && isInt(third);
  }
  if (name === "pointerset") {
    const element = elementOfPointer(first.type);
    return (
      args.length === 4 &&
      element !== null &&
      second !== undefined &&
      isSubtype(second.type, element) &&
      isInt(third) &&
      isInt(fourth)
    );
  }
  if (name === "have_fma") return first.asType !== null && bitsOf(first.asType) > 0;
  return false;
}

const unary =
  /^(?:neg_|not_|bswap_|ctpop_|ctlz_|cttz_|abs_|ceil_|floor_|trunc_llvm|rint_|sqrt_|have_fma)/;

/** Whether an intrinsic takes so many operands: two, but for these. */
function hasArity(name: string, count: number): boolean {
  if (unary.test(name)) return count === 1;
  if (name === "fma_float" || name === "muladd_float") return count === 3;
  return otherIntrinsics.has(name) || count === 2;
}

/** An integer literal takes the type of the other operands: `sub_int(%1::Int32, 1)` is well typed. */
function effectiveType(one: ArgumentFact, args: readonly ArgumentFact[]): JuliaType {
  if (!one.isIntegerLiteral) return one.type;
  return args.find((other) => !other.isIntegerLiteral)?.type ?? one.type;
}

function agree(first: ArgumentFact, one: ArgumentFact, args: readonly ArgumentFact[]): boolean {
  return sameType(effectiveType(first, args), effectiveType(one, args));
}

function safeDivision(
  name: string,
  dividend: ArgumentFact,
  divisor: ArgumentFact,
  args: readonly ArgumentFact[],
): boolean {
  if (divisor.constant === null || bitsOf(effectiveType(dividend, args)) === 0) return false;
  const value = Number(divisor.constant);
  if (!Number.isFinite(value) || value === 0) return false;
  if (name === "checked_sdiv_int" && value === -1) return dividend.constant !== null;
  return agree(dividend, divisor, args);
}

function safeConversion(name: string, target: ArgumentFact, source: ArgumentFact): boolean {
  const to = target.asType;
  if (to === null || bitsOf(to) === 0 || bitsOf(source.type) === 0) return false;
  switch (name) {
    case "fpext":
      return isFloat(to) && isFloat(source.type) && bitsOf(to) > bitsOf(source.type);
    case "fptrunc":
      return isFloat(to) && isFloat(source.type) && bitsOf(to) < bitsOf(source.type);
    case "fptoui":
    case "fptosi":
      return isFloat(source.type);
    case "uitofp":
    case "sitofp":
      return isFloat(to);
    default:
      return true;
  }
}

function elementOfPointer(type: JuliaType): JuliaType | null {
  const pointer = widen(type);
  if (pointer.kind !== "data" || baseName(pointer) !== "Ptr") return null;
  return pointer.parameters[0] ?? null;
}

function validPointer(type: JuliaType): boolean {
  const element = elementOfPointer(type);
  return element !== null && element.kind === "data";
}

function isInt(fact: ArgumentFact | undefined): boolean {
  return fact !== undefined && (fact.isIntegerLiteral || baseName(widen(fact.type)) === "Int64");
}

function isType(fact: ArgumentFact | undefined): boolean {
  if (fact === undefined) return false;
  if (fact.asType !== null) return true;
  const name = baseName(widen(fact.type));
  return name === "Type" || name === "DataType" || name === "UnionAll" || name === "Union";
}

function isBool(fact: ArgumentFact | undefined): boolean {
  return fact !== undefined && baseName(widen(fact.type)) === "Bool";
}

/** Whether the builtin cannot throw on these arguments (the callee left out). */
export function builtinNothrow(
  name: string,
  args: readonly ArgumentFact[],
  types: TypeTable,
): boolean {
  const [first, second, third] = args;
  switch (name) {
    case "tuple":
    case "svec":
    case "donotdelete":
      return true;
    case "===":
      return args.length === 2;
    case "typeof":
    case "nfields":
      return args.length === 1;
    case "isa":
      return args.length === 2 && isType(second);
    case "<:":
      return args.length === 2 && isType(first) && isType(second);
    case "typeassert":
      return (
        first !== undefined &&
        second !== undefined &&
        second.asType !== null &&
        isSubtype(first.type, second.asType)
      );
    case "ifelse":
      return args.length === 3 && isBool(first);
    case "sizeof":
      return first !== undefined && args.length === 1 && hasSize(first, types);
    case "apply_type":
      return false;
    case "fieldtype":
      return args.length === 2 && isFieldOfType(first, second, types);
    case "get_binding_type":
      return args.length === 2 && isOfType(first, "Module") && isOfType(second, "Symbol");
    case "_typevar":
      return args.length === 3 && isOfType(first, "Symbol") && isBound(second) && isBound(third);
    case "memorynew":
      return args.length === 2 && isLegalMemory(first, second);
    case "getfield":
      return getfieldNothrow(args, types);
    case "setfield!":
      return setfieldNothrow(args, types);
    case "isdefined":
      return args.length === 2 && isFieldName(second);
    case "finalizer":
      return args.length >= 2 && args.length <= 4;
    case "compilerbarrier":
      return ["type", "const", "conditional"].includes(first?.constant ?? "");
    case "current_scope":
      return args.length === 0;
    case "_expr":
      return baseName(widen(first?.type ?? { kind: "unknown", text: "" })) === "Symbol";
    case "memoryrefoffset":
      return first !== undefined && isNamed(first.type, "MemoryRef", "GenericMemoryRef");
    case "memoryrefnew":
      return memoryrefnewNothrow(args);
    case "memoryrefget":
      return memoryAccess(args) && types.isBits(elementType(first)) && third?.constant === "false";
    case "memoryref_isassigned":
      return memoryAccess(args) && third?.constant === "false";
    case "memoryrefset!": {
      const element = elementType(first);
      return (
        args.length === 4 &&
        args[3]?.constant === "false" &&
        second !== undefined &&
        element.kind !== "unknown" &&
        isSubtype(second.type, element)
      );
    }
    case "arraysize":
      return (
        first !== undefined &&
        isNamed(first.type, "Array", "Vector", "Matrix") &&
        Number(second?.constant) > 0
      );
    default:
      return false;
  }
}

function isOfType(fact: ArgumentFact | undefined, name: string): boolean {
  return fact !== undefined && isNamed(fact.type, name);
}

/** A bound of a type variable: a type that is known, or another variable. */
function isBound(fact: ArgumentFact | undefined): boolean {
  return fact !== undefined && (fact.asType !== null || isNamed(fact.type, "TypeVar"));
}

/** Whether the constant names a field of the constant struct type. */
function isFieldOfType(
  type: ArgumentFact | undefined,
  field: ArgumentFact | undefined,
  types: TypeTable,
): boolean {
  if (type === undefined || type.asType === null || !field?.constant) return false;
  return types.fieldIndex(type.asType, field.constant) > 0;
}

/** Elements of a Memory take at most this many bytes, or the length has to be smaller still. */
const largestElement = 1 << 16;

/** Whether a Memory of the constant type and length can be asked for. */
function isLegalMemory(type: ArgumentFact | undefined, length: ArgumentFact | undefined): boolean {
  const memory = type?.asType ?? null;
  if (memory?.kind !== "data" || baseName(memory) !== "Memory") return false;
  if (memory.parameters[0]?.kind !== "data" || !length?.isIntegerLiteral) return false;
  const count = Number(length.constant);
  return count >= 0 && count < Number.MAX_SAFE_INTEGER / largestElement;
}

function isNamed(type: JuliaType, ...names: string[]): boolean {
  const widened = widen(type);
  const name = widened.kind === "data" ? baseName(widened) : null;
  return name !== null && names.includes(name);
}

function elementType(reference: ArgumentFact | undefined): JuliaType {
  const type = reference === undefined ? null : widen(reference.type);
  const element = type?.kind === "data" ? type.parameters[0] : undefined;
  return element ?? { kind: "unknown", text: "" };
}

function memoryAccess(args: readonly ArgumentFact[]): boolean {
  const [reference] = args;
  return (
    args.length === 3 &&
    reference !== undefined &&
    isNamed(reference.type, "MemoryRef", "GenericMemoryRef")
  );
}

function memoryrefnewNothrow(args: readonly ArgumentFact[]): boolean {
  const [first, second, third] = args;
  if (first === undefined) return false;
  if (args.length === 1) return isNamed(first.type, "Memory", "GenericMemory");
  return (
    args.length === 3 &&
    isNamed(first.type, "MemoryRef", "GenericMemoryRef") &&
    isInt(second) &&
    third?.constant === "false"
  );
}

function isFieldName(fact: ArgumentFact | undefined): boolean {
  if (fact === undefined) return false;
  const name = baseName(widen(fact.type));
  return name === "Symbol" || name === "Int64" || fact.isIntegerLiteral;
}

function hasSize(fact: ArgumentFact, types: TypeTable): boolean {
  const type = widen(fact.type);
  if (fact.asType !== null) return bitsOf(fact.asType) > 0;
  if (bitsOf(type) > 0 || isNamed(type, "String", "Vector", "Memory", "Array")) return true;
  return types.layout(type) !== null;
}

/** `getfield(o, name[, order][, boundscheck])`, spec effects.md §4.2. */
function getfieldNothrow(args: readonly ArgumentFact[], types: TypeTable): boolean {
  const [object, name, third, fourth] = args;
  if (object === undefined || name === undefined || args.length > 4) return false;
  const orderIsThird = third !== undefined && (fourth !== undefined || !isBool(third));
  if (orderIsThird && third.constant !== "not_atomic") return false;
  const check = fourth ?? (third !== undefined && !orderIsThird ? third : undefined);
  const isOff = check?.constant === "false";
  return fieldIsReadable(widen(object.type), name, isOff, types);
}

function fieldIsReadable(
  type: JuliaType,
  name: ArgumentFact,
  isOff: boolean,
  types: TypeTable,
): boolean {
  if (type.kind === "union") {
    return type.members.every((member) => fieldIsReadable(member, name, isOff, types));
  }
  const layout = types.layout(type);
  if (layout === null) return false;
  const allSet = layout.initialised >= layout.fields.length;
  if (isOff && allSet && isFieldName(name)) return true;
  if (name.constant === null) return false;
  const index = types.fieldIndex(type, name.constant);
  const field = layout.fields[index - 1];
  if (field === undefined || field.isAtomic) return false;
  return index <= layout.initialised || types.isBits(field.type);
}

/** `setfield!(o, name, v[, order])`, spec effects.md §4.2. */
export function setfieldNothrow(args: readonly ArgumentFact[], types: TypeTable): boolean {
  const [object, name, value, order] = args;
  if (object === undefined || name === undefined || value === undefined || args.length > 4)
    return false;
  if (order !== undefined && order.constant !== "not_atomic") return false;
  const isWritable = (type: JuliaType): boolean => {
    if (type.kind === "union") return type.members.every(isWritable);
    const layout = types.layout(type);
    if (layout === null || !layout.mutable || name.constant === null) return false;
    const field = layout.fields[types.fieldIndex(type, name.constant) - 1];
    if (field === undefined || field.isConst || field.isAtomic) return false;
    return (
      isSubtype(value.type, field.type) ||
      (value.isIntegerLiteral && bitsOf(field.type) > 0 && !isFloat(field.type))
    );
  };
  return isWritable(widen(object.type));
}

const effectful: ReadonlySet<string> = new Set([
  "setfield!",
  "swapfield!",
  "modifyfield!",
  "replacefield!",
  "setfieldonce!",
  "setglobal!",
  "donotdelete",
  "finalizer",
  "memoryrefset!",
  "invoke",
  "invokelatest",
  "invoke_in_world",
  "_call_in_world",
  "_call_in_world_total",
  "_apply_iterate",
  "_call_latest",
  "applicable",
  "_expr",
  "arrayset",
]);

/** Whether a call of the builtin has no effect that anybody else could see. */
export function isBuiltinEffectFree(name: string): boolean {
  return (
    builtinNames.has(name) &&
    !effectful.has(name) &&
    !name.startsWith("memoryrefm") &&
    !name.startsWith("memoryrefr") &&
    !name.startsWith("memoryrefs") &&
    !name.endsWith("global!") &&
    !name.startsWith("_type") &&
    !name.startsWith("_struct") &&
    !name.startsWith("_abstract") &&
    !name.startsWith("_primitive") &&
    !name.startsWith("_set") &&
    !name.startsWith("set_")
  );
}
