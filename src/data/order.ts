/**
 * Which photo comes when.
 *
 * @module
 */

import { permutation, Purpose } from "../random.ts";

/** Which of `count` photos stands at a position of an epoch: a function of the seed alone. */
export function photoOrder(
  count: number,
  seed: number,
  shuffle = true,
): (epoch: number, position: number) => number {
  // Batches ahead of the consumer reach into the next epoch: two orders are in use at a time.
  const orders = new Map<number, Uint32Array>();
  return (epoch, position) => {
    if (!shuffle) return position;
    let order = orders.get(epoch);
    if (!order) {
      if (orders.size === 2) orders.clear();
      order = permutation(count, seed, Purpose.Shuffle, epoch);
      orders.set(epoch, order);
    }
    return order[position];
  };
}
