import * as z from 'zod';

import { address, lineTotal, text, textOfAny } from './purchase.ts';

/**
 * Packages are an array (A14), in an order that is kept (A17). Their `type` is open; the literals `incoming`, `shipment`,
 * `return` and `cancellation` are assumed (A11), and so is that one package carries the shipping charge (A15). Package ids
 * go back as they came (A17); how shipments and files are written is in `write-progress.ts` (A12, A21).
 */
export const packageSchema = z.looseObject({
  type: z.string(),
  shipping_method: z.looseObject({ name: text, line_total: lineTotal.nullish() }).nullish(),
  shipping_address: address.nullish(),
  accounting_files: z.array(z.looseObject({ identifiers: z.looseObject({ visible: text }).nullish() })).nullish(),
  line_items: z.array(
    z.looseObject({
      identifiers: z.looseObject({ sku: text }).nullish(),
      name_parent: text,
      name_child: text,
      quantity: z.number(),
      line_total: lineTotal.nullish(),
      custom_attributes: z.array(z.looseObject({ key: z.string(), value: textOfAny })).nullish(),
    }),
  ),
});
