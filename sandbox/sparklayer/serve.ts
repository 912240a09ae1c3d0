import { startSparkLayer } from './stand-in.ts';

/**
 * Runs the stand-in as its own process, `/sim` included, and prints one JSON line with what a client needs.
 * Reads PORT (any free port), SPARKLAYER_SITE_ID, SPARKLAYER_CLIENT_ID and SPARKLAYER_CLIENT_SECRET.
 */
const { PORT, SPARKLAYER_SITE_ID, SPARKLAYER_CLIENT_ID, SPARKLAYER_CLIENT_SECRET } = process.env;
const standIn = await startSparkLayer({
  sim: true,
  port: Number(PORT ?? 0),
  ...(SPARKLAYER_SITE_ID !== undefined && { siteId: SPARKLAYER_SITE_ID }),
  ...(SPARKLAYER_CLIENT_ID !== undefined && { clientId: SPARKLAYER_CLIENT_ID }),
  ...(SPARKLAYER_CLIENT_SECRET !== undefined && { clientSecret: SPARKLAYER_CLIENT_SECRET }),
});
const { url, siteId, clientId, clientSecret } = standIn;
process.stdout.write(`${JSON.stringify({ url, siteId, clientId, clientSecret, pid: process.pid })}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void standIn.close());
