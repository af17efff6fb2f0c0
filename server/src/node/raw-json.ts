// Publications of diagnostics whose list is JSON text already. The protocol library writes a message by
// `JSON.stringify`; a text that was put together with care should not be read back for that, so it goes
// in at the place of a mark.

import { StreamMessageWriter } from "vscode-languageserver/node";

/** JSON text in the place of a value. */
class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For whoever writes the message in another way, say into a log. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** Has `text` written as it stands, as the member `diagnostics` of a message's `params`. */
export function jsonText(text: string): unknown {
  return new JsonText(text);
}

/** Writes messages to a stream as the library does, but for JSON text. */
export function messageWriter(stream: NodeJS.WritableStream): StreamMessageWriter {
  return new StreamMessageWriter(stream, {
    contentTypeEncoder: {
      name: "application/json",
      encode: async (message, { charset }) => Buffer.from(textOf(message), charset),
    },
  });
}

function textOf(message: object): string {
  const params: unknown = "params" in message ? message.params : null;
  const isObject = typeof params === "object" && params !== null;
  const raw: unknown = isObject && "diagnostics" in params ? params.diagnostics : null;
  if (!(isObject && raw instanceof JsonText)) return JSON.stringify(message);
  // Nothing stands behind the mark but what closes the message.
  const text = JSON.stringify({ ...message, params: { ...params, diagnostics: mark } });
  const at = text.lastIndexOf(quotedMark);
  return text.slice(0, at) + raw.text + text.slice(at + quotedMark.length);
}

const mark = "JSON text";
const quotedMark: string = JSON.stringify(mark);
