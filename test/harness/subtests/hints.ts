// `hints`: inlay hints with all kinds switched on. Closed: `# hint: label` for each, on its line.

import { inlayHints } from "../../../server/src/features/inlay-hint.ts";
import { type Answer, allHints, type Command, everywhere, keys } from "../session.ts";

export const hints: Command = {
  name: "hints",
  keys: keys("statement", "always", "hint"),
  answers: ({ path, method, startLine }, { workspace }) =>
    inlayHints(workspace, path, everywhere, allHints).flatMap(({ position, label }): Answer[] => {
      const at = method.statements.find((one) => one.line === position.line - startLine);
      return at === undefined ? [] : [["hint", `%${at.id}`, label]];
    }),
};
