// The language status item beside an IR document: which Julia release is assumed and whether the
// server runs. Its command restarts the server.
import { Disposable, LanguageStatusSeverity, languages, window, workspace } from "vscode";
import { State } from "vscode-languageclient";
import { documents, profile, section } from "./config.ts";

export interface Status extends Disposable {
  show(state: State): void;
}

export function createStatus(): Status {
  const item = languages.createLanguageStatusItem("finalens.status", documents);
  item.name = "Finalens";
  item.command = { command: "finalens.restart", title: "Restart Server" };
  let state = State.Starting;

  const update = (): void => {
    const release = profile(window.activeTextEditor?.document);
    const isDown = state === State.Stopped || state === State.StartFailed;
    item.text = release === "auto" ? "Julia rules: by the text" : `Julia rules: ${release}`;
    item.detail = isDown ? "the server does not run" : "Finalens profile";
    item.busy = state === State.Starting;
    item.severity = isDown ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
  };
  update();

  const subscriptions = Disposable.from(
    item,
    window.onDidChangeActiveTextEditor(update),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(section)) update();
    }),
  );
  return {
    show(next: State): void {
      state = next;
      update();
    },
    dispose: () => subscriptions.dispose(),
  };
}
