import type { Client } from '@temporalio/client';

import type { OrderState } from '../domain/order-state.ts';
import { asked } from '../workers/asked.ts';
import { attributes } from '../workflows/search-attributes.ts';
import { CommandError, EXIT } from './program.ts';

export interface OrderRow {
  readonly id: string;
  readonly site: string;
  readonly number: string;
  readonly stage: string;
  readonly attention: string;
  readonly owner: string;
  readonly customer: string;
  readonly purchaseOrder: string;
  readonly erpOrder: string;
  readonly valueAtRisk: number | null;
  readonly started: string;
  readonly running: boolean;
}

export interface OrderFilter {
  readonly site?: string | undefined;
  readonly attention?: string | undefined;
  readonly stage?: string | undefined;
  readonly query?: string | undefined;
  readonly limit: number;
}

/** Orders as visibility knows them, newest first. */
export async function listOrders(
  client: Client,
  { site, attention, stage, query, limit }: OrderFilter,
): Promise<readonly OrderRow[]> {
  const clauses = [
    "WorkflowType = 'orderLifecycle'",
    site && `Site = ${quoted(site)}`,
    attention === 'any' ? "Attention != 'none'" : attention && `Attention = ${quoted(attention)}`,
    stage && `Stage = ${quoted(stage)}`,
    query && `(${query})`,
  ].filter(Boolean);
  const rows: OrderRow[] = [];
  for await (const { workflowId, typedSearchAttributes, startTime, status } of client.workflow.list({
    query: clauses.join(' AND '),
  })) {
    const value = (
      key: 'Site' | 'OrderNumber' | 'Stage' | 'Attention' | 'Owner' | 'Customer' | 'PurchaseOrder' | 'ErpOrder',
    ) => typedSearchAttributes.get(attributes[key]) ?? '';
    rows.push({
      id: workflowId,
      site: value('Site'),
      number: value('OrderNumber'),
      stage: value('Stage'),
      attention: value('Attention'),
      owner: value('Owner'),
      customer: value('Customer'),
      purchaseOrder: value('PurchaseOrder'),
      erpOrder: value('ErpOrder'),
      valueAtRisk: typedSearchAttributes.get(attributes.ValueAtRisk) ?? null,
      started: startTime.toISOString(),
      running: status.name === 'RUNNING',
    });
    if (rows.length >= limit) break;
  }
  return rows;
}

/** The workflow of an order, by its id or any of the numbers people know it by. */
export async function findOrder(client: Client, text: string): Promise<string> {
  if (text.startsWith('order:')) return text;
  const names = ['OrderNumber', 'ErpOrder', 'PurchaseOrder'].map((name) => `${name} = ${quoted(text)}`);
  const rows = await listOrders(client, { query: names.join(' OR '), limit: 10 });
  const ids = [...new Set(rows.map(({ id }) => id))];
  const [only] = ids;
  if (ids.length === 1 && only) return only;
  if (ids.length === 0)
    throw new CommandError(`No order is known as “${text}”. “instep orders” lists them.`, EXIT.findings);
  throw new CommandError(
    `“${text}” names several orders; use one of their ids:\n${ids.map((id) => `  ${id}`).join('\n')}`,
    EXIT.findings,
  );
}

export async function readState(client: Client, id: string): Promise<OrderState> {
  return asked(() => client.workflow.getHandle(id).query<OrderState>('state'));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
