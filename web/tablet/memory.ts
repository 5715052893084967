const DATABASE = 'kirana-tablet';
const KEPT = 'kept';

/** What this tablet keeps when it is switched off: small things by name. */
export interface Memory {
  read<T>(name: string): Promise<T | undefined>;
  /** Whole, or not at all. */
  write(name: string, value: unknown): Promise<void>;
  forget(name: string): Promise<void>;
}

export async function openMemory(): Promise<Memory> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.addEventListener('upgradeneeded', () => {
    opening.result.createObjectStore(KEPT);
  });
  const database = await done(opening);
  function kept(mode: IDBTransactionMode): IDBObjectStore {
    // Strict: what was written is there after the battery fell out.
    return database.transaction(KEPT, mode, { durability: 'strict' }).objectStore(KEPT);
  }
  return {
    read: (name) => done(kept('readonly').get(name)),
    write: async (name, value) => {
      const store = kept('readwrite');
      store.put(value, name);
      await committed(store.transaction);
    },
    forget: async (name) => {
      const store = kept('readwrite');
      store.delete(name);
      await committed(store.transaction);
    },
  };
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => {
      resolve(request.result);
    });
    request.addEventListener('error', () => {
      reject(request.error ?? new Error('the tablet cannot read'));
    });
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => {
      resolve();
    });
    for (const event of ['abort', 'error']) {
      transaction.addEventListener(event, () => {
        reject(transaction.error ?? new Error('the tablet cannot write'));
      });
    }
  });
}
