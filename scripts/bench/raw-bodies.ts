import type { Site } from '../../config/site.ts';

/** Bodies as they come over the wire, for a comparison with plain parsing; nothing of them is checked. */
export async function erpPages(
  { erp }: Site,
  { resource, parameters, size }: { readonly resource: string; readonly parameters: string; readonly size: number },
): Promise<readonly string[]> {
  const bodies: string[] = [];
  for (let page = 1; ; page++) {
    const url = `${erp.baseUrl}/api/${resource}?${parameters}_pgno=${page}&_pgsize=${size}`;
    const body = await bodyOf(url, { headers: { 'Ocp-Apim-Subscription-Key': erp.keys[0] ?? '' } });
    const { data } = JSON.parse(body);
    if (data.header.length === 0) return bodies;
    bodies.push(body);
  }
}

export async function storefrontLevels(
  { storefront, stock }: Site,
  skus: readonly string[],
): Promise<readonly string[]> {
  const headers = await signedIn(storefront);
  const bodies: string[] = [];
  for (let start = 0; start < skus.length; start += stock.rowsPerCall) {
    const body = JSON.stringify({ skus: skus.slice(start, start + stock.rowsPerCall) });
    bodies.push(await bodyOf(`${storefront.baseUrl}/api/v1/batch-fetch-stock`, { method: 'POST', headers, body }));
  }
  return bodies;
}

export async function storefrontProducts({ storefront, catalogue }: Site): Promise<readonly string[]> {
  const headers = await signedIn(storefront);
  const bodies: string[] = [];
  for (let offset = 0; ; offset += catalogue.pageSize) {
    const query = `limit=${catalogue.pageSize}&offset=${offset}`;
    const body = await bodyOf(`${storefront.baseUrl}/api/v1/products?${query}`, { headers });
    if (JSON.parse(body).length === 0) return bodies;
    bodies.push(body);
  }
}

async function signedIn({ baseUrl, siteId, clientId, clientSecret }: Site['storefront']) {
  const json = { 'Content-Type': 'application/json', 'Site-Id': siteId };
  const body = JSON.stringify({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
  const said = JSON.parse(await bodyOf(`${baseUrl}/api/auth/token`, { method: 'POST', headers: json, body }));
  return { ...json, authorization: `Bearer ${said.access_token}` };
}

async function bodyOf(url: string, request: RequestInit): Promise<string> {
  const response = await fetch(url, request);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return response.text();
}
