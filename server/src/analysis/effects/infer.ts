// Provisional: the effects that a method's header prints.
import type { Environment, OpenedMethod } from "../environment.ts";
import type { EffectFact, MethodEffects } from "../method-summary.ts";
import { readEffects, type Sigil } from "./effects.ts";

export function inferEffects(opened: OpenedMethod, _environment: Environment): MethodEffects {
  const { effects } = opened.method.header;
  const printed = effects === null ? null : readEffects(effects);
  const fact = (sigil: Sigil | null | undefined): EffectFact =>
    sigil === "+"
      ? { holds: "yes", origin: "header", taint: null }
      : { holds: sigil === "!" ? "no" : "unknown", origin: "header", taint: null };
  return {
    effectFree: fact(printed?.effectFree),
    nothrow: fact(printed?.nothrow),
    terminates: fact(printed?.terminates),
    notaskstate: fact(printed?.notaskstate),
    inaccessiblememonly: fact(printed?.inaccessiblememonly),
  };
}
