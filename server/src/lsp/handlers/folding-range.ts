// `textDocument/foldingRange` and `textDocument/selectionRange`.

import { foldingRanges } from "../../features/folding-range.ts";
import { selectionRanges } from "../../features/selection-range.ts";
import { toFold, toSelection } from "../convert-navigation.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onFoldingRange(server: Server): void {
  const { connection, session } = server;
  connection.onFoldingRanges(
    guarded(server, "textDocument/foldingRange", [], ({ textDocument }) =>
      foldingRanges(session.workspace, pathOfUri(textDocument.uri)).map(toFold),
    ),
  );
  connection.onSelectionRanges(
    guarded(server, "textDocument/selectionRange", [], ({ textDocument, positions }) => {
      const path = pathOfUri(textDocument.uri);
      return positions.map(
        (position) =>
          toSelection(selectionRanges(session.workspace, path, position)) ?? {
            range: { start: position, end: position },
          },
      );
    }),
  );
}
