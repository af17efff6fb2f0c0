// `hover`: `#   ^^ hover` under a place; the carets are the range that the hover must cover, and the
// `#|` block below holds its Markdown, word for word.

import { hover as hoverAt } from "../../../server/src/features/hover.ts";
import type { Command } from "../session.ts";

export const hover: Command = {
  name: "hover",
  keys: {},
  check(session) {
    for (const caret of session.fixture.carets) {
      if (caret.text !== "hover") continue;
      const { path, line } = session.placeOf(caret.target);
      const found = hoverAt(session.workspace, path, { line, character: caret.start });
      const { start, end } = found?.range ?? { start: { character: 0 }, end: { character: 0 } };
      const got = `columns ${start.character} to ${end.character}`;
      const wanted = `columns ${caret.start} to ${caret.end}`;
      if (got !== wanted) session.complain(caret.line, "range of the hover", wanted, got);
      session.verbatim(caret.line, found?.markdown.split("\n") ?? ["nothing"]);
    }
  },
};
