// The effects of builtins and intrinsics against those that a real Julia computed for the same argument
// types: every line of spec/samples/effects-tables-1.13dev.txt. What differs stands in `kept`, with its
// cause, and a difference that is gone has to go from there too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { builtinEffects } from "../../server/src/analysis/effects/builtin-effects.ts";
import { type ArgumentFact, isIntrinsicName } from "../../server/src/analysis/effects/builtins.ts";
import { TypeTable, typeOfLiteral } from "../../server/src/analysis/type-table.ts";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import { parseType } from "../../server/src/syntax/type.ts";

const read = (name: string): string =>
  readFileSync(new URL(`../../../test/data/${name}`, import.meta.url), "utf8");

/** The types that the sample's labels speak of. */
const header = `MethodInstance for f()
  type M mutable (x::Int64, c::Int64 const, a::Int64 atomic)
  type MU mutable (x::Any)
  type S (x::Int64, y::Any)
  type SU (x::Int64, y::Any)
CodeInfo(
1 ─     return nothing
) => Nothing
`;
const types = new TypeTable(readMethod(header)?.header.types ?? []);

/** Lines that differ, and why. `+` for us where Julia has `!` would be unsafe, and is not here. */
const kept: ReadonlyMap<string, string> = new Map([
  ["getfield(SU,:y)", "a `type` line does not say that a constructor leaves `y` unset"],
  ["getfield(SU,Int,false)", "the same"],
  ["apply_type(Const(Vector),Const(Int))", "that the result is one constant type is not asked"],
  ["_svec_ref(Const)", "the elements of a constant vector are not printed"],
  ["getfield(M,Symbol,false)", "a `type` line does not say that every constructor sets `x`"],
]);

const named = (text: string): ArgumentFact => ({
  type: parseType(text.replace(/\bInt\b/g, "Int64")),
  constant: null,
  asType: null,
  isIntegerLiteral: false,
});

/** One argument in the sample's notation: `Any`, `Const(:x)`, `C(3)`, `refAny`, `false`. */
function fact(notation: string): ArgumentFact {
  const inner = /^(?:Const|C)\((.*)\)$/.exec(notation)?.[1] ?? notation;
  const isConstant = inner !== notation;
  if (inner === "Const") return { ...named("Any"), constant: "1" };
  if (inner === "Base") return named("Module");
  if (inner.startsWith(":")) {
    const name = inner === ":na" ? "not_atomic" : inner.slice(1);
    return { ...named("Symbol"), constant: name };
  }
  if (/^(?:true|false)$/.test(inner)) return { ...named("Bool"), constant: inner };
  if (/^-?\d+$/.test(inner)) return { ...named("Int"), constant: inner, isIntegerLiteral: true };
  const reference = /^ref(.*)$/.exec(inner);
  if (reference !== null) return named(`MemoryRef{${reference[1] || "Int"}}`);
  if (inner === "svec") return named("SimpleVector");
  if (inner === "Memory") return named("Memory{Int}");
  const one = /^Type\{([^<].*)\}$/.exec(inner)?.[1];
  if (one !== undefined) return { ...named(inner), asType: named(one).type };
  return isConstant ? { ...named("DataType"), asType: named(inner).type } : named(inner);
}

function split(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  for (const piece of list.split(/([(){},])/)) {
    if (piece === "," && depth === 0) parts.push("");
    else {
      if ("({".includes(piece) && piece !== "") depth++;
      if (")}".includes(piece) && piece !== "") depth--;
      parts.push((parts.pop() ?? "") + piece);
    }
  }
  return parts.map((one) => one.trim()).filter((one) => one !== "");
}

/** Arguments where the label names none. */
const defaults: ReadonlyMap<string, string> = new Map([
  ["===", "Any,Any"],
  ["nfields", "Any"],
  ["throw", "Any"],
  ["throw_methoderror", "Any"],
  ["donotdelete", "Any"],
  ["applicable", "Any,Any"],
  ["getglobal", "Module,Symbol"],
]);

/** `getfield(M,:x)` as a call. */
function callOf(label: string): [string, ArgumentFact[]] {
  const [, name = "", given] = /^(\S+?)(?:\((.*)\))?$/.exec(label) ?? [];
  const count = /^(\w+)\/(\d)$/.exec(name);
  if (count !== null)
    return [count[1] ?? "", Array.from({ length: Number(count[2]) }, () => named("Any"))];
  const list = split(given ?? defaults.get(name) ?? "").flatMap((one) =>
    one === ".." ? ["Any", "Any"] : one === "Type.." ? ["Type", "Type"] : [one],
  );
  // The label leaves the order out.
  if (name === "memoryrefget" && list.length === 2) list.splice(1, 0, ":na");
  return [name, list.map(fact)];
}

function shown(name: string, args: readonly ArgumentFact[]): string {
  const row = builtinEffects(name, args, types);
  return `${row.effectFree}e,${row.nothrow}n,${row.terminates}t,${row.notaskstate}s,${row.inaccessiblememonly}m`;
}

/** The five components of a printed line. */
function five(printed: string): string {
  const of = (letter: string): string => new RegExp(`[+!?](?=${letter})`).exec(printed)?.[0] ?? "";
  return [..."entsm"].map((letter) => of(letter) + letter).join(",");
}

const text = read("effects-tables-1.13dev.txt");
const sections = text.split(/^(?:---|# intrinsics).*$/m);

test("builtins by argument types", () => {
  const lines = (sections[0] ?? "").split("\n").filter((line) => /^[^#]/.test(line));
  assert.ok(lines.length > 100);
  for (const line of lines) {
    const [, label = "", printed = ""] = /^(.*?)(?: rt ?=?\w+)?\s+(\(.c.*\))$/.exec(line) ?? [];
    const [name, args] = callOf(label);
    const differs = shown(name, args) !== five(printed);
    assert.equal(
      differs,
      kept.has(label),
      `${label}: Julia ${five(printed)}, ours ${shown(name, args)}`,
    );
  }
});

/** Builtins that stand in the sample under another name, or that inference itself knows better. */
const otherwise: ReadonlyMap<string, string> = new Map([
  ["setglobal!", "inference has a rule of its own, spec effects.md §4.1"],
  ["current_scope", "three arguments are a call that always throws; we have no result type here"],
  ["getproperty", "printed for `getfield`"],
  ["setproperty!", "printed for `setfield!`"],
]);

test("builtins of which nothing is known", () => {
  const lines = (sections[1] ?? "").split("\n").filter((line) => line.includes(" known="));
  assert.equal(lines.length, 64);
  for (const line of lines) {
    const [, name = "", printed = ""] = /^(\S+) known=\w+\s+(.*)$/.exec(line) ?? [];
    if (otherwise.has(name)) continue;
    const any = [named("Any"), named("Any"), named("Any")];
    const got = shown(name, any);
    // Three arguments are too many for these, which Julia does not mind where the rule has no types.
    const wanted = five(printed);
    assert.equal(got, arity.has(name) ? wanted.replace("+n", "!n") : wanted, name);
  }
});

/** Builtins that take another number of arguments than three. */
const arity: ReadonlySet<string> = new Set(["===", "typeof", "nfields"]);

test("intrinsics by operand types", () => {
  const lines = (sections[2] ?? "").split("\n");
  let count = 0;
  lines.forEach((line, index) => {
    const rows = [...line.matchAll(/(Int64|Float64|Any):(\([^)]*\))/g)];
    for (const item of rows.length === 0 ? [] : (lines[index + 1] ?? "").trim().split(" ")) {
      const [, name = "", arguments_ = "1"] = /^(\w+)\/(\d+)/.exec(item) ?? [];
      for (const [, type = "", printed = ""] of rows) {
        const args = Array.from({ length: Number(arguments_) }, () => named(type));
        count++;
        const wanted = atomicNothrow.has(name) ? five(printed).replace("+n", "!n") : five(printed);
        assert.equal(shown(name, args), wanted, `${item} of ${type}`);
        assert.ok(isIntrinsicName(name));
      }
    }
  });
  assert.ok(count > 200);
});

/** Julia's rule passes where all operands are of one primitive type: no pointers, no orders in real text. */
const atomicNothrow: ReadonlySet<string> = new Set([
  "atomic_pointerref",
  "atomic_pointerreplace",
  "atomic_pointerswap",
  "atomic_fence",
  "atomic_pointerset",
  "pointerref",
  "pointerset",
]);

const single: readonly [name: string, list: string, nothrow: boolean][] = [
  ["checked_sdiv_int", "Int,C(2)", true],
  ["checked_sdiv_int", "Int,C(0)", false],
  ["checked_sdiv_int", "Int,C(-1)", false],
  ["checked_sdiv_int", "C(7),C(-1)", true],
  ["sdiv_int", "Int,Int", true],
  ["bitcast", "C(UInt),Int", true],
  ["bitcast", "C(Float32),Int", false],
  ["bitcast", "Type{UInt},Int", true],
  ["bitcast", "C(Ptr{Int}),UInt", true],
  ["bitcast", "C(Ptr),UInt", false],
  ["trunc_int", "C(Int32),Int", true],
  ["sext_int", "C(Int64),Int32", true],
  ["sitofp", "C(Float64),Int", true],
  ["fptosi", "C(Int64),Float64", true],
  ["fptosi", "C(Int64),Int", false],
  ["fpext", "C(Float64),Float64", false],
  ["fpext", "C(Float64),Float32", true],
  ["fptrunc", "C(Float32),Float64", true],
  ["pointerref", "Ptr{Int},Int,Int", true],
  ["pointerref", "Ptr{Any},Int,Int", true],
  ["pointerref", "Ptr{Cvoid},Int,Int", true],
  ["pointerref", "Ptr,Int,Int", false],
  ["pointerref", "Ptr{Real},Int,Int", true],
  ["pointerset", "Ptr{Int},Int,Int,Int", true],
  ["pointerset", "Ptr{Int},Float64,Int,Int", false],
  ["add_ptr", "Ptr{Int},UInt", false],
  ["sub_ptr", "Ptr{Int},UInt", false],
  ["shl_int", "Int,UInt", true],
  ["add_int", "Bool,Bool", true],
  ["eq_int", "Ptr{Int},Ptr{Int}", true],
  ["have_fma", "C(Float64)", true],
  ["llvmcall", "Any,Any,Any", false],
  ["cglobal", "Any", false],
  ["atomic_fence", "Symbol", false],
  ["atomic_pointerref", "Ptr{Int},Symbol", false],
  ["add_int", "Int", false],
];

test("the sample's single lines", () => {
  for (const [name, list, nothrow] of single) {
    const got = builtinEffects(name, split(list).map(fact), types).nothrow;
    assert.equal(got, nothrow ? "+" : "!", `${name}(${list})`);
  }
  assert.equal(typeOfLiteral("1").kind, "data");
});
