// From one registration to the next in a file, for a command that goes there.

import type { Position } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { placedUnit, rangeOf } from "./place.ts";

/**
 * Where the first registration below a line (0-based) begins; behind the last one the first of the file.
 *
 * @returns null where the file has none
 */
export function nextRegistration(
  workspace: Workspace,
  path: string,
  line: number,
): Position | null {
  const document = workspace.document(path);
  if (document === null) return null;
  let first: Position | null = null;
  for (const unit of workspace.speakingUnits(path)) {
    const placed = placedUnit(document, document.indexOf(unit));
    const { registrations } = workspace.report(unit);
    const method = registrations.length === 0 ? null : workspace.openUnit(unit)?.method;
    if (placed === null || !method) continue;
    for (const { registration } of registrations) {
      const statement = method.statements[registration.position - 1];
      if (statement === undefined) continue;
      const { start } = rangeOf(placed, statement);
      if (start.line > line) return start;
      first ??= start;
    }
  }
  return first;
}
