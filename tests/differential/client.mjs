// One connection to a server that speaks DynamoDB's protocol.

import http from 'node:http';

const AUTHORIZATION = 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/dynamodb/aws4_request, ' +
    'SignedHeaders=host;x-amz-date;x-amz-target, Signature=00';

export class Client {
  constructor(endpoint) {
    this.url = new URL(endpoint);
    this.agent = new http.Agent({keepAlive: true, maxSockets: 1});
  }
  close() {
    this.agent.destroy();
  }

  // {answer} or {error: {name, message, ...}}. Rejects when there is no DynamoDB answer at all, and
  // with the code UNAVAILABLE when the server says that it could not answer in time.
  async ask(operation, body) {
    const {status, text} = await this.post(operation, JSON.stringify(body));
    const json = JSON.parse(text);
    if (status === 200) return {answer: json};
    if (status === 503) throw Object.assign(new Error(`${operation} ${text}`), {code: 'UNAVAILABLE'});
    if (status !== 400 || typeof json.__type !== 'string') throw new Error(`${operation} ${status} ${text}`);
    const {__type: type, message, Message, ...details} = json;
    return {error: {name: type.replace(/^.*#/, ''), message: message ?? Message, details}};
  }
  post(operation, body) {
    return new Promise((resolve, reject) => {
      const request = http.request(this.url, {
        method: 'POST',
        agent: this.agent,
        headers: {
          'Content-Type': 'application/x-amz-json-1.0',
          'Content-Length': Buffer.byteLength(body),
          'X-Amz-Target': `DynamoDB_20120810.${operation}`,
          'X-Amz-Date': '20260101T000000Z',
          'Authorization': AUTHORIZATION,
        },
      }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => resolve({status: response.statusCode, text: Buffer.concat(parts).toString()}));
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}
