/**
 * Along the bins: `A-2` before `A-10` before `B-1`, numbers as numbers and letters as letters. Lines without a bin come
 * last, for whoever knows where it is; equal bins go by SKU.
 */
export function byBinPath(
  a: { readonly bin: string; readonly sku: string },
  b: { readonly bin: string; readonly sku: string },
): number {
  if ((a.bin === '') !== (b.bin === '')) return a.bin === '' ? 1 : -1;
  return compareBins(a.bin, b.bin) || compareText(a.sku, b.sku);
}

function compareBins(a: string, b: string): number {
  const [left, right] = [binParts(a), binParts(b)];
  for (const [i, part] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    const order =
      typeof part === 'number' && typeof other === 'number' ? part - other : compareText(String(part), String(other));
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** `A-03-12` is `['A', 3, 12]`. */
function binParts(bin: string): (string | number)[] {
  return (bin.toUpperCase().match(/\d+|[A-Z]+/g) ?? []).map((part) => (/^\d/.test(part) ? Number(part) : part));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
