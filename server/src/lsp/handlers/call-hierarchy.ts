// `textDocument/prepareCallHierarchy`, `callHierarchy/incomingCalls` and `callHierarchy/outgoingCalls`. An
// item leads back to its method by the place of its header.

import {
  incomingCalls,
  outgoingCalls,
  prepareCallHierarchy,
} from "../../features/call-hierarchy.ts";
import { toCallItem } from "../convert-navigation.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onCallHierarchy(server: Server): void {
  const { session } = server;
  const { callHierarchy } = server.connection.languages;
  callHierarchy.onPrepare(
    guarded(server, "textDocument/prepareCallHierarchy", null, ({ textDocument, position }) => {
      const path = pathOfUri(textDocument.uri);
      const items = prepareCallHierarchy(session.workspace, path, position);
      return items.length === 0 ? null : items.map((item) => toCallItem(session, item));
    }),
  );
  callHierarchy.onIncomingCalls(
    guarded(server, "callHierarchy/incomingCalls", [], ({ item }) =>
      incomingCalls(session.workspace, pathOfUri(item.uri), item.selectionRange.start).map(
        ({ item: from, ranges }) => ({ from: toCallItem(session, from), fromRanges: [...ranges] }),
      ),
    ),
  );
  callHierarchy.onOutgoingCalls(
    guarded(server, "callHierarchy/outgoingCalls", [], ({ item }) =>
      outgoingCalls(session.workspace, pathOfUri(item.uri), item.selectionRange.start).map(
        ({ item: to, ranges }) => ({ to: toCallItem(session, to), fromRanges: [...ranges] }),
      ),
    ),
  );
}
