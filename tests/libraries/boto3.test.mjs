// boto3's resource interface, of Debian's python3-boto3: boto3_resource_test.py, against our server.

import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {credentials, onAws, region, server} from '../api/fixture.mjs';

// Debian's own, whatever other one stands before it in PATH.
const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';
const program = fileURLToPath(new URL('boto3_resource_test.py', import.meta.url));

test('boto3', async () => {
  const local = onAws ? {} : {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: region,
  };
  const env = {...process.env, GRAMME_ENDPOINT: onAws ? 'aws' : server.endpoint, ...local};
  const {error, stderr} = await new Promise((resolve) => {
    execFile(PYTHON, ['-B', program], {env}, (failure, stdout, text) =>
      resolve({error: failure, stderr: text}));
  });
  assert.equal(error, null, stderr);
  // What unittest says last, with the number of its tests.
  assert.match(stderr, /Ran \d+ tests[^]*OK\s*$/);
});
