// A printed type in words: what kind of type it is, its layout where that is known, and whether its
// values have an identity, which decides whether they can escape and can have a finalizer.
// Source: spec ir-text.md §6.1 and §6.2, escape-analysis.md §3.2.

import { baseName, bitsOf, type TypeTable, widen } from "../analysis/type-table.ts";
import { type JuliaType, printType } from "../syntax/type.ts";

/** At most so many fields or members are listed. */
const listLimit = 12;

/** Whether anything is known of a type beyond its name. */
export function isKnownType(text: string, types: TypeTable): boolean {
  const type = types.parse(text);
  if (type.kind !== "data") return type.kind !== "unknown";
  const name = baseName(type);
  const isNamed = name !== null && Object.hasOwn(known, name);
  return isNamed || type.applied || types.isMutable(type) !== null || types.isIdentityFree(type);
}

/** What is to be said about a type, as Markdown. */
export function typeMarkdown(text: string, types: TypeTable): string {
  const type = types.parse(text);
  const lines = [`**\`${text.replaceAll("`", "'")}\`**`, "", ...describe(type, types)];
  return lines.join("\n");
}

function describe(type: JuliaType, types: TypeTable): string[] {
  switch (type.kind) {
    case "const":
      return [
        `Inference knows the value itself: \`${type.text.replaceAll("`", "'")}\`.`,
        ...identityLine(type, types),
      ];
    case "partial":
      return [
        "Inference knows more than the type: something of its fields, or of where it came from.",
        "",
        `As a type it is \`${printType(type.type)}\`.`,
        ...describe(type.type, types),
      ];
    case "union":
      return unionLines(type.members, types);
    case "where": {
      const names = type.variables.map(({ name }) => `\`${name}\``).join(", ");
      return [
        `A family of types, one for each ${names}: not concrete.`,
        "",
        `- body: \`${printType(type.body)}\``,
        ...layoutLines(type.body, types),
      ];
    }
    case "data":
    case "namedtuple":
      return dataLines(type, types);
    case "bound":
      return ["A type parameter of which only a bound is known."];
    case "value":
      return ["A type parameter that is a value."];
    case "unknown":
      return [
        type.text.includes("…")
          ? "Part of the type was left out when it was printed: it is taken as unknown."
          : "Not a type that could be read: it is taken as unknown.",
      ];
  }
}

function unionLines(members: readonly JuliaType[], types: TypeTable): string[] {
  if (members.length === 0) return ["No value is of this type: the statement does not come back."];
  const listed = members.slice(0, listLimit).map((one) => `- \`${printType(one)}\``);
  const more = members.length > listLimit ? [`- and ${members.length - listLimit} more`] : [];
  const all = members.every((one) => types.isIdentityFree(one));
  return [
    "One of these types; which one shows at run time.",
    "",
    ...listed,
    ...more,
    "",
    all ? freeOfIdentity : "Values may have an identity, so they can escape.",
  ];
}

const freeOfIdentity =
  "Values have no identity: they are told apart by their content only and cannot escape.";

/** Types that say what they are by their name. */
const known: Readonly<Record<string, string>> = {
  Any: "Nothing is known of the value.",
  Nothing: "The type of `nothing`.",
  Type: "The value is a type itself.",
  DataType: "The value is a type itself.",
  Vararg: "Any number of further arguments.",
  Ptr: "A raw address: it keeps nothing alive, and an object that it leads into can be freed meanwhile.",
  Ref: "A reference; in a C call the address of an object.",
  typeof: "The type of one function, which has no data.",
  Tuple: "A tuple: immutable.",
  Memory: "A block of memory with elements of one type: mutable, allocated.",
  GenericMemory: "A block of memory with elements of one type: mutable, allocated.",
  Function: "Some function; which one is not known.",
};

function dataLines(type: JuliaType, types: TypeTable): string[] {
  const name = baseName(type);
  const words = name !== null && Object.hasOwn(known, name) ? known[name] : undefined;
  const bits = bitsOf(type);
  const lines = words !== undefined ? [words] : bits > 0 ? [`Plain bits, ${bits} of them.`] : [];
  const layout = layoutLines(type, types);
  if (layout.length > 0) return [...lines, ...(lines.length > 0 ? [""] : []), ...layout];
  const mutable = types.isMutable(type);
  if (mutable === true)
    lines.push("Mutable: its objects have identity, can escape and can have a finalizer.");
  else if (types.isIdentityFree(type)) lines.push(freeOfIdentity);
  else if (words === undefined) {
    lines.push(
      "Its layout is not known. A line `type NAME [mutable] (FIELD::TYPE, …)` in a method's header tells it.",
    );
  }
  return lines;
}

/** Mutability, fields and identity; empty where the layout is not known. */
function layoutLines(type: JuliaType, types: TypeTable): string[] {
  const layout = types.layout(type);
  if (layout === null) return [];
  const fields = layout.fields.slice(0, listLimit).map(({ name, type: of, isConst, isAtomic }) => {
    const extra = `${isConst && layout.mutable ? ", const" : ""}${isAtomic ? ", atomic" : ""}`;
    return `- \`${name}::${printType(of)}\`${extra}`;
  });
  const more = layout.fields.length - listLimit;
  const count = layout.fields.length === 0 ? "no fields" : "fields:";
  return [
    `${layout.mutable ? "Mutable" : "Immutable"} struct, ${count}`,
    ...(fields.length > 0 ? ["", ...fields] : []),
    ...(more > 0 ? [`- and ${more} more`] : []),
    ...identityLine(type, types),
  ];
}

function identityLine(type: JuliaType, types: TypeTable): string[] {
  if (types.isIdentityFree(type)) return ["", freeOfIdentity];
  const mutable = types.isMutable(widen(type));
  if (mutable === null) return [];
  return [
    "",
    mutable
      ? "Its objects have identity: they can escape and can have a finalizer."
      : "What it holds has identity, so it can escape.",
  ];
}
