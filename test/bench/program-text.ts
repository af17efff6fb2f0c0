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
