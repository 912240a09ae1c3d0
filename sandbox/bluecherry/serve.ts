import { parseArgs } from 'node:util';

import { startBlueCherry } from './stand-in.ts';

// The stand-in as a process of its own. Prints its address as one JSON line.
const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'key-1': { type: 'string', default: 'key-one' },
    'key-2': { type: 'string', default: 'key-two' },
    area: { type: 'string', default: 'INSTEP' },
    environment: { type: 'string', default: 'TEST' },
    direct: { type: 'boolean', default: false },
    sim: { type: 'boolean', default: false },
    'extra-styles': { type: 'string', default: '0' },
    'counts-work-as-stock': { type: 'boolean', default: false },
    // 0 = never: jobs run on command only.
    'import-every-ms': { type: 'string', default: '2000' },
  },
});
const importEvery = Number(values['import-every-ms']);
const erp = await startBlueCherry({
  keys: [values['key-1'], values['key-2']],
  area: values.area,
  environment: values.environment,
  writeMode: values.direct ? 'direct' : 'staged',
  sim: values.sim,
  extraStyles: Number(values['extra-styles']),
  countsWorkAsStock: values['counts-work-as-stock'],
  ...(importEvery > 0 ? { autoImportEveryMs: importEvery } : {}),
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
});
process.stdout.write(`${JSON.stringify({ url: erp.url, keys: erp.keys })}\n`);
process.once('SIGTERM', () => void erp.close());
process.once('SIGINT', () => void erp.close());
