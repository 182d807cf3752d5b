// L6, small: some thousands of requests with a fixed seed and as many with a fresh one, some of them beside
// dynalite as well, and the proof that the comparison would see a bug.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {compareServers, describe} from './differential.mjs';

const FRESH = Number(process.env.GRAMME_SEED ?? Date.now() % 1_000_000_000);

for (const [seed, requests, peer, largePart] of [
  [1, 3000, 'reference'], [FRESH, 3000, 'reference'], [FRESH, 1000, 'reference', 0.3], [FRESH, 1000, 'dynalite'],
]) {
  test(`${requests} requests against ${peer}, seed ${seed}${largePart ? ', many of large items' : ''}`, async () => {
    const {failure} = await compareServers({requests, seed, peer, largePart});
    assert.equal(failure, undefined, failure && describe(failure));
  });
}

for (const bug of ['cursor_inclusive', 'index_entry_left', 'list_indexes_shift', 'zeros_kept', 'negatives_unturned']) {
  test(`sees the planted bug ${bug}`, async () => {
    const {failure} = await compareServers({requests: 20_000, seed: 1, bug});
    assert.ok(failure, 'no difference');
    assert.ok(failure.requests.length <= 6, describe(failure));
  });
}
