import type { Fault as ErpFault } from '../../sandbox/bluecherry/faults.ts';
import type { JobName } from '../../sandbox/bluecherry/surface.ts';
import type { Fault as StorefrontFault } from '../../sandbox/sparklayer/faults.ts';
import { isAtRest } from './judge.ts';
import { keyOf, type Deed, type Draw } from './deed.ts';
import type { Random } from './random.ts';

type Weighted = readonly (readonly [weight: number, draw: Draw])[];

const POST = 'POST /api/salesOrder';
const CANCEL = 'POST /api/salesOrderCancel';
const ORDERS = 'GET /api/salesOrder';
const LOG = 'GET /api/importLog';
const PUT = 'PUT /api/v1/purchases/{id}';
const LIST = 'GET /api/v1/purchases';
const ONE = 'GET /api/v1/purchases/{id}';

/** Faults of either side for a few calls each, and outages of a few steps. Every one of them ends by itself. */
export const faults: Weighted = [
  [46, erpFault],
  [40, storefrontFault],
  [5, outage('stalledImport', (play) => play.site.erp.stallJob('order_import'), resume('order_import'))],
  [
    2,
    outage(
      'keysRevoked',
      (play) => play.site.erp.revokeKeys('both'),
      (play) => play.site.erp.restoreKeys(),
    ),
  ],
  [
    3,
    // The first run begins it, the second one ends it.
    outage(
      'maintenance',
      (play) => play.site.erp.runJob('nightly_maintenance'),
      (play) => play.site.erp.runJob('nightly_maintenance'),
    ),
  ],
  [3, oneKeyRevoked],
  [
    2,
    outage(
      'tokensRefused',
      (play) => play.site.storefront.refuseTokens(true),
      (play) => play.site.storefront.refuseTokens(false),
    ),
  ],
  [4, tokensExpire],
];

/** The worker is killed, sometimes while a feed is under way. */
export function kill(random: Random): Deed {
  const during = random.weighted([
    [50, null],
    [25, 'pollPurchases' as const],
    [25, 'pollErpDocuments' as const],
  ]);
  return {
    family: 'kills',
    name: 'kill',
    with: { during },
    async act({ site }) {
      const before = calls();
      const pass = during && site.runFeed(during).catch(() => undefined);
      if (pass) await Promise.race([pass, firstCall()]);
      // What becomes of the pass is seen by the next one; nobody waits for it.
      await site.killWorker();

      function calls(): number {
        return site.erp.calls().length + site.storefront.calls().length;
      }

      async function firstCall(): Promise<void> {
        while (calls() === before) await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

function erpFault(random: Random): Deed {
  const fault: ErpFault = {
    ...random.weighted<ErpFault>([
      [8, { kind: 'answerLostAfterCommit', route: POST }],
      [3, { kind: 'timeoutBeforeCommit', route: POST }],
      [3, { kind: 'lateArrival', route: POST, afterMs: 1_200 }],
      [3, { kind: 'slowAfterCommit', route: POST, ms: 2_000 }],
      [3, { kind: 'logRowMissing', route: POST }],
      [2, { kind: 'jobRunning', route: POST }],
      [2, { kind: 'importRefused', route: POST, code: random.pick(['REC_LOCKED', 'JOB_RUNNING', 'INV_STORE']) }],
      [1, { kind: 'valueCut', route: POST, field: 'udford1c', length: 20 }],
      [3, { kind: 'answerLostAfterCommit', route: CANCEL }],
      [2, { kind: 'status', route: CANCEL, status: 503 }],
      [3, { kind: 'status', route: random.pick([POST, ORDERS, LOG]), status: 429, retryAfter: '1' }],
      [2, { kind: 'status', route: random.pick([ORDERS, LOG]), status: 429, retryAfter: { httpDateIn: 1 } }],
      [4, { kind: 'status', status: random.pick([500, 502, 503, 504]), body: random.pick(['json', 'html', 'empty']) }],
      [3, { kind: 'html200', route: random.pick([ORDERS, LOG, POST]) }],
      [2, { kind: 'empty200', route: random.pick([ORDERS, LOG, POST]) }],
      [3, { kind: 'errorShape', shape: random.pick([1, 2, 3, 4]), route: random.pick([ORDERS, LOG]), status: 200 }],
      [3, { kind: 'recordLocked', route: random.pick([ORDERS, POST, CANCEL]) }],
      [3, { kind: 'slow', ms: 400 }],
      [2, { kind: 'hang', ms: 1_000, route: random.pick([ORDERS, LOG, POST]) }],
      [2, { kind: 'numbersAsStrings', route: ORDERS }],
      [2, { kind: 'repeatedPage', route: ORDERS }],
      [2, { kind: 'pageShift', route: ORDERS }],
      [2, { kind: 'filterIgnored', route: ORDERS }],
      [2, { kind: 'childrenMissing', route: ORDERS }],
      [2, { kind: 'unknownStatus', route: ORDERS, letter: 'Q' }],
      [1, { kind: 'futureStamp', route: ORDERS, aheadMs: 60_000 }],
      [1, { kind: 'quota', replenishedIn: '00:00:02' }],
    ]),
    times: random.between(1, 2),
    after: random.below(3),
  };
  return { family: 'faults', name: 'erpFault', with: { fault }, act: ({ site }) => void site.erp.faults.add(fault) };
}

function storefrontFault(random: Random): Deed {
  const fault: StorefrontFault = {
    ...random.weighted<StorefrontFault>([
      [8, { kind: 'answerLostAfterCommit', route: PUT }],
      [4, { kind: 'connectionCut', route: random.pick([PUT, LIST, ONE]) }],
      [6, { kind: 'foreignWriteBeforePut', merge: {} }],
      [4, { kind: 'foreignWriteBeforePut', merge: { customer_reference: `PO-${random.between(10_000, 99_999)}-F` } }],
      [3, { kind: 'status', route: PUT, status: random.pick([500, 503, 429]), retryAfter: 1 }],
      [3, { kind: 'status', status: random.pick([500, 502, 503]), body: random.pick(['problem', 'html', 'empty']) }],
      [2, { kind: 'status', status: 500, body: 'truncated', route: random.pick([PUT, LIST, ONE]) }],
      [2, { kind: 'status', status: 429, retryAfter: { httpDateIn: 1 } }],
      [3, { kind: 'slow', ms: 300 }],
      [2, { kind: 'hang', ms: 1_000, route: random.pick([PUT, LIST, ONE]) }],
      [2, { kind: 'html200', route: random.pick([PUT, LIST, ONE]) }],
      [3, { kind: 'tokenDiesEarly' }],
      [2, { kind: 'unauthorized' }],
      [3, { kind: 'rowsMoveWhilePaging', rows: 2 }],
      [2, { kind: 'repeatRow' }],
      [2, { kind: 'missingFields', route: LIST }],
      [2, { kind: 'successStatus', status: random.pick([201, 204]), route: PUT }],
      [1, { kind: 'identifierConflict' }],
    ]),
    times: random.between(1, 2),
    after: random.below(3),
  };
  return {
    family: 'faults',
    name: 'storefrontFault',
    with: { fault },
    act: ({ site }) => void site.storefront.faults.add(fault),
  };
}

function outage(name: string, begin: Deed['act'], end: (play: Parameters<Deed['act']>[0]) => void): Draw {
  return (random) => {
    const steps = random.between(2, 12);
    return {
      family: 'faults',
      name,
      with: { steps },
      act(play) {
        play.inSteps(steps, () => end(play));
        return begin(play);
      },
    };
  };
}

function resume(job: JobName) {
  return ({ site }: Parameters<Deed['act']>[0]): void => site.erp.resumeJob(job);
}

function oneKeyRevoked(random: Random): Deed {
  const [which, steps] = [random.pick(['primary', 'secondary']), random.between(2, 20)];
  return {
    family: 'faults',
    name: 'oneKeyRevoked',
    with: { which, steps },
    act({ site, inSteps }) {
      site.erp.revokeKeys(which);
      inSteps(steps, () => site.erp.restoreKeys());
    },
  };
}

function tokensExpire(): Deed {
  return { family: 'faults', name: 'tokensExpire', with: {}, act: ({ site }) => site.storefront.expireTokens() };
}

/** Nobody interferes for a moment: everything goes one round, and one order gets the time to come to rest. */
export function quiet(random: Random, orders: number): Deed {
  const drawn = { order: Math.max(0, orders - 1 - random.below(4)) };
  return {
    family: 'work',
    name: 'quiet',
    with: drawn,
    async act(play) {
      const { site } = play;
      const key = keyOf(play, drawn.order);
      await site.runFeed('pollPurchases');
      await site.comesTo(key, (state) => state.step.at === 'awaiting' || isAtRest(state), QUIET_MS);
      site.erp.runJob('order_import');
      site.erp.runJob('credit_check');
      await site.runFeed('pollErpDocuments');
      await site.comesTo(key, isAtRest, QUIET_MS);
    },
  };
}

/** With a fault on its way an order may take far longer; that is not waited for. */
const QUIET_MS = 1_000;
