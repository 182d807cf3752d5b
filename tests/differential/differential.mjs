// L6: random requests against a server and against a naive reference in memory (or against dynalite),
// answer by answer. Each epoch begins with empty tables and has a seed of its own, from which its requests
// follow; the first request whose answers differ ends the run, with the shortest sequence found that leads
// to it.
//
//   differential.mjs [--requests N] [--seed N] [--peer reference|dynalite] [--bug NAME] [--jobs N] [--large PART]
//
// The seed that a failure names, with as many requests as it takes, repeats it. With more jobs than one, each is
// a process with a server and with seeds of its own.

import {fork} from 'node:child_process';
import {parseArgs} from 'node:util';
import {startServer} from '../api/server.mjs';
import {Client} from './client.mjs';
import {DynaliteSession} from './dynalite.mjs';
import {Random} from './random.mjs';
import {Requests} from './requests.mjs';
import {ReferenceSession} from './session.mjs';

const EPOCH_REQUESTS = 1000;
const REPLAYS_MAX = 300;
const TEXT_SHOWN_MAX = 3000;

// Runs `count` requests from `seed` on. Resolves to {requests, refused, explained, failure}, of which the
// last is undefined or {seed, why, requests, found, wanted}.
export async function compareServers({requests: count, seed, peer = 'reference', bug, largePart}) {
  const server = await startServer([], bug ? {GRAMME_PLANTED_BUG: bug} : {});
  const client = new Client(server.endpoint);
  const session = peer === 'dynalite' ? new DynaliteSession(client) : new ReferenceSession(client);
  try {
    const total = {requests: 0, refused: 0, explained: session.explained ?? {}};
    for (let epoch = 0; total.requests < count; ++epoch) {
      const size = Math.min(EPOCH_REQUESTS, count - total.requests);
      const failure = await untilConnected(
          (attempt) => runEpoch(session, {seed: seed + epoch, size, attempt, peer, largePart}, total));
      if (failure) return {...total, failure: {seed: seed + epoch, ...failure}};
    }
    return total;
  } finally {
    await session.close?.();
    client.close();
    await server.stop();
  }
}

// A machine that stood still for a while finds its idle connection closed, or its request too old to be
// answered: then the epoch begins again, once.
async function untilConnected(run) {
  try {
    return await run('a');
  } catch (error) {
    if (error.code !== 'ECONNRESET' && error.code !== 'UNAVAILABLE') throw error;
    console.log(`once more from the start of this epoch: ${error.message}`);
    return run('b');
  }
}

async function runEpoch(session, {seed, size, attempt, peer, largePart}, total) {
  const requests = new Requests(new Random(seed), {forDynalite: peer === 'dynalite', largePart});
  const asked = [];
  await session.start(`${seed}${attempt}-`);
  for (let i = 0; i < size; ++i) {
    const request = requests.next();
    // As it was: what is asked must not change what is asked again.
    asked.push(structuredClone(request));
    const verdict = await session.ask(request);
    ++total.requests;
    total.refused += session.lastRefused ? 1 : 0;
    if (verdict) return shrink(session, asked, verdict);
  }
}

// Leaves requests out as long as the last one still differs in the same way.
async function shrink(session, requests, verdict) {
  let kept = requests;
  let best = verdict;
  let replays = 0;
  for (let part = Math.ceil(requests.length / 2); part >= 1; part = Math.floor(part / 2)) {
    for (let at = 0; at < kept.length - 1 && replays < REPLAYS_MAX;) {
      const tried = [...kept.slice(0, at), ...kept.slice(Math.min(at + part, kept.length - 1))];
      const again = await replay(session, tried, `shrink${++replays}-`);
      if (again?.why === verdict.why) [kept, best] = [tried, again];
      else at += part;
    }
  }
  return {requests: kept, ...best};
}

async function replay(session, requests, epoch) {
  await session.start(epoch);
  for (const [i, request] of requests.entries()) {
    const verdict = await session.ask(structuredClone(request));
    if (verdict) return i === requests.length - 1 ? verdict : undefined;
  }
}

// Long texts by their length: the seed has them.
const shown = (value) => JSON.stringify(value, (name, each) => {
  if (each instanceof RegExp) return String(each);
  return typeof each === 'string' && each.length > TEXT_SHOWN_MAX ? `${each.slice(0, 8)}... (${each.length})` : each;
});

export function describe({seed, why, requests, found, wanted}) {
  const lines = requests.map(({operation, body, pages, segments}) =>
      `  ${operation}${pages ? ' (its pages)' : segments ? ` (${segments} segments)` : ''} ${shown(body)}`);
  return [`seed ${seed}: ${why}; the requests that lead to it, and the answers to the last:`, ...lines,
          `  found:  ${shown(found)}`, `  wanted: ${shown(wanted)}`].join('\n');
}

// The same in several processes. Resolves to whether all of them found no difference.
async function runJobs({jobs, requests, seed, peer, large}) {
  const share = Math.ceil(requests / jobs);
  const runs = Array.from({length: jobs}, (_, job) => {
    const args = [
      '--requests', share, '--seed', seed + job * share, '--peer', peer, ...(large ? ['--large', large] : []),
    ].map(String);
    return new Promise((resolve) => {
      fork(import.meta.filename, args).on('exit', (code) => resolve(code === 0));
    });
  });
  const good = (await Promise.all(runs)).every(Boolean);
  if (good) console.log(`${share * jobs} requests against ${peer} in ${jobs} processes, no difference`);
  return good;
}

async function main() {
  const {values} = parseArgs({options: {
    requests: {type: 'string', default: '10000'},
    seed: {type: 'string', default: String(Date.now() % 1_000_000_000)},
    peer: {type: 'string', default: 'reference'},
    bug: {type: 'string'},
    jobs: {type: 'string', default: '1'},
    large: {type: 'string'},
  }});
  const start = Date.now();
  const seed = Number(values.seed);
  const jobs = Number(values.jobs);
  if (jobs > 1) {
    const good = await runJobs({...values, jobs, requests: Number(values.requests), seed});
    process.exitCode = good ? 0 : 1;
    return;
  }
  console.log(`seed ${seed}, against ${values.peer}`);
  const largePart = values.large && Number(values.large);
  const result = await compareServers({...values, requests: Number(values.requests), seed, largePart});
  if (result.failure) {
    console.log(describe(result.failure));
    process.exitCode = 1;
  }
  const seconds = (Date.now() - start) / 1000;
  console.log(`${result.requests} requests, ${result.refused} of them refused, in ${seconds.toFixed(0)} s` +
              (values.peer === 'dynalite' ? `; explained: ${JSON.stringify(result.explained)}` : ''));
}

if (process.argv[1] === import.meta.filename) await main();
