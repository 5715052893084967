import { gtinKind } from '../../domain/catalog/gtin.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';

/** The API takes this many codes of one SKU. */
const CODES_MAX = 10;

/** Reads the codes of one field, parted by spaces, `;` or `|`. */
export function readBarcodes(text: string): Result<readonly string[], string> {
  const codes = [...new Set(text.split(/[\s;|]+/).filter((code) => code !== ''))];
  const wrong = codes.find((code) => gtinKind(code) === undefined);
  if (wrong !== undefined) return err(`"${wrong}" is not an EAN-8, UPC-A or EAN-13 code with a right check digit`);
  return codes.length > CODES_MAX ? err(`holds more than ${CODES_MAX} codes`) : ok(codes);
}
