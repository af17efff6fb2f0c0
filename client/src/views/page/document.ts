// The document of a view: one script and one sheet of our own, let in by a nonce and by where they come from;
// nothing else is loaded, and nothing inline runs.

import type { ViewKind } from "./wire.ts";

export interface DocumentParts {
  readonly kind: ViewKind;
  readonly title: string;
  /** Addresses of script and sheet, and what they may come from, as a content security policy has it. */
  readonly script: string;
  readonly sheet: string;
  readonly source: string;
  /** New for every document. */
  readonly nonce: string;
}

/** The HTML of the document. The parts are the extension's own, none of them text of the user's. */
export function documentOf({ kind, title, script, sheet, source, nonce }: DocumentParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${sheet}">
</head>
<body data-view="${kind}">
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
