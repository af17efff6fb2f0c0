// What every view gives to the page, and gets from it.

import { checkbox } from "./dom.ts";
import type { Inputs, Range, ViewMethod } from "./wire.ts";

export interface Host {
  /** Goes to a place of the text. */
  reveal(range: Range): void;
  /** Asks for the view anew with these inputs. */
  ask(inputs: Inputs): void;
  /** An option as it was left, also before a reload of the window. */
  option<Value extends string | number | boolean>(name: string, otherwise: Value): Value;
  keep(name: string, value: string | number | boolean): void;
  /** Says something to who listens. */
  say(words: string): void;
}

export interface View<Data> {
  readonly element: HTMLElement;
  show(data: Data): void;
  /** The editor's cursor is on that line; −1 for somewhere else. */
  cursor(line: number): void;
}

/** A box for an option of the view, which is kept, and draws it anew. */
export function optionBox(
  host: Host,
  name: string,
  words: string,
  otherwise: boolean,
  draw: () => void,
): HTMLLabelElement {
  return checkbox(words, host.option(name, otherwise), (isOn) => {
    host.keep(name, isOn);
    draw();
  });
}

/** The block on whose lines the cursor is; 0 for none. */
export function blockAtLine({ blocks }: ViewMethod, line: number): number {
  return (
    blocks.findLastIndex(({ range }) => range.start.line <= line && line <= range.end.line) + 1
  );
}

/** The position of the statement on that line; 0 for none. */
export function statementAtLine({ blocks }: ViewMethod, line: number): number {
  for (const { statements } of blocks) {
    for (const { range, position } of statements)
      if (range.start.line <= line && line <= range.end.line) return position;
  }
  return 0;
}
