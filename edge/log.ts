/** One JSON line a record: the platform's log pipeline parses it, and nothing in it is personal. */
export function logLine(record: { readonly event: string; readonly [field: string]: unknown }): void {
  // oxlint-disable-next-line no-console -- the Worker's only way to a log; nobody else in edge/ uses it
  console.log(JSON.stringify(record));
}
