// The place that a command is about: what its caller named, a lens for example, else the cursor.
import { type TextEditor, Uri, window } from "vscode";
import { language } from "./config.ts";

export interface Place {
  readonly uri: string;
  /** 0-based. */
  readonly line: number;
}

/**
 * @param given a URI and a line; a menu gives other things, which do not count
 * @returns null where no document of the language is at hand
 */
export function placeOf(given: readonly unknown[]): Place | null {
  const [uri, line] = given;
  if (typeof uri === "string" && typeof line === "number") return { uri, line };
  const editor = irEditor();
  if (editor === undefined) return null;
  return { uri: editor.document.uri.toString(), line: editor.selection.active.line };
}

/** The active editor of the language, else one that is seen: a walkthrough, or a page, may have the focus. */
export function irEditor(): TextEditor | undefined {
  const all = [window.activeTextEditor, ...window.visibleTextEditors];
  return all.find((one) => one?.document.languageId === language);
}

/** A name of the place for a title: `main.jlir:5`. */
export function placeWords({ uri, line }: Place): string {
  return `${Uri.parse(uri).path.split("/").at(-1)}:${line + 1}`;
}
