// dynalite as a process of its own, in memory: some requests end it. Writes its port to standard output.

import dynalite from 'dynalite';

const server = dynalite({createTableMs: 0, deleteTableMs: 0, updateTableMs: 0});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
// It ends with the process that started it.
process.stdin.on('end', () => process.exit(0)).resume();
