// `effects`: what our own analysis says of a method's effects: `inferred` (closed) with one letter each,
// the statements that take them away, what proofs rest on, chains into callees, and what a body may do.

import { acts } from "../../../server/src/analysis/bundled/acts.ts";
import { actsOf, type BodyActs } from "../../../server/src/analysis/effects/acts.ts";
import { inferEffects } from "../../../server/src/analysis/effects/infer.ts";
import type { Environment, OpenedMethod } from "../../../server/src/analysis/environment.ts";
import { effectChain } from "../../../server/src/analysis/explain-effects.ts";
import {
  type EffectName,
  effectNames,
  type MethodEffects,
} from "../../../server/src/analysis/method-summary.ts";
import { idOf } from "../../../server/src/ir/method.ts";
import { type Answer, type Command, keys, words } from "../session.ts";

const letters: Readonly<Record<EffectName, string>> = {
  effectFree: "e",
  nothrow: "n",
  terminates: "t",
  notaskstate: "s",
  inaccessiblememonly: "m",
};
const sigils = { yes: "+", no: "!", unknown: "?" } as const;

export const effects: Command = {
  name: "effects",
  keys: {
    ...keys("method", "always", "inferred"),
    ...keys("statement", "used", "taints"),
    ...keys("method", "used", "acts"),
    ...keys("method", "never", "rests on, chain, act"),
  },
  answers({ opened, unit }, { workspace }) {
    const environment = workspace.environmentOf(unit);
    const found = inferEffects(opened, environment);
    const done = actsOf(opened, environment);
    return [
      [
        "inferred",
        "",
        effectNames.map((name) => sigils[found[name].holds] + letters[name]).join(" "),
      ],
      ["acts", "", actWords(done)],
      ...effectNames.flatMap((name) => proof(found, name)),
      ...taints(opened, found),
      ...effectNames.flatMap((name) => chain(environment, opened, name)),
      ...acts.flatMap((act): Answer[] =>
        done[act].path.length === 0
          ? []
          : [["act", "", `${act}: ${places(environment, done[act].path)}`]],
      ),
    ];
  },
};

/** `locks io?`: what is shown, and what is not excluded. */
function actWords(done: BodyActs): string {
  return words(
    acts.flatMap((act) => {
      const { holds } = done[act];
      return holds === "no" ? [] : [holds === "yes" ? act : `${act}?`];
    }),
  );
}

function proof(found: MethodEffects, name: EffectName): Answer[] {
  const { holds, origin } = found[name];
  return holds === "yes" ? [["rests on", "", `${letters[name]} ${origin}`]] : [];
}

/** `e n, s via freed!(Int64)`, at each statement that is to blame for something. */
function taints({ method }: OpenedMethod, found: MethodEffects): Answer[] {
  const byPlace = new Map<number, Map<string, string[]>>();
  for (const name of effectNames) {
    const { taint } = found[name];
    if (taint === null) continue;
    const groups = byPlace.get(taint.position) ?? new Map<string, string[]>();
    byPlace.set(taint.position, groups);
    const key = taint.callee ?? "";
    groups.set(key, [...(groups.get(key) ?? []), letters[name]]);
  }
  return [...byPlace].map(([position, groups]): Answer => {
    const parts = [...groups].map(([key, list]) =>
      key === "" ? list.join(" ") : `${list.join(" ")} via ${key}`,
    );
    return ["taints", `%${idOf(method, position)}`, parts.join(", ")];
  });
}

/** `n: %2 → freed!%5`. */
function chain(environment: Environment, opened: OpenedMethod, name: EffectName): Answer[] {
  const steps = effectChain(environment, opened, name);
  if (steps.length === 0) return [];
  const path = steps.map(({ key, span }) => {
    const method = environment.open(key)?.method ?? opened.method;
    return { key, position: method.statements.findIndex(({ start }) => start === span.start) + 1 };
  });
  return [["chain", "", `${letters[name]}: ${places(environment, path, opened)}`]];
}

function places(
  environment: Environment,
  path: readonly { readonly key: string; readonly position: number }[],
  opened?: OpenedMethod,
): string {
  return path
    .map(({ key, position }, index) => {
      const method = (index === 0 ? opened : undefined)?.method ?? environment.open(key)?.method;
      const id = method === undefined ? position : idOf(method, position);
      return index === 0 ? `%${id}` : `${key.replace(/\(.*$/, "")}%${id}`;
    })
    .join(" → ");
}
