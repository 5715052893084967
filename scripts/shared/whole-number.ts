/** A number of a command line from `least` to `most`; undefined when the text is anything else. */
export function wholeNumber(text: string, least: number, most: number): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined;
}
