// `finalens/controlFlow`, `finalens/lifetimes` and `finalens/foreignMemory`: plain data about the method at
// a place, for the client's views. Params: `textDocument` and `position`; the last one also takes `arguments`,
// a list in Julia's form, and `seed`. Null where the server failed; where there is nothing to see the answer
// says so in `nothing` and `next`.

import type { TextDocumentPositionParams } from "vscode-languageserver";
import { controlFlowView } from "../../features/control-flow-view.ts";
import { lifetimeView } from "../../features/lifetime-view.ts";
import { memoryView } from "../../features/memory-view.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

interface MemoryParams extends TextDocumentPositionParams {
  readonly arguments?: string | null;
  readonly seed?: number | null;
}

export function onViews(server: Server): void {
  const { connection, session } = server;
  const answer = <Params extends TextDocumentPositionParams>(
    method: string,
    view: (path: string, params: Params) => unknown,
  ): void => {
    connection.onRequest(
      method,
      guarded<Params, unknown>(server, method, null, (params) =>
        view(pathOfUri(params.textDocument.uri), params),
      ),
    );
  };
  answer("finalens/controlFlow", (path, { position }) =>
    controlFlowView(session.workspace, path, position),
  );
  answer("finalens/lifetimes", (path, { position }) =>
    lifetimeView(session.workspace, path, position),
  );
  answer("finalens/foreignMemory", (path, { position, ...inputs }: MemoryParams) =>
    memoryView(session.workspace, path, position, {
      args: inputs.arguments?.trim() || null,
      seed: inputs.seed ?? null,
    }),
  );
}
