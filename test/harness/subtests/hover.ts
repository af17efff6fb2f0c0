// `hover`: `#   ^^ hover` under a place; the carets are the range that the hover must cover, and the
// `#|` block below holds its Markdown, word for word.

import { hover as hoverAt } from "../../../server/src/features/hover.ts";
import type { Command } from "../session.ts";

export const hover: Command = {
  name: "hover",
  keys: {},
  check(session) {
    for (const caret of session.fixture.carets) {
      const { text, target, start, end, line } = caret;
      if (text !== "hover") continue;
      session.taken.add(caret);
      const place = session.placeOf(target);
      const at = { line: place.line, character: start };
      const found = hoverAt(session.workspace, place.path, at);
      const got = `columns ${found?.range.start.character} to ${found?.range.end.character}`;
      const wanted = `columns ${start} to ${end}`;
      if (got !== wanted) session.complain(line, "range of the hover", wanted, got);
      session.verbatim(line, found?.markdown ?? "nothing");
    }
  },
};
