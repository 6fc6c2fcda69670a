/**
 * A case is handed over: a worker asks a colleague, one who leads lets her in and takes the worker off,
 * each by one tap; what the worker wrote meanwhile is decided on with a reason that the team reads.
 */

import { expect, test } from './fixtures';
import { invite, join, newCase, openCase, pathOf, setUp, statusSays, toCases, toPart, toReview, writeNote } from './people';

const WHY = 'On leave from Monday';
const WHY_OUT = 'Written after the hand-over';

test('a case is handed over, and everybody reads what happened and why', async ({ relay, tablet }) => {
  const ada = await tablet(relay.setupLink);
  await setUp(ada, 'North Shelter', 'Ada Admin');
  await newCase(ada, { 'First name': 'Rosa' });
  const ben = await tablet(pathOf(await invite(ada, 'Ben Worker', true)));
  await join(ben);
  const cara = await tablet(pathOf(await invite(ada, 'Cara Worker', false)));
  await join(cara);
  await openCase(ben, 'Rosa');

  await test.step('Ben asks Cara, whom he may not let in', async () => {
    await toPart(ben, 'access');
    await ben.getByText('Hand over to…').click();
    await expect(ben.getByLabel('To which colleague')).toContainText('Cara Worker');
    await ben.getByRole('button', { name: 'Ask them to take it' }).click();
    await expect(ben.getByText('Choose a person.')).toBeVisible();
    await ben.getByLabel('To which colleague').selectOption({ label: 'Cara Worker (Caseworker)' });
    await ben.getByTestId('handing').getByLabel('Why').fill(WHY);
    await ben.getByRole('button', { name: 'Ask them to take it' }).click();
    await expect(ben.getByTestId('hand-over')).toContainText('Cara Worker cannot see the case yet');
    await statusSays(ben, 'All sent');
  });

  await test.step('Ada lets her in', async () => {
    await toReview(ada);
    const waiting = ada.getByTestId('hand-over');
    await expect(waiting).toContainText('Ben Worker wants to hand this case over to Cara Worker.', { timeout: 60_000 });
    await expect(waiting).toContainText(WHY);
    await waiting.getByRole('button', { name: 'Let Cara Worker in' }).click();
    await expect(waiting).toHaveCount(0);
  });

  await test.step('Cara accepts', async () => {
    await toReview(cara);
    const asked = cara.getByTestId('hand-over');
    await expect(asked).toContainText('Ben Worker asks you to take this case over.', { timeout: 60_000 });
    await asked.getByRole('button', { name: 'Accept', exact: true }).click();
    await expect(asked).toHaveCount(0);
    await openCase(cara, 'Rosa');
    await expect(cara.getByTestId('hand-over')).toContainText('A supervisor still has to take Ben Worker off the case.');
  });

  await test.step('Ada takes Ben off while he is out of reach', async () => {
    await expect(ben.getByTestId('hand-over')).toContainText('Cara Worker accepted', { timeout: 60_000 });
    await ben.context().setOffline(true);
    await statusSays(ben, 'offline');
    await writeNote(ben, 'One more visit.');
    const accepted = ada.getByTestId('hand-over');
    await expect(accepted).toContainText('who accepted', { timeout: 60_000 });
    await accepted.getByRole('button', { name: 'Take Ben Worker off the case' }).click();
    await expect(accepted).toHaveCount(0);
    await statusSays(ada, 'All sent');
  });

  await test.step('his tablet sends what is left and lets go of the case', async () => {
    await toCases(ben);
    await ben.context().setOffline(false);
    await expect(ben.getByTestId('case-row')).toHaveCount(0, { timeout: 60_000 });
  });

  await test.step('what came late is left out, with a reason', async () => {
    await openCase(ada, 'Rosa');
    await toPart(ada, 'access');
    const late = ada.getByTestId('late');
    await expect(late).toBeVisible({ timeout: 60_000 });
    await late.locator('summary').filter({ hasText: 'Leave them out' }).click();
    await late.getByRole('button', { name: 'Leave them out' }).click();
    await expect(late.getByText('Say why in a few words.')).toBeVisible();
    await late.getByLabel('Why').fill(WHY_OUT);
    await late.getByRole('button', { name: 'Leave them out' }).click();
    await expect(late).toHaveCount(0);
  });

  await test.step('Cara reads all of it', async () => {
    await toPart(cara, 'access');
    await cara.getByText('1 earlier hand-over').click();
    await expect(cara.getByTestId('hand-over')).toContainText('The case went from Ben Worker to Cara Worker.');
    await cara.getByText('Decided about late changes').click({ timeout: 60_000 });
    await expect(cara.getByTestId('ruling')).toContainText('1 late change of Ben Worker was left out by Ada Admin');
    await expect(cara.getByTestId('ruling')).toContainText(WHY_OUT);
  });
});
