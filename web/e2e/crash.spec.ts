/**
 * The battery falls out right after the screen said that something is saved: it is still there.
 */

import { expect, test } from './fixtures';
import { newCase, setField, setUp, toPart, unlock, writeNote } from './people';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 2);
const EDITS = Number(process.env['CRASH_EDITS'] ?? 20);
/** Every so many edits is a note, the others change a field. */
const NOTE_EVERY = 4;

test('whatever was saved before a power cut is there after it', async ({ relay, durableTablet }) => {
  test.setTimeout(60_000 + ROUNDS * (20_000 + EDITS * 2_000));
  const tablet = durableTablet();
  let page = await tablet.start();
  await page.goto(relay.setupLink);
  await setUp(page, 'North Shelter', 'Ada Admin');
  await newCase(page, { 'First name': 'Rosa', Phone: '0', 'Case number': 'R-1' });
  const address = page.url();
  const notes: string[] = [];
  let phone = '0';

  for (let round = 1; round <= ROUNDS; round += 1) {
    // With a relay and without one: the tablet's own disk is what counts.
    if (round % 2 === 0) await relay.stop();
    for (let edit = 1; edit <= EDITS; edit += 1) {
      const mark = `${round}-${edit}`;
      // The last edit before the cut is once a note and once a field.
      if ((edit + round) % NOTE_EVERY === 0) {
        await writeNote(page, `Note ${mark}.`);
        notes.unshift(`Note ${mark}.`);
      } else {
        phone = `555-${mark}`;
        await setField(page, 'phone', phone);
      }
    }
    await tablet.cutPower();
    if (round % 2 === 0) await relay.start();

    page = await tablet.start();
    await page.goto(address);
    await unlock(page);
    await toPart(page, 'person');
    await expect(page.getByTestId('field-phone').locator('.value')).toHaveText(phone);
    await toPart(page, 'timeline');
    await expect(page.getByTestId('note').locator('.text')).toHaveText(notes.slice(0, 30));
  }
});
