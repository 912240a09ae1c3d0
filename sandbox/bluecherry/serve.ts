import { parseArgs } from 'node:util';

import { startBlueCherry } from './stand-in.ts';

// The stand-in as a process of its own. Prints its address as one JSON line.
const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'key-1': { type: 'string', default: 'key-one' },
    'key-2': { type: 'string', default: 'key-two' },
    'import-every-ms': { type: 'string', default: '2000' },
  },
});
const erp = await startBlueCherry({
  keys: [values['key-1'], values['key-2']],
  autoImportEveryMs: Number(values['import-every-ms']),
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
});
process.stdout.write(`${JSON.stringify({ url: erp.url, keys: erp.keys })}\n`);
process.once('SIGTERM', () => void erp.close());
process.once('SIGINT', () => void erp.close());
