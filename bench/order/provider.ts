/** The sandbox's token whose authorization takes as long as a real provider's. */
export const SLOW_TOKEN = 'tok_approve_slowly';
export const SLOW_PROVIDER_MS = 300;
/** Answered at once. */
export const FAST_TOKEN = 'tok_approve';
