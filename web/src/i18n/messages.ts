// All that a person reads, in all languages, gathered from one file for each part of the app.

import { calendarTexts } from './messages/calendar';
import { caseTexts } from './messages/case';
import { codeTexts } from './messages/codes';
import { commonTexts } from './messages/common';
import { entryTexts } from './messages/entry';
import { failureTexts } from './messages/failures';
import { fieldTexts } from './messages/fields';
import { handingTexts } from './messages/handing';
import { importTexts } from './messages/import';
import { medicineTexts } from './messages/medicines';
import { noteTexts } from './messages/notes';
import { recordTexts } from './messages/records';
import { reviewTexts } from './messages/review';
import { teamTexts } from './messages/team';
import { workTexts } from './messages/work';

export const messages = {
  ...commonTexts,
  ...entryTexts,
  ...caseTexts,
  ...fieldTexts,
  ...noteTexts,
  ...recordTexts,
  ...codeTexts,
  ...reviewTexts,
  ...calendarTexts,
  ...workTexts,
  ...importTexts,
  ...teamTexts,
  ...handingTexts,
  ...medicineTexts,
  ...failureTexts,
};
