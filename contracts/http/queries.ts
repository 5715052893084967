import * as v from 'valibot';

// What arrives in a query string is text; these bound it without transforming, so that the description stays exact.

/** Degrees with at most 10 decimals, -90 to 90. */
export const LatText = v.pipe(v.string(), v.regex(/^-?(?:90(?:\.0{1,10})?|[0-8]?\d(?:\.\d{1,10})?)$/));
/** Degrees with at most 10 decimals, -180 to 180. */
export const LngText = v.pipe(v.string(), v.regex(/^-?(?:180(?:\.0{1,10})?|(?:1[0-7]\d|\d{1,2})(?:\.\d{1,10})?)$/));
/** 1 to 100 rows of a page. */
export const LimitText = v.pipe(v.string(), v.regex(/^(?:100|[1-9]\d?)$/));
/** Where the next page starts; made by the server, opaque to clients. */
export const CursorText = v.pipe(v.string(), v.minLength(1), v.maxLength(1024), v.regex(/^[A-Za-z0-9_-]+$/));
