/** Waits at most `ms` for an answer from outside, then throws: what was asked may still happen, so its outcome is unknown. */
export async function within<T>(ms: number, what: string, asked: Promise<T>): Promise<T> {
  const tooLate = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    tooLate.reject(new Error(`${what} did not answer within ${ms} ms`));
  }, ms);
  try {
    return await Promise.race([asked, tooLate.promise]);
  } finally {
    // A pending timer would keep an object awake.
    clearTimeout(timer);
  }
}
