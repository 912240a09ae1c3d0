export async function benchOrders(_: { readonly orders: number; readonly seconds: number; readonly json: boolean }): Promise<void> {
  throw new Error('not yet');
}
