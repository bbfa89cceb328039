/**
 * An unfinished training, kept in the browser's own storage: checkpoints as files hold them.
 *
 * @module
 */

import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../../browser.ts";

const NAME = "facadegan";
const STORE = "checkpoints";

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function transact<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

/** Keeps the checkpoints of a training, one a loss; replaces those kept before. */
export async function keep(checkpoints: readonly Checkpoint[]): Promise<void> {
  const files = checkpoints.map(encodeCheckpoint);
  await transact("readwrite", (store) => store.put(files, "training"));
}

/** The checkpoints kept; empty where there are none, or they cannot be read. */
export async function kept(): Promise<Checkpoint[]> {
  try {
    const files = await transact("readonly", (store) => store.get("training"));
    return ((files ?? []) as Uint8Array[]).map((file) => decodeCheckpoint(file));
  } catch {
    return [];
  }
}

/** Forgets the training. */
export async function forget(): Promise<void> {
  await transact("readwrite", (store) => store.delete("training"));
}
