export function runDemo(folder: string): number {
  return folder === "" ? 1 : 0;
}
