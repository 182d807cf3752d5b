// Starts the server under test as a child process, in memory unless told otherwise, on a free port
// of the loopback interface, and stops that very process again.

import {spawn} from 'node:child_process';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

const START_MS_MAX = 30_000;
const STOP_MS_MAX = 30_000;

// Resolves to {endpoint, port, pid, output(), stop()} when the server has said that it is ready.
// Rejects with what it printed when it exits first or says nothing in time.
// `settings` are further variables of its environment.
export async function startServer(args = [], settings = {}) {
  const binary = process.env.GRAMME_BINARY;
  if (!binary) throw new Error('set GRAMME_BINARY to the server to test, or GRAMME_ENDPOINT');

  const folder = await mkdtemp(join(tmpdir(), 'gramme-api-'));
  const readyFile = join(folder, 'ready.json');
  // GRAMME_BINARY and its like are the tests' own; the server would not know them.
  const env = {
    ...Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !name.startsWith('GRAMME_'))),
    ...settings,
  };
  const child = spawn(
      binary, ['dev', '--host', '127.0.0.1', '--port', '0', '--ready-file', readyFile, ...args],
      {cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe']});

  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => printed = (printed + text).slice(-64_000));
  }
  let ready;
  let ended;
  let stopping = false;
  const exit = new Promise((resolve) => {
    child.on('error', (error) => resolve(ended = `did not start: ${error.message}`));
    child.on('exit', (code, signal) => {
      ended = signal ? `was ended by ${signal}` : `exited with code ${code}`;
      if (ready && !stopping) {
        process.exitCode = 1;
        process.stderr.write(`the server ${ended} by itself; it printed:\n${printed}\n`);
      }
      resolve(ended);
    });
  });
  // A test run that is broken off leaves no server behind.
  process.on('exit', () => ended || child.kill('SIGKILL'));

  for (const start = Date.now(); !ready; await sleep(10)) {
    if (ended) throw new Error(`the server ${ended} before it was ready; it printed:\n${printed}`);
    if (Date.now() - start > START_MS_MAX) {
      child.kill('SIGKILL');
      throw new Error(`the server was not ready in ${START_MS_MAX} ms; it printed:\n${printed}`);
    }
    ready = await readFile(readyFile, 'utf8').then(JSON.parse).catch(() => undefined);
  }

  return {
    ...ready,
    output: () => printed,
    // SIGTERM must end the server by itself, with exit code 0.
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      await exit;
      clearTimeout(late);
      await rm(folder, {recursive: true, force: true});
      if (ended !== 'exited with code 0') {
        throw new Error(`after SIGTERM the server ${ended}; it printed:\n${printed}`);
      }
    },
  };
}
