// What Julia's builtins and intrinsics do, one line each, for completion and hover. Names come from the
// tables of `analysis/effects/builtins.ts`; words for whole families of intrinsics are put together
// from their names.

import { builtinNames, intrinsicNames } from "../analysis/effects/builtins.ts";

const builtins: Readonly<Record<string, string>> = {
  tuple: "makes a tuple of its arguments",
  svec: "makes a `SimpleVector` of its arguments",
  "===": "whether two values are the same: one object, or equal bits",
  typeof: "the concrete type of a value",
  nfields: "the number of fields of a value",
  isa: "whether a value is of a type",
  "<:": "whether a type is a subtype of another",
  typeassert: "the value itself; throws if it is not of the type",
  ifelse: "one of two values, both of them evaluated already",
  sizeof: "the size in bytes of a value, or of the values of a type",
  fieldtype: "the declared type of a field",
  apply_type: "a parametric type with parameters put in",
  getfield: "loads a field by name or number; throws if it is not there or not set",
  "setfield!": "stores into a field of a mutable object; the object then holds the value",
  "swapfield!": "stores into a field and gives the old value, atomically",
  "modifyfield!": "replaces a field's value by a function of it, atomically",
  "replacefield!": "stores into a field if it holds an expected value, atomically",
  "setfieldonce!": "stores into a field that was never set, atomically",
  isdefined: "whether a field, or a global, has a value",
  getglobal: "reads a global of a module",
  "setglobal!": "assigns a global of a module; the value is reachable from everywhere then",
  "swapglobal!": "assigns a global and gives the old value, atomically",
  "modifyglobal!": "replaces a global's value by a function of it, atomically",
  "replaceglobal!": "assigns a global if it holds an expected value, atomically",
  "setglobalonce!": "assigns a global that has no value yet, atomically",
  isdefinedglobal: "whether a global of a module has a value",
  get_binding_type: "the declared type of a global",
  "set_binding_type!": "declares the type of a global",
  throw: "throws its argument; control never comes back",
  throw_methoderror: "throws the `MethodError` of a call that has no method",
  donotdelete: "does nothing, but keeps its arguments and what they hang on from being removed",
  finalizer: "registers a function that the garbage collector calls on an object when it is dead",
  compilerbarrier: "the value itself, with what the compiler knows of it held back",
  current_scope: "the dynamic scope of the task; the only builtin that looks at task state",
  applicable: "whether a call would find a method",
  _expr: "makes an `Expr`",
  _typevar: "makes a `TypeVar`",
  _svec_ref: "an element of a `SimpleVector`",
  memorynew: "allocates a `Memory` of a given length",
  memoryrefnew:
    "a reference to an element of a `Memory`, checked against its bounds unless told not to",
  memoryref: "a reference to an element of a `Memory`, by the name it had before 1.11 was out",
  memoryrefoffset: "the position of the element that a reference leads to",
  memoryrefget: "loads the element that a reference leads to",
  "memoryrefset!": "stores an element; the memory then holds the value",
  "memoryrefswap!": "stores an element and gives the old one, atomically",
  "memoryrefmodify!": "replaces an element by a function of it, atomically",
  "memoryrefreplace!": "stores an element if it holds an expected value, atomically",
  "memoryrefsetonce!": "stores an element that was never set, atomically",
  memoryref_isassigned: "whether the element that a reference leads to has a value",
  invoke: "calls a method chosen by argument types, whatever the types of the values",
  invokelatest: "calls in the newest world: found at run time, nothing is known of the target",
  invoke_in_world: "calls in a given world: found at run time, nothing is known of the target",
  _call_in_world: "calls in a given world",
  _call_in_world_total: "calls in a given world, promised to be free of effects",
  _call_latest: "calls in the newest world",
  _apply_iterate: "calls with its containers spread out as arguments, `f(xs...)`",
  arrayref: "an element of an array (up to 1.10)",
  const_arrayref: "an element of an array that nobody changes (up to 1.10)",
  arrayset: "stores an element of an array (up to 1.10); the array then holds the value",
  arraysize: "the length of an array in one dimension (up to 1.10)",
  arrayfreeze: "makes an array immutable (an experiment of old releases)",
  arraythaw: "makes an array mutable again (an experiment of old releases)",
  mutating_arrayfreeze: "makes an array immutable in place (an experiment of old releases)",
  _abstracttype: "makes an abstract type, at top level",
  _structtype: "makes a struct type, at top level",
  _primitivetype: "makes a primitive type, at top level",
  "_setsuper!": "sets the supertype of a type that is being made",
  "_typebody!": "sets the fields of a type that is being made",
  _equiv_typedef: "whether two definitions of a type agree",
  _compute_sparams: "the static parameters of a method for given arguments",
  _defaultctors: "makes the default constructors of a type",
};

const intrinsics: Readonly<Record<string, string>> = {
  flipsign_int: "the first integer, negated if the second is negative",
  bswap_int: "an integer with its bytes in reverse order",
  ctpop_int: "the number of bits that are set",
  ctlz_int: "the number of leading zero bits",
  cttz_int: "the number of trailing zero bits",
  not_int: "all bits inverted; of a `Bool`, its negation",
  shl_int: "an integer shifted to the left",
  lshr_int: "an integer shifted to the right, filled with zeros",
  ashr_int: "an integer shifted to the right, filled with its sign",
  add_ptr: "a pointer moved on by some bytes",
  sub_ptr: "a pointer moved back by some bytes",
  fma_float: "`x * y + z`, rounded once",
  muladd_float: "`x * y + z`, rounded once or twice",
  fpiseq: "whether two floats are the same as `isequal` has it",
  abs_float: "the absolute value of a float",
  copysign_float: "the first float with the sign of the second",
  ceil_llvm: "a float rounded up",
  floor_llvm: "a float rounded down",
  trunc_llvm: "a float rounded towards zero",
  rint_llvm: "a float rounded to the nearest integer",
  sqrt_llvm: "the square root of a float",
  sqrt_llvm_fast: "the square root of a float, by fast-math rules",
  sext_int: "a wider integer, filled with the sign",
  zext_int: "a wider integer, filled with zeros",
  trunc_int: "a narrower integer: the low bits",
  fptoui: "a float as an unsigned integer",
  fptosi: "a float as a signed integer",
  fptosi_sat: "a float as a signed integer, the nearest one where it does not fit",
  uitofp: "an unsigned integer as a float",
  sitofp: "a signed integer as a float",
  fptrunc: "a narrower float",
  fpext: "a wider float",
  bitcast: "the same bits as another type of that size",
  pointerref: "loads through a pointer; the memory is taken to be there",
  pointerset: "stores through a pointer; the memory is taken to be there",
  atomic_pointerref: "loads through a pointer, atomically",
  atomic_pointerset: "stores through a pointer, atomically",
  atomic_pointerswap: "stores through a pointer and gives the old value, atomically",
  atomic_pointerreplace: "stores through a pointer if it finds an expected value, atomically",
  atomic_pointermodify: "replaces what a pointer leads to by a function of it, atomically",
  atomic_fence: "orders the memory accesses around it",
  have_fma: "whether the machine has a fused multiply-add for the type",
  cglobal: "the address of a C global",
  llvmcall: "runs LLVM code; nothing is known of what it does",
  arraylen: "the length of an array (up to 1.10)",
};

const operations: ReadonlyMap<string, string> = new Map([
  ["add", "sum"],
  ["sub", "difference"],
  ["mul", "product"],
  ["div", "quotient"],
  ["sdiv", "signed quotient"],
  ["udiv", "unsigned quotient"],
  ["rem", "remainder"],
  ["srem", "signed remainder"],
  ["urem", "unsigned remainder"],
  ["sadd", "signed sum"],
  ["ssub", "signed difference"],
  ["smul", "signed product"],
  ["uadd", "unsigned sum"],
  ["usub", "unsigned difference"],
  ["umul", "unsigned product"],
  ["and", "bitwise and"],
  ["or", "bitwise or"],
  ["xor", "bitwise exclusive or"],
  ["neg", "negative"],
  ["min", "smaller one"],
  ["max", "greater one"],
]);

const comparisons: ReadonlyMap<string, string> = new Map([
  ["eq", "are equal"],
  ["ne", "differ"],
  ["lt", "are in ascending order"],
  ["le", "are in ascending order or equal"],
  ["slt", "are in ascending order, signed"],
  ["sle", "are in ascending order or equal, signed"],
  ["ult", "are in ascending order, unsigned"],
  ["ule", "are in ascending order or equal, unsigned"],
]);

/** What an intrinsic of a family does: `checked_sadd_int`, `lt_float_fast`. */
function familyWords(name: string): string | null {
  const parts = /^(checked_)?([a-z]+)_(int|float)(_fast)?$/.exec(name);
  if (parts === null) return null;
  const [, checked, operation = "", of, fast] = parts;
  const kind = of === "int" ? "integers" : "floats";
  const comparison = comparisons.get(operation);
  const result = operations.get(operation);
  const rules = fast === undefined ? "" : ", by fast-math rules";
  if (comparison !== undefined) return `whether two ${kind} ${comparison}${rules}`;
  if (result === undefined) return null;
  if (operation === "neg")
    return `the negative of ${of === "int" ? "an integer" : "a float"}${rules}`;
  if (checked === undefined) return `the ${result} of ${kind}${rules}`;
  return /div|rem/.test(operation)
    ? `the ${result} of integers; throws if it does not exist`
    : `the ${result} of integers, and whether it overflowed`;
}

/** What the builtin or intrinsic of that name does, without a final stop; null for other names. */
export function builtinWords(name: string): string | null {
  if (builtinNames.has(name)) return builtins[name] ?? null;
  if (!intrinsicNames.has(name)) return null;
  return intrinsics[name] ?? familyWords(name);
}
