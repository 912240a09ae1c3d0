import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { createSparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import { parseSite } from '../../config/load-site.ts';
import { controlNumber } from '../../domain/control-number.ts';
import { prepareSalesOrder } from '../../domain/prepare-sales-order.ts';
import { parsePurchaseKey } from '../../domain/purchase.ts';
import { referenceOf } from '../../domain/storefront-reference.ts';
import { startBlueCherry } from '../../sandbox/bluecherry/stand-in.ts';
import { startSparkLayer, type CheckoutInput } from '../../sandbox/sparklayer/stand-in.ts';
import { matchSku } from '../../activities/match-sku.ts';
import { inParallel } from '../../activities/in-parallel.ts';
import { demoSiteText } from '../demo/demo-site.ts';

const AT_ONCE = 16;
const PATIENCE_MS = 10 * 60_000;

/** What a script would do: the same calls in the same order, nothing recorded, nothing recovered. */
export async function bareLoop(
  count: number,
  lines: CheckoutInput['lines'],
): Promise<{ readonly ordersPerSecond: number }> {
  const storefront = await startSparkLayer();
  const erp = await startBlueCherry({ writeMode: 'direct' });
  const { text, variables } = demoSiteText({ storefront, erp }, { limits: 'none', writeMode: 'direct' });
  const parsed = parseSite(text, 'bare', { variables, readFile: () => '' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { site } = parsed;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined };
  const clock = () => new Date();
  const sparklayer = createSparkLayer(site.storefront, { clock, log });
  const bluecherry = createBlueCherry({ ...site.erp, cacheDir: null }, { clock, log });
  const call = {
    signal: AbortSignal.timeout(PATIENCE_MS),
    deadline: Date.now() + PATIENCE_MS,
    priority: 'order',
  } as const;
  const keys = Array.from({ length: count }, () =>
    String(storefront.checkout({ lines }).purchase_identifiers.sparklayer),
  );
  await bluecherry.reference.refresh(call);
  const started = performance.now();
  await inParallel(keys, AT_ONCE, carryOver);
  const elapsed = (performance.now() - started) / 1000;
  await Promise.all([sparklayer.close(), bluecherry.close(), storefront.close(), erp.close()]);
  return { ordersPerSecond: count / elapsed };

  async function carryOver(text: string): Promise<void> {
    const key = parsePurchaseKey(text);
    const reference = key && referenceOf(key);
    const purchase = key && (await sparklayer.getPurchase(key, call));
    if (!key || !reference || !purchase?.buyer) throw new Error(`no purchase ${text}`);
    const buyer = await sparklayer.getCustomer(purchase.buyer, call);
    const data = bluecherry.reference;
    const skus = new Map();
    for (const { sku } of lines) if (sku) skus.set(sku, await matchSku(data, site.rules, sku, call));
    const customer = await data.findCustomer(buyer?.accountingId ?? '', '01', call);
    const today = new Date().toISOString().slice(0, 10);
    const prepared = prepareSalesOrder(
      {
        purchase,
        reference,
        skus,
        customerCode: buyer?.accountingId ?? null,
        customer,
        buyerEmail: null,
        stores: await data.storesOf(customer?.customer ?? '', call),
        warehouses: await data.warehouses(call),
        terms: await data.terms(call),
        today,
        placedOn: today,
      },
      site.rules,
    );
    if (prepared.kind !== 'prepared') throw new Error(JSON.stringify(prepared.problems));
    await bluecherry.findImportResults({ reference }, call);
    await bluecherry.findSalesOrdersByReference(reference, ['altPo'], call);
    await sparklayer.getPurchase(key, call);
    const outcome = await bluecherry.postSalesOrder(
      prepared.salesOrder,
      controlNumber({ site: 'bare', reference, revision: 1, attempt: 1 }),
      call,
    );
    if (outcome.kind !== 'decided' || outcome.result.kind !== 'imported') throw new Error(JSON.stringify(outcome));
    const { orderNumber } = outcome.result;
    await bluecherry.findSalesOrdersByReference(reference, ['altPo'], call);
    const note = {
      internal: orderNumber,
      confirmation: 'confirm',
      entryName: 'instep',
      progress: null,
      accepted: null,
      entry: () => '{}',
    } as const;
    await sparklayer.annotatePurchase(key, () => note, call);
  }
}
