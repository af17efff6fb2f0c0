// The built server in a Web Worker on a blank page, spoken to as an editor in a browser does: JSON-RPC by
// `postMessage`. What passes through the page is plain data.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { launch, patience } from "./chromium.ts";

const root: string = fileURLToPath(new URL("../../../", import.meta.url));
const uri = "vscode-vfs://github/owner/repository/main.jlir";
const text: string = readFileSync(`${root}examples/seed/seed_noinline_use.jlir`, "utf8");
const body: string = readFileSync(
  `${root}examples/callees/_quiet_alloc__0__ForeignBufferFloat64.jlir`,
  "utf8",
);

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly { readonly code: string; readonly range: object }[];
}

let browser: Browser;
let site: Server;
let page: Page;
let received: Message[];
let wake: () => void;

before(async () => {
  const program = readFileSync(`${root}dist/server.browser.js`);
  site = createServer(({ url }, response) => {
    const isProgram = url === "/server.js";
    response.setHeader("Content-Type", isProgram ? "text/javascript" : "text/html");
    response.end(isProgram ? program : "<!doctype html><title>blank</title>");
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
  browser = await launch();
});

after(async () => {
  await browser?.close();
  site?.close();
});

beforeEach(async () => {
  await page?.close();
  page = await browser.newPage();
  received = [];
  wake = () => undefined;
  await page.exposeFunction("receive", (message: Message) => {
    received.push(message);
    wake();
  });
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  await page.evaluate(() => {
    const worker = new Worker("/server.js");
    const scope = globalThis as unknown as { receive(message: unknown): void; worker: Worker };
    worker.onmessage = ({ data }) => scope.receive(data);
    worker.onerror = ({ message }) => scope.receive({ method: "error", params: message });
    scope.worker = worker;
  });
  await request(1, "initialize", {
    processId: null,
    rootUri: "vscode-vfs://github/owner/repository",
    capabilities: {
      workspace: { workspaceEdit: { documentChanges: true } },
      textDocument: { hover: { contentFormat: ["markdown"] } },
    },
  });
  await send({ method: "initialized", params: {} });
});

/** Hands a message to the worker. */
async function send(message: object): Promise<void> {
  await page.evaluate(
    (data) => (globalThis as unknown as { worker: Worker }).worker.postMessage(data),
    { jsonrpc: "2.0", ...message },
  );
}

/** The first message that fits, once it is there. */
async function receive<Found extends Message>(fits: (message: Message) => boolean): Promise<Found> {
  const end = Date.now() + patience;
  for (;;) {
    const found = received.find(fits);
    if (found !== undefined) return found as Found;
    const next = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const late = setTimeout(() => wake(), Math.max(0, end - Date.now()));
    await next;
    clearTimeout(late);
    if (Date.now() >= end) throw new Error(`nothing came but ${JSON.stringify(received)}`);
  }
}

async function request(id: number, method: string, params: object): Promise<unknown> {
  await send({ id, method, params });
  return (
    await receive(({ id: answered, method: asked }) => answered === id && asked === undefined)
  ).result;
}

async function diagnostics(version: number): Promise<Published["diagnostics"]> {
  const { params } = await receive(({ method, params: given }) => {
    const published = given as Published;
    return (
      method === "textDocument/publishDiagnostics" &&
      published.uri === uri &&
      published.version === version
    );
  });
  return (params as Published).diagnostics;
}

function open(of: string, documentUri = uri): Promise<void> {
  const textDocument = { uri: documentUri, languageId: "julia-ir", version: 1, text: of };
  return send({ method: "textDocument/didOpen", params: { textDocument } });
}

test("diagnostics of an open text are published, as plain data", async () => {
  await open(text);
  const [found, ...others] = await diagnostics(1);
  assert.equal(found?.code, "finalizer/body-unknown");
  assert.deepEqual(found.range, {
    start: { line: 9, character: 14 },
    end: { line: 9, character: 81 },
  });
  assert.deepEqual(others, []);
});

test("an edit is answered with the diagnostics of the new text", async () => {
  await open(text);
  await diagnostics(1);
  const range = { start: { line: 6, character: 7 }, end: { line: 6, character: 9 } };
  await send({
    method: "textDocument/didChange",
    params: { textDocument: { uri, version: 2 }, contentChanges: [{ range, text: "%77" }] },
  });
  const found = await diagnostics(2);
  const codes = new Set(found.map(({ code }) => code));
  assert.deepEqual([...codes], ["syntax/number-mismatch"]);
});

test("hovering a registration shows the ladder", async () => {
  await open(text);
  const answer = await request(2, "textDocument/hover", {
    textDocument: { uri },
    position: { line: 9, character: 30 },
  });
  const { contents } = answer as { contents: { kind: string; value: string } };
  assert.equal(contents.kind, "markdown");
  assert.match(contents.value, /✓ object type known/);
});

test("hints know a callee while its file is open", async () => {
  const hints = async (id: number): Promise<string[]> => {
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const answer = await request(id, "textDocument/inlayHint", { textDocument: { uri }, range });
    return (answer as { label: string }[]).map(({ label }) => label);
  };
  const other = "vscode-vfs://github/owner/repository/body.jlir";
  await open(text);
  assert.deepEqual(await hints(2), ["✗ kept: finalizer not known"]);
  await open(body, other);
  assert.deepEqual(await hints(3), ["✗ kept: finalizer may throw"]);
  await send({ method: "textDocument/didClose", params: { textDocument: { uri: other } } });
  assert.deepEqual(await hints(4), ["✗ kept: finalizer not known"]);
});

test("an assumption makes a new configuration at the root of the virtual folder", async () => {
  await open(text);
  const answer = await request(2, "textDocument/codeAction", {
    textDocument: { uri },
    range: { start: { line: 9, character: 20 }, end: { line: 9, character: 20 } },
    context: { diagnostics: [] },
  });
  const actions = answer as { title: string; edit?: { documentChanges: { uri?: string }[] } }[];
  const first = actions.find(({ title }) => title.startsWith("Assume the smallest set"));
  const [create] = first?.edit?.documentChanges ?? [];
  assert.deepEqual(create, {
    kind: "create",
    uri: "vscode-vfs://github/owner/repository/Finalens.toml",
  });
});

test("shutdown is answered", async () => {
  assert.equal(await request(2, "shutdown", {}), null);
});
