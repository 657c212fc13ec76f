/**
 * Deletes what has expired from a map, a few entries at a time, by going round and round. It needs no timer and no
 * second index, and no single write pays for all the others.
 */
export function createSweep<Value>(
  map: Map<string, Value>,
  isExpired: (value: Value) => boolean,
): (stepCount: number) => void {
  let round = map.entries();
  return (stepCount) => {
    for (let step = 0; step < stepCount; step += 1) {
      const next = round.next();
      if (next.done === true) {
        round = map.entries();
        return;
      }
      const [key, value] = next.value;
      if (isExpired(value)) map.delete(key);
    }
  };
}
