// The effects of builtins and intrinsics as Julia's compiler computes them, on printed types and
// constants: five of the nine components, those that placements hang on. Everything without a row here
// is a builtin that the compiler has no model of.
// Source: Compiler/src/tfuncs.jl (`builtin_effects`, `intrinsic_effects`); spec effects.md §4 and §5,
// held against spec/samples/effects-tables-1.13dev.txt by a test.

import type { JuliaType } from "../../syntax/type.ts";
import type { EffectName } from "../method-summary.ts";
import { baseName, type TypeTable, widen } from "../type-table.ts";
import {
  type ArgumentFact,
  builtinNothrow,
  intrinsicNothrow,
  isIntrinsicName,
} from "./builtins.ts";
import type { Sigil } from "./effects.ts";

/** One call's effects; `?` is a conditional truth: the memory of arguments only. */
export type EffectRow = Readonly<Record<EffectName, Sigil>>;

/** Letters e, t, s, m of builtins whose effects do not hang on the arguments; `.` is computed. */
const rows: ReadonlyMap<string, string> = new Map([
  ...list("tuple svec === typeof nfields isa <: typeassert ifelse sizeof fieldtype", "++++"),
  ...list("apply_type throw throw_methoderror compilerbarrier get_binding_type", "++++"),
  ...list("_typevar memorynew", "++++"),
  ...list("current_scope", "++!+"),
  ...list("getfield isdefined", "+++."),
  ...list("_svec_ref memoryrefnew memoryrefoffset memoryrefget memoryref_isassigned", "+++?"),
  ...list("memoryref arrayref const_arrayref arraysize", "+++?"),
  ...list("setfield! memoryrefset! arrayset", "?++?"),
  ...list("swapfield! modifyfield! replacefield!", "!++?"),
  ...list("donotdelete", "!+++"),
  ...list("getglobal setglobal! finalizer applicable _expr", "!++!"),
]);

function list(names: string, row: string): [string, string][] {
  return names.split(" ").map((name) => [name, row]);
}

/** Builtins that run a function that they are handed: Julia's rows for them speak of themselves only. */
const callers: ReadonlySet<string> = new Set(["modifyfield!", "memoryrefmodify!", "modifyglobal!"]);

/** Whether the builtin may run code that its row does not speak of. */
export function runsOtherCode(name: string): boolean {
  return callers.has(name) || !(rows.has(name) || isIntrinsicName(name)) || isForeignCode(name);
}

/** Intrinsics of which the compiler knows nothing. */
function isForeignCode(name: string): boolean {
  return name === "llvmcall" || name === "atomic_pointermodify";
}

/** The effects of a call of the builtin or intrinsic `name` (the callee left out of `args`). */
export function builtinEffects(
  name: string,
  args: readonly ArgumentFact[],
  types: TypeTable,
): EffectRow {
  if (isIntrinsicName(name)) return intrinsicEffects(name, args);
  const row = rows.get(name) ?? "!!!!";
  const memory = row[3] === "." ? loadedMemory(args[0], types) : sigil(row[3]);
  return {
    effectFree: sigil(row[0]),
    nothrow: builtinNothrow(name, args, types) ? "+" : "!",
    terminates: sigil(row[1]),
    notaskstate: sigil(row[2]),
    inaccessiblememonly: memory,
  };
}

function intrinsicEffects(name: string, args: readonly ArgumentFact[]): EffectRow {
  const nothrow = intrinsicNothrow(name, args) ? "+" : "!";
  const isAtomic = name.startsWith("atomic_");
  const known = isForeignCode(name) ? "!" : "+";
  const writes = isForeignCode(name) || isAtomic || name === "pointerset";
  return {
    effectFree: writes ? "!" : "+",
    nothrow,
    terminates: known,
    notaskstate: known,
    inaccessiblememonly: writes || name === "pointerref" ? "!" : "+",
  };
}

function sigil(letter: string | undefined): Sigil {
  return letter === "+" || letter === "?" ? letter : "!";
}

/** What a load from the object touches: a module's bindings, nothing that changes, or its argument. */
function loadedMemory(object: ArgumentFact | undefined, types: TypeTable): Sigil {
  if (object === undefined || mayBeModule(object.type)) return "!";
  return isMutationFree(object.type, types) ? "+" : "?";
}

/** Whether nothing that is reached from a value of the type can be written. False where not known. */
export function isMutationFree(type: JuliaType, types: TypeTable): boolean {
  const widened = widen(type);
  if (widened.kind === "data" && widened.name === "Module") return false;
  return types.isIdentityFree(widened);
}

function mayBeModule(type: JuliaType): boolean {
  const widened = widen(type);
  if (widened.kind === "unknown") return true;
  if (widened.kind === "union") return widened.members.some(mayBeModule);
  const name = baseName(widened);
  return name === "Any" || name === "Module";
}
