import { ok, problem, type Answer } from './answers.ts';
import type { CheckoutInput } from './checkout.ts';
import type { CustomerInput } from './customer-store.ts';
import * as deeds from './deeds.ts';
import type { Fault } from './faults.ts';
import type { Site } from './site.ts';
import type { SparkLayerStandIn } from './stand-in.ts';
import { isObject, type Open } from './wire.ts';

type Controls = Omit<SparkLayerStandIn, 'url' | 'close'>;
type Deed = (controls: Controls, body: Open, id: string, url: URL) => unknown;

/** The deeds of others over HTTP, for demos that run the stand-in as its own process. `{id}` is any identifier. */
export function simulation(controls: Controls, site: Site): (method: string, url: URL, body: unknown) => Answer {
  const deedsOfSite: Readonly<Record<string, Deed>> = {
    ...simDeeds,
    'POST /sim/purchases/{id}/amend': (_, body, id) => deeds.amendByMerge(site, id, body),
  };
  return (method, url, body) => {
    const [, sim = '', area = '', id = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
    const isOfOne = id !== '' && (area === 'purchases' || area === 'customers');
    const name = `${method} /${[sim, area, ...(isOfOne ? ['{id}'] : id === '' ? [] : [id]), ...rest].join('/')}`;
    const deed = deedsOfSite[name];
    if (!deed) return problem({ status: 404, detail: `${name} is none of: ${Object.keys(deedsOfSite).join(', ')}` });
    try {
      return ok(deed(controls, isObject(body) ? body : {}, id, url) ?? { done: true });
    } catch (error) {
      return problem({ status: 422, detail: error instanceof Error ? error.message : String(error) });
    }
  };
}

const simDeeds: Readonly<Record<string, Deed>> = {
  'POST /sim/checkout': (controls, body) => controls.checkout(asCheckout(body)),
  'POST /sim/place': (controls, body) => controls.place(body),
  'GET /sim/purchases': (controls) => controls.purchases(),
  'GET /sim/purchases/{id}': (controls, _, id) => {
    const found = controls.purchase(id);
    if (!found) throw new Error(`There is no purchase ${id}.`);
    return found;
  },
  'DELETE /sim/purchases/{id}': (controls, _, id) => controls.remove(id),
  'POST /sim/purchases/{id}/remove': (controls, _, id) => controls.remove(id),
  'POST /sim/purchases/{id}/cancel': (controls, _, id) => controls.cancel(id),
  'POST /sim/purchases/{id}/touch': (controls, _, id) => controls.touch(id),
  'POST /sim/purchases/{id}/ship': (controls, _, id) => controls.shipElsewhere(id),
  'POST /sim/purchases/{id}/type': (controls, { type }, id) => controls.setType(id, text(type)),
  'POST /sim/purchases/{id}/quantity': (controls, { sku, quantity }, id) =>
    controls.setQuantity(id, text(sku), Number(quantity)),
  'POST /sim/purchases/{id}/pay': (controls, { total, platformId }, id) =>
    typeof platformId === 'string' ? controls.pay(id, text(total), platformId) : controls.pay(id, text(total)),
  'POST /sim/customers': (controls, body) => controls.addCustomer(asCustomer(body)),
  'POST /sim/customers/{id}': (controls, body, id) => controls.setCustomer(id, body),
  'POST /sim/stock-locations': (controls, { name, external_id }) =>
    controls.addStockLocation({ name: text(name), external_id: text(external_id) }),
  'POST /sim/stock': (controls, { sku, location, ...edit }) => controls.setStock(text(sku), text(location), edit),
  'POST /sim/stock/refuse': (controls, { sku, how }) =>
    controls.refuseStock(text(sku), how === 'named' || how === 'unnamed' ? how : null),
  'POST /sim/tokens/expire': (controls) => controls.expireTokens(),
  'POST /sim/tokens/refuse': (controls, { on }) => controls.refuseTokens(on !== false),
  'POST /sim/faults': (controls, body) => void controls.faults.add(asFault(body)),
  'DELETE /sim/faults': (controls) => controls.faults.clear(),
  'GET /sim/clock': (controls) => ({ now: controls.now().toISOString() }),
  'POST /sim/clock': (controls, { now, advanceMs }) => {
    if (typeof now === 'string') controls.setClock(now);
    if (typeof advanceMs === 'number') controls.advanceClock(advanceMs);
    return { now: controls.now().toISOString() };
  },
  'GET /sim/calls': (controls, _, __, url) => controls.calls(url.searchParams.get('route') ?? undefined),
  'GET /sim/call-counts': (controls) => controls.callCounts(),
  'GET /sim/invariants': (controls) => ({
    contractViolations: controls.contractViolations(),
    lostFields: controls.lostFields(),
    invariants: controls.checkInvariants(),
  }),
};

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('A text is missing in the body.');
  return value;
}

/** The demos' own words: read as far as a wrong shape would hide a mistake. */
function asCheckout(body: Open): CheckoutInput {
  if (!isCheckout(body)) throw new TypeError('A checkout has lines: [{ sku, quantity, unitPrice }].');
  return body;
}

function isCheckout(body: Open): body is Open & CheckoutInput {
  const { lines } = body;
  return (
    Array.isArray(lines) &&
    lines.every((line) => isObject(line) && Number.isInteger(line['quantity']) && typeof line['unitPrice'] === 'string')
  );
}

function asCustomer(body: Open): CustomerInput {
  return { ...body, email: text(body['email']) };
}

function asFault(body: Open): Fault {
  if (!isFault(body)) throw new TypeError('A fault has a kind.');
  return body;
}

function isFault(body: Open): body is Open & Fault {
  return typeof body['kind'] === 'string';
}
