// The manifest against the tree: each command, setting, view and code that package.json contributes is
// named by a test, comments aside, or is a code whose page's examples are run; what must equal a table of ours
// does; and every file that it points to is there. The table of who names what is printed with the test's output.
//
// `npm run test:update -- --filter contributes` writes the codes and profiles of our tables into it.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { codes, severityChoices } from "../../server/src/diagnostics/codes.ts";
import { readConfig } from "../../server/src/features/config-findings.ts";
import { diagnose } from "../../server/src/features/diagnostics.ts";
import { profileNames } from "../../server/src/features/profile.ts";
import { defaultSettings } from "../../server/src/lsp/config.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const own = "test/unit/contributes.test.ts";

interface Property {
  readonly default: unknown;
  readonly enum?: string[];
  readonly markdownDescription?: string;
  readonly additionalProperties?: { readonly enum: readonly string[] };
  readonly propertyNames?: { enum: string[] };
}

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly icon: string;
    }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
  };
}

const path = `${root}package.json`;
const text = readFileSync(path, "utf8");
const manifest = JSON.parse(text) as Manifest;
const { activationEvents } = manifest;
const { commands, configuration } = manifest.contributes;
const { properties } = configuration;

/** A test's text without what nothing is done with: comments, and in a fixture the lines that are prose. */
function withoutProse(file: string, whole: string): string {
  const isIdle = file.endsWith(".ts") ? isComment : isProse;
  return whole
    .split("\n")
    .filter((line) => !isIdle(line))
    .join("\n");
}

const isComment = (line: string): boolean => /^\s*(?:\/\/|\/\*|\*)/.test(line);

/** docs/testing.md says which comments of a fixture are facts, carets, output, configuration or edits. */
const isProse = (line: string): boolean =>
  line.startsWith("#") && !/^#(?:[|:+<-]|\s*\^| [a-z][^.:]*: )/.test(line);

/** Test files and fixtures, by their paths, without this one. */
function testTexts(folder: string): [string, string][] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return testTexts(name);
    return /\.(?:ts|jlir)$/.test(name) && name !== own
      ? [[name, withoutProse(name, readFileSync(root + name, "utf8"))] as [string, string]]
      : [];
  });
}

/** As tests name a setting: whole, or by the member of the settings that they send. */
function settingForms(name: string): RegExp[] {
  const parts = name.replace(/^finalens\./, "").split(".");
  return [
    new RegExp(`\\b${name.replaceAll(".", "\\.")}\\b`),
    new RegExp(
      `ettings"?\\s*[:=(]\\s*\\{ (?:[^;{}]|\\{[^{}]*\\})*?${parts
        .map((part) => `\\b${part}"?: `)
        .join("\\{ (?:[\\w]+: [^{}]*, )*")}`,
    ),
  ];
}

const exact = (name: string): RegExp[] => [
  new RegExp(`(?<![\\w./-])${name.replace(/[.+]/g, "\\$&")}(?![\\w/-])`),
];

const contributed: readonly (readonly [kind: string, name: string, forms: readonly RegExp[]])[] = [
  ...commands.map(
    ({ command, title }) =>
      ["command", command, [...exact(command), ...exact(`Finalens: ${title}`)]] as const,
  ),
  ...Object.keys(properties)
    // The client library's own; its messages are not ours.
    .filter((name) => name !== "finalens.trace.server")
    .map((name) => ["setting", name, settingForms(name)] as const),
  ...activationEvents
    .filter((event) => event.startsWith("onWebviewPanel:"))
    .map((event) => event.slice(event.indexOf(":") + 1))
    .map((id) => ["view", id, exact(id)] as const),
  ...Object.keys(codes).map((code) => ["code", code, exact(code)] as const),
];

/**
 * Sections of the codes' pages as texts that name their code: test/docs.test.ts runs their examples, and
 * where a section says that no text alone gives its code, holds it to saying why.
 */
function pageTexts(folder: string): [string, string][] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return pageTexts(name);
    const sections = readFileSync(root + name, "utf8").split(/^(?=##? `)/m);
    return sections
      .filter((section) => /^```(?:julia-ir|toml)/m.test(section))
      .map((section): [string, string] => [name, section.slice(0, section.indexOf("\n"))]);
  });
}

test("a test names every command, setting, view and code", (context) => {
  const texts = [...testTexts("test"), ...pageTexts("docs/diagnostics")];
  const missing: string[] = [];
  for (const [kind, name, forms] of contributed) {
    const files = texts.filter(([, one]) => forms.some((form) => form.test(one)));
    const [first] = files;
    const others = files.length > 1 ? ` and ${files.length - 1} more` : "";
    context.diagnostic(
      `${kind.padEnd(8)}${name.padEnd(40)}${first === undefined ? "–" : first[0] + others}`,
    );
    if (first === undefined) missing.push(`${kind} ${name}`);
  }
  assert.deepEqual(missing, [], "no test names these");
});

test("the codes and profiles of the settings are those of the tables", () => {
  const severities = properties["finalens.severities"]?.propertyNames;
  const profiles = properties["finalens.profile"];
  assert.ok(severities !== undefined && profiles?.enum !== undefined);
  const wanted = { codes: Object.keys(codes), profiles: ["auto", ...profileNames()] };
  if (process.env["FINALENS_UPDATE"] !== undefined) {
    severities.enum = wanted.codes;
    profiles.enum.splice(0, profiles.enum.length, ...wanted.profiles);
    writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  }
  assert.deepEqual(severities.enum, wanted.codes);
  assert.deepEqual(profiles.enum, wanted.profiles);
  const choices = properties["finalens.severities"]?.additionalProperties?.enum;
  assert.deepEqual(choices, [...severityChoices]);
});

test("the defaults of the settings are the server's", () => {
  const { profile, hints, codeLens, severities, limits } = defaultSettings;
  const flat: Record<string, unknown> = { profile, severities };
  for (const [section, members] of Object.entries({ hints, codeLens, limits })) {
    for (const [name, value] of Object.entries(members)) flat[`${section}.${name}`] = value;
  }
  const given = Object.entries(properties)
    .filter(([name]) => name !== "finalens.trace.server")
    .map(([name, { default: value }]) => [name.replace("finalens.", ""), value]);
  assert.deepEqual(Object.fromEntries(given), flat);
});

test("commands have a title and an icon, settings a description", () => {
  const bare = [
    ...commands
      .filter(({ title, category, icon }) => !title || category !== "Finalens" || !icon)
      .map(({ command }) => command),
    ...Object.entries(properties)
      .filter(([, { markdownDescription }]) => !markdownDescription)
      .map(([name]) => name),
  ];
  assert.deepEqual(bare, []);
});

test("every file that the manifest names is there", () => {
  const files = [...text.matchAll(/"(?:\.\/)?((?:client|syntaxes)\/[^"]+\.\w+)"/g)].map(
    ([, file = ""]) => file,
  );
  assert.ok(files.length > 8);
  assert.deepEqual(
    files.filter((file) => !existsSync(root + file)),
    [],
  );
});

/** What a snippet puts in, with its defaults, or with the given choice of each list. */
function expanded(body: string | readonly string[], choice: number): string {
  return [body]
    .flat()
    .join("\n")
    .replace(/\$\{\d+\|([^|]*)\|\}/g, (_, list: string) => {
      const choices = list.split(",");
      return choices[choice % choices.length] ?? "";
    })
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, (_, text: string) => text.replaceAll("\\}", "}"))
    .replace(/\$\d/g, "");
}

function snippetsIn(file: string): [string, { readonly body: string | string[] }][] {
  return Object.entries(JSON.parse(readFileSync(root + file, "utf8")));
}

for (const [name, { body }] of snippetsIn("syntaxes/toml.snippets.json")) {
  test(`snippet ${name}: whatever is chosen can be read`, () => {
    for (let choice = 0; choice < 8; choice++) {
      assert.deepEqual(readConfig(expanded(body, choice)).findings, []);
    }
  });
}

for (const [name, { body }] of snippetsIn("syntaxes/julia-ir.snippets.json")) {
  test(`snippet ${name}: what it puts in is no problem of form`, () => {
    const isHeader = String(body).startsWith("MethodInstance");
    const line = expanded(body, 0);
    const workspace = new Workspace();
    const rest = "CodeInfo(\n1 ─     return nothing\n) => Nothing\n";
    workspace.set("a.jlir", isHeader ? line : `MethodInstance for f(::Int64)\n${line}\n${rest}`);
    const found = diagnose(workspace, "a.jlir").map(({ code }) => code);
    // An expectation is not finished by its snippet: what it is about is typed behind it.
    assert.deepEqual(
      found.filter((code) => !code.startsWith("expect/")),
      [],
    );
    if (!name.startsWith("Expectation")) assert.deepEqual(found, []);
  });
}
