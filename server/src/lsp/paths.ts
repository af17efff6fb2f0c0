// URIs as paths. A file's path is its path on disk; any other document (untitled, virtual, a file URI that
// names no path) goes by its URI. Whether a path is one of Windows, `c:\a` or `\\host\share`, is told by
// its form, not by the machine: the same code runs where there is no disk.

/** The path under which a document stands in the workspace. */
export function pathOfUri(uri: string): string {
  if (!uri.startsWith("file:")) return uri;
  try {
    const { hostname, pathname } = new URL(uri);
    // An encoded slash is part of a name, and no name on disk has one.
    if (/%2f/i.test(pathname)) return uri;
    const path = decodeURIComponent(pathname);
    if (hostname !== "") return `\\\\${hostname}${path.replaceAll("/", "\\")}`;
    return /^\/[A-Za-z]:/.test(path) ? path.slice(1).replaceAll("/", "\\") : path;
  } catch {
    return uri;
  }
}

/** The URI of a path that no open document has. */
export function uriOfPath(path: string): string {
  const isWindows = /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path);
  if (!isWindows && !path.startsWith("/")) return path;
  const slashed = isWindows ? path.replaceAll("\\", "/") : path;
  const encoded = slashed.replace(/[%\\\n\r\t?#]/g, encodeURIComponent);
  if (!isWindows) return new URL(`file://${encoded}`).href;
  return new URL(encoded.startsWith("//") ? `file:${encoded}` : `file:///${encoded}`).href;
}

/** Whether a path is that of something in the folder, at any depth. */
export function isBelow(folder: string, path: string): boolean {
  const base = withoutEnd(folder);
  return path.startsWith(base) && /^[/\\]/.test(path.slice(base.length));
}

/** The path of a file at the root of the folder. */
export function inFolder(folder: string, name: string): string {
  return withoutEnd(folder) + (folder.includes("/") ? "/" : "\\") + name;
}

/** The folder that holds a file; null for a document that has no place, such as an untitled one. */
export function folderOf(path: string): string | null {
  if (path.startsWith("untitled:")) return null;
  return /^(.*[^/\\:])[/\\][^/\\]*$/s.exec(path)?.[1] ?? null;
}

function withoutEnd(folder: string): string {
  return folder.replace(/[/\\]$/, "");
}
