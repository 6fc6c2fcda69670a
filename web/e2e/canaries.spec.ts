/**
 * Words that nobody but the team may read are typed in, then looked for everywhere else: in the
 * relay's database and log, and in all that the browser keeps while the vault is locked. Each search
 * also has to find something that is known to be there, or it proves nothing.
 */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join as path } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, keptForOffline, test } from './fixtures';
import { PASSPHRASE, lock, newCase, setField, setUp, statusSays, writeNote } from './people';

const CANARIES = {
  name: 'Zaquelinde',
  family: 'Oberquastel',
  phone: '0199-KANARI-77',
  note: 'kanariquartz under the third bridge',
  draft: 'halbgefiedert and never saved',
};
/** Shown on the lock screen, so it is known to be on the tablet in plain. */
const AGENCY = 'Quillfeather House';
const SECRETS = [...Object.values(CANARIES), PASSPHRASE];

test('what is typed is legible to nobody else', async ({ relay, durableTablet }) => {
  const tablet = durableTablet();
  const page = await tablet.start();
  await page.goto(relay.setupLink);
  await setUp(page, AGENCY, 'Ada Admin');
  await keptForOffline(page);
  await newCase(page, { 'First name': CANARIES.name, 'Last name': CANARIES.family });
  await setField(page, 'phone', CANARIES.phone);
  await writeNote(page, CANARIES.note);
  await page.getByTestId('write-note').click();
  await page.locator('#note-text').fill(CANARIES.draft);
  await expect(page.getByTestId('draft-state')).toHaveText('Draft kept on this tablet');
  await page.getByRole('link', { name: 'Cases', exact: true }).click();
  await expect(page.getByTestId('case-row')).toContainText(CANARIES.family);
  await page.getByTestId('case-row').click();
  await expect(page.getByTestId('draft')).toContainText(CANARIES.draft);
  await statusSays(page, 'All sent');

  await test.step('the relay, while it runs', () => {
    const kept = [relay.database, `${relay.database}-wal`].filter((file) => existsSync(file));
    const bytes = Buffer.concat(kept.map((file) => readFileSync(file)));
    expect(bytes.includes('CREATE TABLE')).toBe(true);
    expect(found(bytes)).toEqual([]);
    expect(relay.log).toContain('#setup=');
    expect(found(Buffer.from(relay.log))).toEqual([]);
  });

  await test.step('what a page of this origin can read while locked', async () => {
    await lock(page);
    const { hits, read } = await searched(page, [AGENCY, ...SECRETS]);
    expect(read).toBeGreaterThan(10);
    expect(hits).toEqual([AGENCY]);
    expect(await page.content()).not.toContain(CANARIES.family);
  });

  await test.step('a script takes no key out of the browser, though it may find them', async () => {
    const keys = await keysTried(page);
    expect(keys.map(({ name }) => name).sort()).toEqual(['secret', 'transport']);
    for (const { name, extractable, given } of keys) {
      expect({ name, extractable, given }).toEqual({ name, extractable: false, given: [] });
    }
  });

  await test.step('all files that the browser has written', async () => {
    await tablet.close();
    const hits = readdirSync(tablet.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path(entry.parentPath, entry.name))
      .flatMap((file) => found(readFileSync(file), [AGENCY, ...SECRETS]).map((word) => ({ word, file })));
    expect(hits.filter(({ word }) => word === AGENCY)).not.toEqual([]);
    expect(hits.filter(({ word }) => word !== AGENCY)).toEqual([]);
  });
});

/** Which of the words are in there, in either way in which browsers write text. */
function found(bytes: Buffer, words: readonly string[] = SECRETS): string[] {
  return words.filter((word) => bytes.includes(word, 0, 'utf8') || bytes.includes(word, 0, 'utf16le'));
}

/** Goes through every database, both storages and all caches, from inside the page. */
function searched(page: Page, words: readonly string[]): Promise<{ hits: string[]; read: number }> {
  return page.evaluate(async (wanted) => {
    const texts: string[] = [];
    let read = 0;
    const take = (value: unknown): void => {
      read += 1;
      if (typeof value === 'string') texts.push(value);
      else if (value instanceof ArrayBuffer) texts.push(new TextDecoder('latin1').decode(value));
      else if (ArrayBuffer.isView(value)) texts.push(new TextDecoder('latin1').decode(value));
      else if (Array.isArray(value)) value.forEach(take);
      else if (typeof value === 'object' && value !== null) Object.entries(value).flat().forEach(take);
    };
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const { name } of await indexedDB.databases()) {
      take(name);
      const database = await done(indexedDB.open(name ?? ''));
      for (const store of database.objectStoreNames) {
        const shelf = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([done(shelf.getAllKeys()), done(shelf.getAll())]);
        take(keys);
        take(values);
      }
      database.close();
    }
    take({ ...localStorage });
    take({ ...sessionStorage });
    for (const name of await caches.keys()) {
      take(name);
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        take(request.url);
        take(await (await cache.match(request))?.arrayBuffer());
      }
    }
    return { hits: wanted.filter((word) => texts.some((text) => text.includes(word))), read };
  }, words);
}

/** Asks for each private key of the tablet in each way that there is; `given` are those that worked. */
function keysTried(page: Page): Promise<{ name: string; extractable: boolean; given: string[] }[]> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('satchel-device'));
    const [kept] = (await done(database.transaction('keys').objectStore('keys').getAll())) as {
      secret: CryptoKey;
      transport: CryptoKeyPair;
    }[];
    database.close();
    if (kept === undefined) return [];
    const around = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['wrapKey']);
    const tried = async (name: string, key: CryptoKey) => {
      const given: string[] = [];
      for (const format of ['raw', 'pkcs8', 'jwk'] as const) {
        const out = crypto.subtle.exportKey(format as 'raw', key);
        await out.then(() => given.push(`export as ${format}`), () => undefined);
        const iv = new Uint8Array(12);
        const wrapped = crypto.subtle.wrapKey(format, key, around, { name: 'AES-GCM', iv });
        await wrapped.then(() => given.push(`wrap as ${format}`), () => undefined);
      }
      return { name, extractable: key.extractable, given };
    };
    return [await tried('secret', kept.secret), await tried('transport', kept.transport.privateKey)];
  });
}
