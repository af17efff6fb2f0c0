// What is left of a method when Julia has dropped what nothing uses: its placements do not wait for that.

import type { OpenedMethod } from "../analysis/environment.ts";
import { normalise } from "../analysis/normalise.ts";
import { eachOperand, type Method, operandValue } from "../ir/method.ts";
import type { Statement } from "../syntax/tree.ts";

/**
 * The method without the statements that Julia drops because nothing uses them, such as a call that only
 * looks at an object: its placement does not wait for them. Their positions hold `nothing`.
 */
export function withoutUnused({ method, body }: OpenedMethod): Method {
  const { removed } = normalise(body);
  // A statement may be unused only because a load was forwarded, which stands in the text as it was.
  const isKept = Uint8Array.from(removed, (one) => 1 - one);
  const work = method.statements.flatMap((_, index) =>
    isKept[index + 1] === 1 ? [index + 1] : [],
  );
  for (let position = work.pop(); position !== undefined; position = work.pop()) {
    const statement = method.statements[position - 1];
    if (statement === undefined) continue;
    eachOperand(statement, (operand) => {
      const value = operandValue(method, operand);
      if (value <= 0 || isKept[value] === 1) return;
      isKept[value] = 1;
      work.push(value);
    });
  }
  const statements = method.statements.map(
    (one, index): Statement =>
      isKept[index + 1] === 1 || one.kind === "phi"
        ? one
        : { ...one, kind: "value", callee: null, operands: [] },
  );
  return { ...method, statements };
}
