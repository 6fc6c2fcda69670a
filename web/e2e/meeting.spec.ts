/**
 * What two people did apart from each other and what does not go together: both see the same, with
 * both authors; until somebody decides the more careful side stands; one decision holds for both.
 */

import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures';
import { ADA, BEN, test } from './pair';
import { addRecord, fillRecord, finding, note, record, setField, side, statusSays, toPart, toReview, undo, unlock } from './people';

test.beforeEach(({ pair }) => pair.atCase());

test('a worker who is booked twice by two people', async ({ pair }) => {
  const { ada, ben, both } = pair;
  const twice = (page: Page) => finding(page, 'worker_booked_twice');

  await test.step('apart, after both have started again without the relay', async () => {
    await pair.apart();
    for (const page of both) {
      await page.reload();
      await unlock(page);
      await statusSays(page, 'offline');
    }
    await addRecord(ada, 'appointment', { What: 'Housing office', Start: '2031-03-03T09:30' });
    await addRecord(ben, 'appointment', { What: 'Eye doctor', Start: '2031-03-03T10:00', Who: ADA });
  });

  await test.step('both see the same: two appointments, and who made them', async () => {
    await pair.together();
    for (const page of both) {
      await toReview(page);
      await expect(twice(page).getByTestId('finding-side')).toHaveCount(2);
      await expect(side(twice(page), 'Housing office')).toContainText(ADA);
      await expect(side(twice(page), 'Eye doctor')).toContainText(BEN);
    }
    expect(await idOf(twice(ada))).toBe(await idOf(twice(ben)));
  });

  await test.step('one tap settles it for both', async () => {
    await side(twice(ben), 'Eye doctor').getByRole('button', { name: 'This one takes place' }).click();
    for (const page of both) {
      await expect(twice(page)).toHaveCount(0);
      await expect(settled(page, 'Booked twice')).toContainText(`by ${BEN}`);
    }
  });

  await test.step('undo opens it again for both', async () => {
    await undo(ben);
    for (const page of both) {
      await expect(twice(page)).toHaveCount(1);
      await expect(settled(page, 'Booked twice')).toHaveCount(0);
    }
  });

  await test.step('settled again, the other appointment needs a new time', async () => {
    await side(twice(ada), 'Eye doctor').getByRole('button', { name: 'This one takes place' }).click();
    await pair.atCase();
    for (const page of both) {
      await toPart(page, 'appointments');
      await expect(record(page, 'Housing office')).toHaveAttribute('data-state', 'proposed');
      await expect(record(page, 'Eye doctor')).toHaveAttribute('data-state', 'booked');
    }
  });
});

test('two medicines that do not go together', async ({ pair }) => {
  const { ada, ben, both } = pair;
  const harm = (page: Page) => finding(page, 'interaction');

  await test.step('each lists one, by its brand', async () => {
    await pair.apart();
    await addRecord(ada, 'medication', { Name: 'Nardil', Dose: '15 mg' });
    await addRecord(ben, 'medication', { Name: 'Demerol', Dose: '50 mg' });
  });

  await test.step('both are told at once, from which source, and who decides', async () => {
    await pair.together();
    for (const page of both) {
      await toReview(page);
      await expect(harm(page).getByTestId('severity')).toHaveAttribute('data-severity', 'critical');
      await expect(side(harm(page), 'Nardil')).toContainText(ADA);
      await expect(side(harm(page), 'Demerol')).toContainText(BEN);
      await expect(harm(page)).toContainText(/Source: \S+/);
      await expect(harm(page)).toContainText('What to do about it is for a clinician to decide.');
    }
  });

  await test.step('it is not waved through without a reason', async () => {
    const known = harm(ben).getByRole('button', { name: 'A clinician knows already' });
    await known.click();
    await expect(harm(ben)).toContainText('Say why first');
    await harm(ben).getByLabel('Why').fill('Dr. Meyer stops Nardil today.');
    await known.click();
    for (const page of both) {
      await expect(harm(page)).toHaveCount(0);
      await expect(settled(page, 'Medicines that may harm')).toContainText('Dr. Meyer stops Nardil today.');
    }
  });
});

test('a note that one signs while another changes its draft', async ({ pair }) => {
  const { ada, ben, both } = pair;
  const late = (page: Page) => finding(page, 'signed_and_edited');

  await test.step('Ada leaves a draft, and both have it', async () => {
    await ada.getByTestId('write-note').click();
    await ada.locator('#note-text').fill('Rent is two months late.');
    await ada.getByRole('button', { name: 'Save, sign later' }).click();
    await expect(note(ben, 'Rent is two months late.')).toContainText('Not signed yet');
  });

  await test.step('apart, Ada signs and Ben changes', async () => {
    await pair.apart();
    await note(ada, 'Rent is').getByRole('button', { name: 'Sign', exact: true }).click();
    await expect(note(ada, 'Rent is')).toContainText(`Signed by ${ADA}`);
    await note(ben, 'Rent is').getByRole('link', { name: 'Edit' }).click();
    await ben.locator('#note-text').fill('Rent is three months late.');
    await ben.getByRole('button', { name: 'Save the change' }).click();
    await expect(note(ben, 'three months')).toBeVisible();
  });

  await test.step('what was signed stands, and what Ben wrote waits', async () => {
    await pair.together();
    for (const page of both) {
      await expect(note(page, 'two months')).toContainText(`Signed by ${ADA}`);
      await expect(note(page, 'three months')).toHaveCount(0);
    }
    for (const page of both) {
      await toReview(page);
      await expect(side(late(page), 'two months')).toContainText(ADA);
      await expect(side(late(page), 'three months')).toContainText(BEN);
    }
  });

  await test.step('as an addendum it is on both tablets', async () => {
    await late(ada).getByRole('button', { name: 'Keep the change as an addendum' }).click();
    for (const page of both) await expect(late(page)).toHaveCount(0);
    await pair.atCase();
    for (const page of both) {
      const addendum = note(page, 'two months').getByTestId('note');
      await expect(addendum).toContainText('Addendum');
      await expect(addendum).toContainText('Rent is three months late.');
    }
  });
});

test('a safety flag that one clears while another works on it', async ({ pair }) => {
  const { ada, ben, both } = pair;
  const flag = (page: Page) => finding(page, 'flag_cleared_and_set');
  const flags = (page: Page) => page.getByTestId('flags');

  await test.step('Ada sets it, and both have it', async () => {
    await addRecord(ada, 'flag', { 'What about': 'Dangerous animal', 'What it rests on': 'A dog in the yard.' });
    await expect(flags(ben)).toContainText('Dangerous animal');
    await toPart(ben, 'person');
  });

  await test.step('apart, Ben clears it and Ada adds to it', async () => {
    await pair.apart();
    await record(ben, 'Dangerous animal').getByRole('button', { name: 'Clear it' }).click();
    await ben.getByLabel('Why it was cleared').fill('The dog has moved out.');
    await ben.getByLabel('Why it was cleared').press('Enter');
    await expect(flags(ben)).toHaveCount(0);
    await record(ada, 'Dangerous animal').getByRole('link', { name: 'Edit' }).click();
    await fillRecord(ada, { 'What it rests on': 'Two dogs in the yard.' });
  });

  await test.step('it stands for both, and the worker sees who decides', async () => {
    await pair.together();
    for (const page of both) await expect(flags(page)).toContainText('Dangerous animal');
    for (const page of both) {
      await toReview(page);
      await expect(side(flag(page), 'Cleared')).toContainText(BEN);
      await expect(side(flag(page), 'Two dogs')).toContainText(ADA);
    }
    await expect(flag(ben)).toContainText('This is decided by: Supervisor');
    await expect(flag(ben).getByRole('button')).toHaveCount(0);
  });

  await test.step('one who leads decides, for both', async () => {
    await flag(ada).getByLabel('Why').fill('Asked the neighbour: both dogs are gone.');
    await flag(ada).getByRole('button', { name: 'Clear the flag' }).click();
    for (const page of both) {
      await expect(flag(page)).toHaveCount(0);
      await expect(settled(page, 'Safety flag')).toContainText('both dogs are gone');
    }
    await pair.atCase();
    for (const page of both) await expect(flags(page)).toHaveCount(0);
  });
});

test('a disagreement that both settle, each in another way', async ({ pair }) => {
  const { ada, ben, both } = pair;
  const phone = (page: Page) => finding(page, 'field').filter({ hasText: 'Phone' });
  const decisions = (page: Page) => finding(page, 'settled_differently');

  await test.step('apart, both change the number', async () => {
    await pair.apart();
    await setField(ada, 'phone', '555-0111');
    await setField(ben, 'phone', '555-0122');
  });

  await test.step('together, both see it; apart again, each settles it', async () => {
    await pair.together();
    for (const page of both) {
      await toReview(page);
      await expect(phone(page).getByTestId('finding-side')).toHaveCount(2);
    }
    await pair.apart();
    for (const [page, number] of [[ada, '555-0111'], [ben, '555-0122']] as const) {
      await side(phone(page), number).getByRole('button', { name: 'Use this one' }).click();
      await expect(phone(page)).toHaveCount(0);
    }
  });

  await test.step('both see the two decisions, and who made them', async () => {
    await pair.together();
    for (const page of both) {
      await expect(side(decisions(page), '555-0111')).toContainText(ADA);
      await expect(side(decisions(page), '555-0122')).toContainText(BEN);
      await expect(phone(page)).toHaveCount(0);
    }
  });

  await test.step('one tap ends it for both', async () => {
    await side(decisions(ada), '555-0122').getByRole('button', { name: 'This decision stands' }).click();
    for (const page of both) await expect(decisions(page)).toHaveCount(0);
    await pair.atCase();
    for (const page of both) {
      await toPart(page, 'person');
      await expect(page.getByTestId('field-phone').locator('.value')).toHaveText('555-0122');
    }
  });
});

test('only the states that may follow are offered', async ({ pair: { ada } }) => {
  const MISTAKE = 'entered-in-error';
  const hearing = record(ada, 'Hearing');
  const mayBecome = (...states: string[]) => expect.poll(() => offered(hearing)).toEqual(states.toSorted());

  await addRecord(ada, 'appointment', { What: 'Hearing', Start: '2031-04-01T09:00' });
  await mayBecome('proposed', 'arrived', 'fulfilled', 'cancelled', 'noshow', MISTAKE);
  await hearing.getByRole('button', { name: 'Client is here' }).click();
  await mayBecome('fulfilled', 'cancelled', MISTAKE);
  await hearing.getByRole('button', { name: 'Took place' }).click();
  await ada.getByText(/earlier entr/).click();
  await mayBecome(MISTAKE);
  await hearing.getByRole('link', { name: 'Edit' }).click();
  await expect(ada.getByTestId('record-form').getByLabel(/^What/)).toHaveValue('Hearing');
  await expect(ada.getByTestId('record-form').getByLabel('State')).toHaveCount(0);
});

test('what a field was before, whose that was, and a way back', async ({ pair }) => {
  const { ada, ben } = pair;
  await addRecord(ada, 'medication', { Name: 'Metformin', Dose: '500 mg' });
  await toPart(ben, 'medications');
  await record(ben, 'Metformin').getByRole('link', { name: 'Edit' }).click();
  await fillRecord(ben, { Dose: '850 mg' });
  await expect(record(ada, 'Metformin')).toContainText('850 mg');

  await record(ada, 'Metformin').getByText('More').click();
  await record(ada, 'Metformin').getByRole('button', { name: 'Earlier values: Dose' }).click();
  const values = ada.getByTestId('history').getByRole('listitem');
  await expect(values).toHaveText([new RegExp(`850 mg.*${BEN}.*stands now`, 's'), new RegExp(`500 mg.*${ADA}`, 's')]);
  for (const value of await values.all()) await expect(value.locator('time')).toHaveAttribute('datetime', /^\d{4}-/);
  await ada.keyboard.press('Escape');

  await undo(ben);
  for (const page of pair.both) await expect(record(page, 'Metformin')).toContainText('500 mg');
});

const settled = (page: Page, rule: string): Locator => page.getByTestId('settled').filter({ hasText: rule });

const idOf = (found: Locator): Promise<string | null> => found.getAttribute('data-finding');

/** The states to which a record's buttons lead. */
function offered(one: Locator): Promise<string[]> {
  return one
    .locator('[data-testid^=to-]')
    .evaluateAll((all) => all.map((button) => (button.getAttribute('data-testid') ?? '').replace(/^to-/, '')).sort());
}
