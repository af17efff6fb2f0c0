// What a field of an object holds, where the text shows that nobody can have changed it since it was made.

import type { FollowedSite } from "../lifetime/follow.ts";
import type { Argument } from "./calls.ts";
import type { Scene } from "./scene.ts";

/**
 * The operand that the object at `site` was made with for a field; null where the method does not make it by
 * `%new`, writes to the field, or hands the object to somebody who may.
 *
 * @param field 1-based number of the field
 */
export function storedIn(scene: Scene, { site }: FollowedSite, field: number): Argument | null {
  const { statements } = scene.frame.heap.body;
  const made = statements[site - 1];
  if (made?.kind !== "new" || made.name !== "new" || field < 1) return null;
  const isChanged = statements.some((one, index) => {
    if (!one.args.some((arg) => scene.root(arg) === site)) return false;
    if (one.kind === "invoke" || one.kind === "call") return !scene.freesValue(index + 1, site);
    return one.name === "setfield!" && (one.field === field || one.field === 0);
  });
  const value = made.args[field];
  if (isChanged || value === undefined) return null;
  return { value, operand: scene.method.statements[site - 1]?.operands[field] };
}
