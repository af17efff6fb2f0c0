/**
 * The pages of the diagnostic codes, executed. Every fence tagged `julia-ir` is analysed as a file of
 * its own: an example must give the code of its page (or section), a `near-miss` must not, and a
 * `no-test` stands only where the page says why text alone cannot give the code. `profile=1.11` in
 * the tag chooses the release. Beside that the square: every code has its page, every page its code,
 * with the registry's title, reason and release, and the index lists them all.
 *
 * A code is given by a diagnostic or, where none is sent, by the verdict on a registration or by the
 * reasons of its early plan.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type CodeEntry, codes } from "../server/src/diagnostics/codes.ts";
import { configFindings, readConfig } from "../server/src/features/config-findings.ts";
import { diagnose } from "../server/src/features/diagnostics.ts";
import { chooseProfile } from "../server/src/features/profile.ts";
import { Workspace } from "../server/src/workspace/workspace.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = "docs/diagnostics";

/** A fence tagged `julia-ir`, with the 1-based line of the tag. */
interface Fence {
  readonly line: number;
  readonly kind: "example" | "near-miss" | "no-test";
  readonly profile: string | undefined;
  readonly text: string;
  /** A `Finalens.toml`, read beside `assumed`. */
  readonly isConfig: boolean;
}

/** The method beside which the examples of `assume/…` are read. */
const assumed = `MethodInstance for use(::Handle)
  effects (+c,+e,!n,+t,+s,+m,+u,+o,+r)
CodeInfo(
1 ─     return nothing
) => Nothing
`;

/** What a page says of one code: the whole page, or a section of a stage's page. */
interface Section {
  readonly path: string;
  readonly line: number;
  readonly code: string;
  readonly title: string;
  /** Everything below the heading but the fences. */
  readonly prose: string;
  readonly fences: readonly Fence[];
}

const read = (path: string): string => readFileSync(root + path, "utf8");

function pagesBelow(path: string): string[] {
  if (!existsSync(root + path)) return [];
  return readdirSync(root + path, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return pagesBelow(`${path}/${entry.name}`);
    return entry.name.endsWith(".md") ? [`${path}/${entry.name}`] : [];
  });
}

/** The options behind the language of a fence; throws on one that no reader of this file knows. */
function openFence(
  path: string,
  line: number,
  options: readonly string[],
): Omit<Fence, "text" | "isConfig"> {
  let kind: Fence["kind"] = "example";
  let profile: string | undefined;
  for (const option of options) {
    if (option === "near-miss" || option === "no-test") kind = option;
    else if (option.startsWith("profile=")) profile = option.slice("profile=".length);
    else assert.fail(`${path}:${line}: unknown fence option ${option}`);
  }
  return { line, kind, profile };
}

/** The sections of a page: `#` and `##` headings of the form "`stage/kind`: Title". */
function sectionsOf(path: string): Section[] {
  const sections: (Section & { prose: string; fences: Fence[] })[] = [];
  const lines = read(path).split("\n");
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const heading = /^##? `([a-z]+\/[a-z-]+)`: (.*)$/.exec(line);
    const section = sections.at(-1);
    if (heading !== null) {
      const [, code = "", title = ""] = heading;
      sections.push({ path, line: index + 1, code, title, prose: "", fences: [] });
    } else if (line.startsWith("```")) {
      const [language, ...options] = line.slice(3).trim().split(/\s+/);
      const end = lines.indexOf("```", index + 1);
      assert.ok(end > 0, `${path}:${index + 1}: the fence is not closed`);
      if (language === "toml" && section?.code.startsWith("assume/")) {
        const fence = openFence(path, index + 1, options);
        const text = `${lines.slice(index + 1, end).join("\n")}\n`;
        section.fences.push({ ...fence, text, isConfig: true });
      } else if (language === "julia-ir") {
        assert.ok(section, `${path}:${index + 1}: no heading names the code of this fence`);
        const fence = openFence(path, index + 1, options);
        const text = `${lines.slice(index + 1, end).join("\n")}\n`;
        section.fences.push({ ...fence, text, isConfig: false });
      }
      index = end;
    } else if (section !== undefined) section.prose += `${line}\n`;
  }
  return sections;
}

/** What the product says about a fence: codes of diagnostics, and of verdicts on registrations. */
function answer(fence: Fence): { codes: Set<string>; registrations: number } {
  const { text, profile, isConfig } = fence;
  const workspace = new Workspace(chooseProfile(profile));
  if (isConfig) {
    workspace.set("use.jlir", assumed);
    const given = configFindings(workspace, "Finalens.toml", text, readConfig(text));
    return { codes: new Set(given.map(({ code }) => code)), registrations: 0 };
  }
  if (profile !== undefined)
    assert.equal(workspace.profile.name, profile, "there is no such profile");
  workspace.set("fence.jlir", text);
  const found = new Set<string>(diagnose(workspace, "fence.jlir").map(({ code }) => code));
  let registrations = 0;
  for (const unit of workspace.document("fence.jlir")?.units ?? []) {
    for (const { code, early } of workspace.report(unit).registrations) {
      registrations++;
      if (code !== null) found.add(code);
      // Reasons of the early plan; those that Julia has too are the ladder's to give.
      for (const reason of [...(early?.blockers ?? []), ...(early?.notElided ?? [])]) {
        if ((registry.get(reason.code)?.reason ?? "") === "") found.add(reason.code);
      }
    }
  }
  return { codes: found, registrations };
}

/** Codes that no fence may give whose page is not about them: its text would not be what it seems. */
function strayCodes(found: ReadonlySet<string>, own: string): string[] {
  const isMalformed = own === "finalizer/malformed-method";
  return [...found].filter(
    (code) =>
      code !== own &&
      /^(?:syntax|verify|julia|expect|internal)\//.test(code) &&
      !(isMalformed && code.startsWith("verify/")),
  );
}

/** The labels of a finalizer page, in order. */
const labels = [
  "What it means",
  "Why Julia stops there",
  "Example",
  "What to do",
  "When we are wrong",
  "Since",
];

const registry: ReadonlyMap<string, CodeEntry> = new Map(Object.entries(codes));
const sections = pagesBelow(folder).flatMap(sectionsOf);

test("every code has one page or section, and every page a code", () => {
  const found = sections.map(({ code }) => code).sort();
  assert.deepEqual(found, [...registry.keys()].sort());
  for (const { path, line, code } of sections) {
    const places = [`${folder}/${code}.md`, `${folder}/${code.split("/")[0]}.md`];
    const expected = code.startsWith("finalizer/") ? places.slice(0, 1) : places;
    assert.ok(expected.includes(path), `${path}:${line}: ${code} belongs into ${expected[0]}`);
  }
});

test("the index lists every code with its page, severity and title", () => {
  const expected = [...registry].map(([code, { severity, title }]) => {
    const path = sections.find((section) => section.code === code)?.path ?? "";
    return `| [\`${code}\`](${relative(folder, path)}) | ${severity} | ${title} |`;
  });
  const rows = read(`${folder}/README.md`).split("\n");
  assert.deepEqual(
    rows.filter((row) => row.startsWith("| [")),
    expected,
  );
});

for (const { path, line, code, title, prose, fences } of sections) {
  const entry = registry.get(code);
  const isRung = code.startsWith("finalizer/");

  test(`${path}:${line}: ${code} is described as registered`, () => {
    assert.equal(title, entry?.title);
    assert.ok(prose.includes(`**Since** ${entry?.since}`), `**Since** ${entry?.since}`);
    if (isRung) {
      const reason = entry?.reason ?? "";
      assert.ok(reason === "" || prose.includes(`\`${reason}\``), `names Julia's ${reason}`);
      const order = [...prose.matchAll(/^\*\*([^*]+?)\.?\*\*/gm)].map(([, label]) => label);
      assert.deepEqual(order, labels);
    }
    const kinds = new Set(fences.map(({ kind }) => kind));
    if (prose.includes("Not produced by text alone:")) {
      assert.deepEqual([...kinds], ["no-test"], "an example that can be run needs no excuse");
      return;
    }
    assert.ok(!kinds.has("no-test"), "says why under `Not produced by text alone:`");
    assert.ok(kinds.has("example"), "has an example");
    assert.ok(kinds.has("near-miss") || !isRung, "has a near miss");
  });

  for (const fence of fences) {
    test(`${path}:${fence.line}: ${fence.kind} of ${code}`, () => {
      const given = answer(fence);
      const list = [...given.codes].join(", ") || "nothing";
      switch (fence.kind) {
        case "example":
          assert.ok(given.codes.has(code), `gives ${list}`);
          assert.deepEqual(strayCodes(given.codes, code), []);
          break;
        case "near-miss":
          assert.ok(!given.codes.has(code), `gives ${list}`);
          assert.deepEqual(strayCodes(given.codes, ""), []);
          if (isRung) assert.ok(given.registrations > 0, "registers nothing");
          break;
        case "no-test":
          assert.ok(!given.codes.has(code), "gives the code after all: make it an example");
          break;
      }
    });
  }
}

test("links between pages of docs lead somewhere", () => {
  const broken = pagesBelow("docs").flatMap((path) =>
    [...read(path).matchAll(/\]\((?!\w+:)([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target = ""]) => relative(root, resolve(root, dirname(path), target)))
      .filter((target) => !existsSync(root + target))
      .map((target) => `${path}: ${target}`),
  );
  assert.deepEqual(broken, []);
});
