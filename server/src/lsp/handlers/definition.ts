// `textDocument/definition` and `textDocument/typeDefinition`.

import { definition } from "../../features/definition.ts";
import { typeDefinition } from "../../features/type-definition.ts";
import { toDefinition } from "../convert-navigation.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onDefinition(server: Server): void {
  const { connection, session } = server;
  connection.onDefinition(
    guarded(server, "textDocument/definition", null, ({ textDocument, position }) =>
      toDefinition(session, definition(session.workspace, pathOfUri(textDocument.uri), position)),
    ),
  );
  connection.onTypeDefinition(
    guarded(server, "textDocument/typeDefinition", null, ({ textDocument, position }) => {
      const path = pathOfUri(textDocument.uri);
      return toDefinition(session, typeDefinition(session.workspace, path, position));
    }),
  );
}
