/**
 * Tests may reach any folder, so their programs know Node's globals and the Workers runtime's. The two agree but for one
 * thing: Node's `URL` iterates with disposable iterators, the Workers `URL` does not say that it does.
 */
interface IterableIterator<T, TReturn, TNext> {
  [Symbol.dispose](): void;
}
