/** Where the workflows of a site run. */
export function ordersQueue(site: string): string {
  return `orders:${site}`;
}

/** Activities that talk to the storefront. */
export function sparklayerQueue(site: string): string {
  return `sparklayer:${site}`;
}

/** Activities that talk to the ERP; polled by the one process that holds its governor. */
export function bluecherryQueue(site: string): string {
  return `bluecherry:${site}`;
}

/** The id of a purchase's order workflow. */
export function orderWorkflowId(site: string, key: string): string {
  return `order:${site}:${key}`;
}
