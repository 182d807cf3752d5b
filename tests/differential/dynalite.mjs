// Compares a server with dynalite, another implementation of the same API by other people. It is old and
// differs from DynamoDB in known ways: differences.mjs lists them, each with its reason.

import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {Client} from './client.mjs';
import {difference} from './compare.mjs';
import {explain} from './differences.mjs';
import {recreateTables} from './session.mjs';
import {PLAIN_TABLES} from './tables.mjs';

const PAGES_MAX = 100;

async function startDynalite() {
  const program = fileURLToPath(new URL('dynalite_server.mjs', import.meta.url));
  const child = spawn(process.execPath, [program], {stdio: ['pipe', 'pipe', 'ignore']});
  const exit = new Promise((resolve) => child.on('exit', resolve));
  const port = await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => resolve(Number(text)));
    exit.then(() => reject(new Error('dynalite ended before it was ready')));
  });
  return {
    client: new Client(`http://127.0.0.1:${port}`),
    async stop() {
      this.client.close();
      child.kill();
      await exit;
    },
  };
}

export class DynaliteSession {
  constructor(client) {
    this.client = client;
    // How often each known difference was met.
    this.explained = {};
  }
  async close() {
    await this.dynalite?.stop();
  }
  async start() {
    await recreateTables(this.client, PLAIN_TABLES);
    await this.restart();
  }
  get peer() {
    return this.dynalite.client;
  }
  async restart() {
    await this.close();
    this.dynalite = await startDynalite();
    await recreateTables(this.peer, PLAIN_TABLES);
  }

  async ask(request) {
    try {
      return await this.compare(request);
    } catch (error) {
      // Some requests end dynalite. If it is our server that is gone, so it is for what follows here.
      if (!['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(error.code)) throw error;
      this.count('it ended');
      await this.restart();
      await this.reconcile();
      return undefined;
    }
  }
  async compare(request) {
    const found = await this.outcome(this.client, request);
    this.lastRefused = Boolean(found.error);
    const wanted = await this.outcome(this.peer, request);
    const why = difference(request.operation, found, wanted, {looseItems: true});
    if (!why) return undefined;
    const name = explain(request, found, wanted);
    if (!name) return {why, found, wanted};
    this.count(name);
    if (/Put|Update|Delete|Write/.test(request.operation)) await this.reconcile();
    return undefined;
  }

  count(name) {
    this.explained[name] = (this.explained[name] ?? 0) + 1;
  }

  async outcome(client, {operation, body, pages, segments}) {
    const isPage = operation === 'Query' || operation === 'Scan';
    if (pages || isPage && body.Limit > 0) return this.joined(client, operation, body);
    if (segments) {
      const all = [];
      for (let Segment = 0; Segment < segments; ++Segment) {
        all.push(await client.ask(operation, {...body, Segment, TotalSegments: segments}));
      }
      return join(all);
    }
    return client.ask(operation, body);
  }
  async joined(client, operation, body) {
    const all = [];
    let start = body.ExclusiveStartKey;
    do {
      all.push(await client.ask(operation, start ? {...body, ExclusiveStartKey: start} : body));
      start = all.at(-1).answer?.LastEvaluatedKey;
    } while (start && all.length < PAGES_MAX);
    return join(all);
  }

  // After a write that the two take differently, dynalite gets the items of the server.
  async reconcile() {
    for (const {TableName, KeySchema} of PLAIN_TABLES) {
      const itemsOf = async (client) => (await client.ask('Scan', {TableName, ConsistentRead: true})).answer.Items;
      const [ours, theirs] = [await itemsOf(this.client), await itemsOf(this.peer)];
      const keyOf = (item) => Object.fromEntries(KeySchema.map(({AttributeName: name}) => [name, item[name]]));
      const text = (item) => JSON.stringify(keyOf(item));
      const known = new Map(theirs.map((item) => [text(item), JSON.stringify(item)]));
      for (const Item of ours) {
        if (known.get(text(Item)) !== JSON.stringify(Item)) await this.peer.ask('PutItem', {TableName, Item});
        known.delete(text(Item));
      }
      for (const item of theirs) {
        if (known.has(text(item))) await this.peer.ask('DeleteItem', {TableName, Key: keyOf(item)});
      }
    }
  }
}

// Pages or segments as one answer, without what depends on where one ended.
function join(outcomes) {
  const refused = outcomes.find(({error}) => error);
  if (refused) return refused;
  const total = (name) => outcomes.reduce((sum, {answer}) => sum + answer[name], 0);
  const items = outcomes.flatMap(({answer}) => answer.Items ?? []);
  return {answer: {Count: total('Count'), ScannedCount: total('ScannedCount'), ...(items.length ? {Items: items} : {})}};
}
