// Why there is nothing to see: for a text without registrations one sentence and the next step, at the
// header of a method. It does not nag: methods that show something are passed over, others are told
// only where their text names a finalizer, and a file without any registration is told once.

import type { Unit, UnitFacts } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** What is said about a unit; `index` is the unit's in its document. */
export interface Nothing {
  readonly index: number;
  /** Short, for a hint. */
  readonly label: string;
  /** The next step, as a sentence. */
  readonly advice: string;
}

/**
 * What is to be said about a file without much to show, in text order.
 *
 * @param firstIndex the first unit that somebody looks at, and `lastIndex` the last one
 */
export function nothingHere(
  workspace: Workspace,
  path: string,
  firstIndex = 0,
  lastIndex: number = Number.POSITIVE_INFINITY,
): Nothing[] {
  const document = workspace.document(path);
  if (document === null) return [];
  const methods: { index: number; unit: Unit; facts: UnitFacts }[] = [];
  document.units.forEach((unit, index) => {
    const facts = unit.facts();
    if (facts !== null) methods.push({ index, unit, facts });
  });
  const [first] = methods;
  if (first === undefined) {
    const text = document.text();
    return text.trim() === "" ? [] : [{ index: 0, ...noMethodIn(text) }];
  }
  const shows = ({ unit }: { unit: Unit }): boolean =>
    workspace.report(unit).registrations.length > 0;
  if (!methods.some(shows)) return [{ index: first.index, ...reason(first.facts) }];
  return methods
    .filter(({ index }) => index >= firstIndex && index <= lastIndex)
    .filter((method) => /\bfinalizer\b/.test(method.unit.text) && !shows(method))
    .map(({ index, facts }) => ({ index, ...reason(facts) }));
}

/** Why the unit's method shows nothing; null where it shows something, or holds no method. */
export function nothingIn(workspace: Workspace, unit: Unit): Omit<Nothing, "index"> | null {
  const facts = unit.facts();
  if (facts === null || workspace.report(unit).registrations.length > 0) return null;
  return reason(facts);
}

/** For a text that is something else; what comes later than typed IR is told by its name. */
function noMethodIn(text: string): { label: string; advice: string } {
  const later = /^define .*@/m.test(text)
    ? ["LLVM IR", "code_llvm"]
    : /^\s*\.(?:text|globl|section)\b/m.test(text)
      ? ["machine code", "code_native"]
      : null;
  if (later !== null) {
    return {
      label: `this is ${later[0]}: finalizers are long decided`,
      advice: `Print the method with \`code_typed\` or \`Base.code_ircode\` instead of \`${later[1]}\`.`,
    };
  }
  return {
    label: "no printed method found in this file",
    advice:
      "Paste the output of `code_typed`, `Base.code_ircode` or `code_warntype`, from its first block (`1 ─`) on.",
  };
}

function reason({ stage, isFinal, unreadable }: UnitFacts): { label: string; advice: string } {
  if (stage === "lowered") {
    return {
      label: "lowered code: finalizers are not decided yet",
      advice:
        'Lowered code has neither types nor inlined calls. Print the method with `Base.code_ircode(f, types; optimize_until = "compact 2")` or `code_typed`.',
    };
  }
  if (stage === "typed") {
    return {
      label: "unoptimised code: nothing is inlined yet",
      advice:
        'Registrations show after inlining. Print the method with `Base.code_ircode(f, types; optimize_until = "compact 2")`, or with `code_typed` and `optimize = true`.',
    };
  }
  if (isFinal) {
    return {
      label: "final text: resolved finalizers are gone",
      advice:
        'Whatever Julia resolved no longer stands in this text. To see what it decided, print the method with `optimize_until = "compact 2"`.',
    };
  }
  if (unreadable > 0) {
    return {
      label: "no finalizer is registered in the lines that could be read",
      advice: "A line of this method is not a statement; mend it, for it may register one.",
    };
  }
  return {
    label: "no finalizer is registered in this method",
    advice:
      "If an object with a finalizer is made by a callee, add the callee's text to the workspace, or print the caller with the constructor inlined.",
  };
}
