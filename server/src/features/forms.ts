// What each printed form means, in one or two sentences: statements by their kind, expressions by their
// head, labels before calls, marks of the margin, words of header lines. For hovers; the facts of a
// particular statement are the hover's business.
// Source: spec ir-text.md §1 (frames), §2 (margin), §4 (statements), §5.1 (labels), §9, §10 (marks).

import type { CallLabel, StatementKind } from "../syntax/tree.ts";

const statements: Readonly<Record<StatementKind, string>> = {
  goto: "Control goes on at the named block, whatever happened before.",
  gotoifnot:
    "If the condition is `false`, control goes on at the named block, else at the next one. Anything but a `Bool` throws.",
  return: "The method ends here with this value. Without a value it cannot be reached.",
  unreachable: "Control never gets here: the statement above throws or does not come back.",
  phi: "φ: the value that belongs to the block from which control came. On an edge that is missing or says `#undef` there is no value.",
  pi: "π: the same value with a narrower type, where a check has proven it. It costs nothing and makes no new object.",
  phic: "φᶜ: at the start of a handler, the value that the listed `ϒ` which ran last has stored.",
  upsilon:
    "ϒ: stores a value for the handler, where a `φᶜ` that lists it reads it; `#undef` takes the value away.",
  enter:
    "A try region starts; an exception in it goes on at the named handler. `#0` is no handler, `with scope` sets the dynamic scope of the task. The value is a token that `leave` and `pop_exception` name.",
  leave:
    "Leaves try regions: those of the `enter` tokens that it names, innermost first, or as many as it says (up to 1.10).",
  call: "A call.",
  invoke:
    "A call whose method Julia has chosen by the types of the arguments: what stands behind `::` is the method's signature, perhaps wider than the value.",
  new: "`%new` makes an object of the type with these values as its first fields, without calling a constructor. Of a mutable type it is an allocation.",
  splatnew: "`%splatnew` makes an object of the type with a tuple's elements as its fields.",
  foreigncall: "A call of a C function.",
  expression: "An expression without syntax of its own, printed as Julia keeps it.",
  value: "A value as it is: a constant, a copy, or a global, which throws where it is not defined.",
  dead: "A statement that inference found can never run, kept as text in unoptimised code.",
  opaque:
    "This line could not be read. It is taken as a barrier: it may throw, and everything that it may touch escapes.",
};

/** What a statement of that kind is. */
export function statementForm(kind: StatementKind): string {
  return statements[kind];
}

const labels: Readonly<Record<Exclude<CallLabel, "">, string>> = {
  invoke: statements.invoke,
  intrinsic:
    "A call of an intrinsic: an operation of the code generator, a few machine instructions.",
  builtin: "A call of a builtin: a function of the runtime that the compiler knows by name.",
  "dynamic builtin":
    "A call of a builtin that calls something else in turn, found at run time: nothing is known of what it does.",
  dynamic:
    "A dynamic call: the method is found at run time. Nothing is known of it, so it may throw and keep its arguments.",
  unknown: "A call whose callee's type cannot be told, as in code that is never reached.",
};

/** What the label before a call means; null for other words. */
export function labelForm(label: string): string | null {
  return Object.hasOwn(labels, label) ? labels[label as keyof typeof labels] : null;
}

const heads: Readonly<Record<string, string>> = {
  pop_exception: "The handler of the region that it names is done with its exception.",
  the_exception: "The exception that is being handled.",
  gc_preserve_begin:
    "`GC.@preserve` starts: the garbage collector keeps these objects until the `gc_preserve_end` that names this token.",
  gc_preserve_end: "The `GC.@preserve` region of the named token ends.",
  boundscheck:
    "Whether accesses here check their bounds: `false` within `@inbounds`, unless Julia runs with `--check-bounds`.",
  static_parameter:
    "A type parameter of the method, by its number; it stays where it might be undefined.",
  copyast: "A fresh copy of quoted code, so that nobody changes the constant itself.",
  throw_undef_if_not: "Throws `UndefVarError` for the named variable if the condition is `false`.",
  isdefined: "Whether a variable, a global or a static parameter has a value here.",
  loopinfo:
    "A note for LLVM about the loop around it, from `@simd` or `@ivdep`. To Julia's passes it is a statement that may throw.",
  code_coverage_effect:
    "Counts how often this line runs; Julia was started with `--code-coverage`.",
  meta: "A note for the compiler; it does nothing when the code runs.",
  inbounds: "`@inbounds` starts (`true`) or ends (`:pop`).",
  inline: "Calls in this stretch are to be inlined, or no longer so.",
  noinline: "Calls in this stretch are not to be inlined, or no longer so.",
  purity: "`@assume_effects` around a stretch of code starts or ends.",
  cfunction: "`@cfunction`: a pointer by which C can call a Julia function.",
  new_opaque_closure:
    "Makes an opaque closure: a function object with its code fixed and its captures inside.",
  invoke_modify:
    "An atomic update of a field, a global or an element whose function Julia has already resolved to a method.",
  aliasscope: "`Experimental.@aliasscope` starts: constant arrays are taken not to overlap.",
  popaliasscope: "`Experimental.@aliasscope` ends.",
  global: "Declares a global, at top level.",
  const: "Declares a constant, at top level.",
  method: "Defines a method, at top level.",
  thunk: "Code to be run at top level.",
  lambda: "The code of a function before lowering is done.",
  toplevel: "Statements to be run at top level, one by one.",
  foreignglobal: "The address of a C global.",
  latestworld: "From here on definitions made above are seen.",
  foreigncall: statements.foreigncall,
  enter: statements.enter,
  leave: statements.leave,
  unreachable: statements.unreachable,
  new: statements.new,
};

/** What an expression with that head (`boundscheck`, without a colon) means; null for unknown heads. */
export function headForm(head: string): string | null {
  return Object.hasOwn(heads, head) ? (heads[head] ?? null) : null;
}

const headers: Readonly<Record<string, string>> = {
  "MethodInstance for":
    "A method with concrete argument types: the code below was compiled for them.",
  "CodeInstance for MethodInstance for":
    "The compiled code of a method for these argument types, which the compiler has attached here.",
  from: "The method in the source, and where it is defined.",
  effects: "What Julia has proven of the method as a whole, nine letters.",
  stage:
    "How far Julia had compiled what is printed: `inlined` is before the pass that resolves finalizers, `final` behind all passes.",
  type: "The layout of a struct, which typed IR itself does not print: whether it is mutable, and its fields.",
  CodeInfo: "The code of one method as `code_typed` and `code_lowered` print it.",
  Body: "The type that the method returns.",
  Arguments: "The arguments with their types, the function itself first.",
  Variables: "Arguments and local variables with their types (up to 1.6).",
  Locals: "Local variables with their types; `@_4` has no name of its own.",
  "Static Parameters": "The type parameters of the method, with their values.",
};

/** What the first words of a header line mean; null for other words. */
export function headerForm(words: string): string | null {
  if (/^\d+-element$/.test(words))
    return "A list of methods: one for each that fits the types asked for.";
  return Object.hasOwn(headers, words) ? (headers[words] ?? null) : null;
}

const marks: Readonly<Record<string, string>> = {
  "◌": "not analysed",
  "✓": "does not escape",
  X: "may escape anywhere",
  "↑": "escapes by being returned, perhaps thrown as well",
  "*": "escapes in some other way, by being thrown for example",
};

/** What a mark of `code_escapes` means, `✓` or `↑′`; null for other signs. */
export function escapeMarkForm(mark: string): string | null {
  const words = Object.hasOwn(marks, mark.charAt(0)) ? marks[mark.charAt(0)] : undefined;
  if (words === undefined) return null;
  const fields = mark.endsWith("′") ? "; what its fields hold is known one by one" : "";
  return `Julia's escape analysis: ${words}${fields}.`;
}

/** What a piece of the margin means: `│`, `└──`, `─`, `┄─`. */
export function gutterForm(glyphs: string): string {
  if (glyphs.startsWith("│")) return "A statement in the middle of its block.";
  if (glyphs.startsWith("└")) return "The last statement of its block.";
  return glyphs.startsWith("┄")
    ? "`┄`: the block has two predecessors or more; a handler counts one for the exception."
    : "`─`: the block has at most one predecessor.";
}

const words: Readonly<Record<string, string>> = {
  if: statements.gotoifnot,
  not: statements.gotoifnot,
  with: "The scoped values of this region are those of the given scope.",
  scope: "The scoped values of this region are those of the given scope.",
  mutable:
    "The struct's objects have identity and can be changed: they can escape, and can have a finalizer.",
  const: "The field is set when the object is made, and never again.",
  atomic:
    "The field is read and written atomically; Julia's finalizer pass leaves objects with such fields alone.",
  inlined:
    "Behind inlining and before the pass that resolves finalizers: what Julia decides on this text is predicted.",
  final:
    "Behind all passes: resolved finalizers are gone from the text, and what is registered here, Julia has kept.",
  "expect:": "A verdict that is checked here and by `finalens check`.",
  "#undef": "No value: reading it throws.",
  "#UNDEF": "Nothing was there when the text was printed.",
  "@": "The place in the source.",
  within: "The method that the place is in.",
};

/** What a word inside a line means where it always means the same; null for other words. */
export function wordForm(word: string): string | null {
  return Object.hasOwn(words, word) ? (words[word] ?? null) : null;
}
