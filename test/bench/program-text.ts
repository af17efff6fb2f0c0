// Files of any number of methods for the benchmarks, made of what a real Julia printed
// (test/data/programs.jlir and base.jlir): copies of the same methods under names of their own, so that
// each copy calls its own callees and no key occurs twice.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** `dense`: two of three methods register a finalizer. `sparse`: one of fifty, as in ordinary dumps. */
export type Mix = "dense" | "sparse";

/** A file of `count` methods. */
export function programText(mix: Mix, count: number): string {
  const programs = methodsOf("programs.jlir");
  const base = methodsOf("base.jlir");
  const methods = mix === "dense" ? programs : [...base, ...fieldReaders(programs)];
  const names = namesIn(methods);
  const texts: string[] = [];
  for (let copy = 0; texts.length < count; copy++) {
    for (const method of methods.slice(0, count - texts.length)) {
      texts.push(copy === 0 ? method : renamed(method, names, `k${copy}_`));
    }
  }
  return texts.join("\n");
}

/** A file of `count` methods, of which the same `registering` ones in every such file register. */
export function programWith(count: number, registering: number): string {
  const base = methodsOf("base.jlir");
  const readers = fieldReaders(methodsOf("programs.jlir"));
  const names = namesIn([...base, ...readers]);
  const copies = (methods: readonly string[], copy: number, prefix: string): string[] =>
    methods.map((method) => renamed(method, names, `${prefix}${copy}_`));
  const special: string[] = [];
  for (let copy = 0; special.length < registering; copy++) {
    special.push(...copies(readers, copy, "r").slice(0, registering - special.length));
  }
  const others: string[] = [];
  for (let copy = 0; others.length < count - registering; copy++) {
    others.push(...copies(base, copy, "k").slice(0, count - registering - others.length));
  }
  const middle = others.length >> 1;
  return [...others.slice(0, middle), ...special, ...others.slice(middle)].join("\n");
}

function methodsOf(name: string): string[] {
  const path = fileURLToPath(new URL(`../../../test/data/${name}`, import.meta.url));
  return readFileSync(path, "utf8").split(/^(?=MethodInstance for )/m);
}

/** The two programs that allocate, register a finalizer and read a field. */
function fieldReaders(programs: readonly string[]): string[] {
  return programs.filter((text) => text.startsWith("MethodInstance for sh_field"));
}

function namesIn(methods: readonly string[]): ReadonlySet<string> {
  const header = /^MethodInstance for (?:\w+\.)*([\w!]+)\(/;
  return new Set(methods.map((text) => header.exec(text)?.[1] ?? ""));
}

function renamed(text: string, names: ReadonlySet<string>, prefix: string): string {
  return text
    .replace(
      /((?:MethodInstance for|invoke) (?:\w+\.)*)([\w!]+)(?=\()/g,
      (whole, before: string, name: string) =>
        names.has(name) ? `${before}${prefix}${name}` : whole,
    )
    .replace(/#(\w+)##/g, `#${prefix}$1##`);
}
