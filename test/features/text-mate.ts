// The TextMate grammar as an editor runs it: lines in, for each character the innermost scope out.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import { root } from "./examples.ts";

const file = new URL("syntaxes/julia-ir.tmLanguage.json", root);
const wasm = readFileSync(
  createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm"),
);

const registry = new textmate.Registry({
  onigLib: oniguruma.loadWASM({ data: wasm }).then(() => ({
    createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text: string) => new oniguruma.OnigString(text),
  })),
  loadGrammar: () =>
    Promise.resolve(textmate.parseRawGrammar(readFileSync(file, "utf8"), "julia-ir.json")),
});

const loaded = registry.loadGrammar("source.julia-ir");

/** The innermost scope of every character, without the language's name; one for each `\n` too. */
export async function scopesOf(text: string): Promise<string[]> {
  const grammar = await loaded;
  const scopes: string[] = [];
  let rules = textmate.INITIAL;
  for (const line of text.split("\n")) {
    const { tokens = [], ruleStack } = grammar?.tokenizeLine(line, rules) ?? {};
    rules = ruleStack ?? rules;
    const ofLine = new Array<string>(line.length + 1).fill("");
    for (const { startIndex, endIndex, scopes: all } of tokens) {
      const scope = all.at(-1)?.replace(/\.julia-ir$/, "") ?? "";
      ofLine.fill(scope, startIndex, Math.min(endIndex, line.length));
    }
    scopes.push(...ofLine);
  }
  return scopes;
}
