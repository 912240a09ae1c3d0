import type { BlueCherry, CallOptions } from '../connectors/bluecherry/bluecherry.ts';
import type { ErpCodes } from '../domain/audit/compare-codes.ts';

/** The short lists of the ERP's masters; remembered for minutes, else one call or two each. */
export async function readErpCodes({ reference }: Pick<BlueCherry, 'reference'>, call: CallOptions): Promise<ErpCodes> {
  return {
    divisions: await reference.divisions(call),
    warehouses: await reference.warehouses(call),
    terms: await reference.terms(call),
    shipVia: await reference.shipVia(call),
  };
}
