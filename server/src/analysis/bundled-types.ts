// Layouts of Julia's own types that occur in typed IR again and again. Only what cannot differ
// between the supported releases stands here; `type` lines in the text take precedence.
// Source: base/boot.jl, base/refvalue.jl, base/range.jl, base/pair.jl (facts: name, mutability, fields).

import { type JuliaType, parseType } from "../syntax/type.ts";
import type { Layout } from "./type-table.ts";

interface Bundled {
  readonly mutable: boolean;
  /** Field name → type; `$1` stands for the type's first parameter. Null: fields unknown. */
  readonly fields: readonly (readonly [string, string])[] | null;
  /** Leading fields that every constructor sets, where that is not all of them. */
  readonly initialised?: number;
}

const table: ReadonlyMap<string, Bundled> = new Map<string, Bundled>([
  ["Box", { mutable: true, fields: [["contents", "Any"]], initialised: 0 }],
  ["RefValue", { mutable: true, fields: [["x", "$1"]], initialised: 0 }],
  [
    "Pair",
    {
      mutable: false,
      fields: [
        ["first", "$1"],
        ["second", "$2"],
      ],
    },
  ],
  ["Some", { mutable: false, fields: [["value", "$1"]] }],
  [
    "Complex",
    {
      mutable: false,
      fields: [
        ["re", "$1"],
        ["im", "$1"],
      ],
    },
  ],
  [
    "Rational",
    {
      mutable: false,
      fields: [
        ["num", "$1"],
        ["den", "$1"],
      ],
    },
  ],
  [
    "UnitRange",
    {
      mutable: false,
      fields: [
        ["start", "$1"],
        ["stop", "$1"],
      ],
    },
  ],
  ["OneTo", { mutable: false, fields: [["stop", "$1"]] }],
  ["ArgumentError", { mutable: false, fields: [["msg", "AbstractString"]] }],
  ["ErrorException", { mutable: false, fields: [["msg", "AbstractString"]] }],
  ["AssertionError", { mutable: false, fields: [["msg", "AbstractString"]] }],
  [
    "BoundsError",
    {
      mutable: false,
      fields: [
        ["a", "Any"],
        ["i", "Any"],
      ],
    },
  ],
  [
    "DomainError",
    {
      mutable: false,
      fields: [
        ["val", "Any"],
        ["msg", "AbstractString"],
      ],
    },
  ],
  ["KeyError", { mutable: false, fields: [["key", "Any"]] }],
  [
    "MemoryRef",
    {
      mutable: false,
      fields: [
        ["ptr_or_offset", "Ptr{Nothing}"],
        ["mem", "Memory{$1}"],
      ],
    },
  ],
  [
    "Vector",
    {
      mutable: true,
      fields: [
        ["ref", "MemoryRef{$1}"],
        ["size", "Tuple{Int64}"],
      ],
    },
  ],
  [
    "Matrix",
    {
      mutable: true,
      fields: [
        ["ref", "MemoryRef{$1}"],
        ["size", "Tuple{Int64, Int64}"],
      ],
    },
  ],
  [
    "Memory",
    {
      mutable: true,
      fields: [
        ["length", "Int64"],
        ["ptr", "Ptr{Nothing}"],
      ],
    },
  ],
  ["Array", { mutable: true, fields: null }],
  ["GenericMemory", { mutable: true, fields: null }],
  ["Dict", { mutable: true, fields: null }],
  ["IdDict", { mutable: true, fields: null }],
  ["Task", { mutable: true, fields: null }],
  ["WeakRef", { mutable: true, fields: [["value", "Any"]] }],
  [
    "BigInt",
    {
      mutable: true,
      fields: [
        ["alloc", "Int32"],
        ["size", "Int32"],
        ["d", "Ptr{UInt64}"],
      ],
    },
  ],
  ["ReentrantLock", { mutable: true, fields: null }],
  [
    "Expr",
    {
      mutable: true,
      fields: [
        ["head", "Symbol"],
        ["args", "Vector{Any}"],
      ],
    },
  ],
]);

/**
 * The layout of a Core or Base type by its bare name; null where it is not in the table or where
 * its fields depend on parameters that are not printed.
 */
export function bundledLayout(name: string, parameters: readonly JuliaType[]): Layout | null {
  const entry = table.get(name);
  if (entry === undefined || entry.fields === null) return null;
  const fields = [];
  for (const [field, text] of entry.fields) {
    const type = substitute(text, parameters);
    if (type === null) return null;
    fields.push({ name: field, type, isConst: !entry.mutable, isAtomic: false });
  }
  return { mutable: entry.mutable, fields, initialised: entry.initialised ?? fields.length };
}

/** Whether a Core or Base type is known to be mutable, even where its fields are not known. */
export function isBundledMutable(name: string): boolean | null {
  return table.get(name)?.mutable ?? null;
}

function substitute(text: string, parameters: readonly JuliaType[]): JuliaType | null {
  const whole = /^\$(\d)$/.exec(text);
  if (whole !== null) return parameters[Number(whole[1]) - 1] ?? null;
  const type = parseType(text.replace(/\$\d/g, "__parameter"));
  if (!text.includes("$") || type.kind !== "data") return type;
  const first = parameters[0];
  return first === undefined ? null : { ...type, parameters: [first] };
}
