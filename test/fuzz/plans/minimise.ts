// Makes a failing method small: statements become `nothing`, branches become certain, as long as the first
// failure stays of its kind.

/** The smallest text found for which `failureOf` still says the same kind of thing. */
export function minimise(text: string, failureOf: (text: string) => string | null): string {
  const kind = (failure: string | null): string => /^[\w ]+: [\w-]+/.exec(failure ?? "")?.[0] ?? "";
  const wanted = kind(failureOf(text));
  let smallest = text;
  const until = performance.now() + 20_000;
  for (let changed = true; changed && performance.now() < until; ) {
    changed = false;
    const count = smallest.split("\n").length;
    for (let line = count - 1; line >= 0 && performance.now() < until; line--) {
      for (const shorter of shorterLines(smallest, line)) {
        if (kind(safely(() => failureOf(shorter))) !== wanted) continue;
        smallest = shorter;
        changed = true;
        break;
      }
    }
  }
  return smallest;
}

function safely(act: () => string | null): string | null {
  try {
    return act();
  } catch {
    return null;
  }
}

/** Texts in which one line says less. */
function shorterLines(text: string, line: number): string[] {
  const lines = text.split("\n");
  const old = lines[line] ?? "";
  const [, head = "", number = ""] = /^((?:\d+ [─┄]─*|[│└][ ─]*) %(\d+) = )/.exec(old) ?? [];
  if (head === "") return [];
  const body = old.slice(head.length);
  const isUsed = new RegExp(`%${number}\\b(?! = )`).test(text.slice(0, text.indexOf("\n) =>")));
  const others: string[] = [];
  if (/^goto #\d+ if not %/.test(body)) {
    others.push(body.replace(/%\d+$/, "true"), body.replace(/%\d+$/, "false"));
  } else if (
    !isUsed &&
    !/^(?:goto|return|unreachable|enter|\$\(Expr\(:(?:enter|leave))/.test(body)
  ) {
    if (!body.startsWith("nothing")) others.push("nothing::Nothing");
  }
  return others.map((one) => lines.with(line, head + one).join("\n"));
}
