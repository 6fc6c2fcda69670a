// All that a person reads, in all languages, gathered from one file for each part of the app.

import { assessmentTexts } from './messages/assessments';
import { calendarTexts } from './messages/calendar';
import { careTexts } from './messages/care';
import { careRecordTexts } from './messages/care-records';
import { caseTexts } from './messages/case';
import { codeTexts } from './messages/codes';
import { commonTexts } from './messages/common';
import { confirmTexts } from './messages/confirm';
import { dayTexts } from './messages/day';
import { entryTexts } from './messages/entry';
import { exchangeTexts } from './messages/exchange';
import { failureTexts } from './messages/failures';
import { fieldTexts } from './messages/fields';
import { handingTexts } from './messages/handing';
import { importTexts } from './messages/import';
import { logTexts } from './messages/log';
import { kitTexts } from './messages/kit';
import { medicineTexts } from './messages/medicines';
import { noteTexts } from './messages/notes';
import { policyTexts } from './messages/policy';
import { recordTexts } from './messages/records';
import { restrictedTexts } from './messages/restricted';
import { resourceTexts } from './messages/resources';
import { reviewTexts } from './messages/review';
import { teamTexts } from './messages/team';
import { termTexts } from './messages/terms';
import { visitTexts } from './messages/visits';
import { workTexts } from './messages/work';

export const messages = {
  ...commonTexts,
  ...entryTexts,
  ...caseTexts,
  ...fieldTexts,
  ...noteTexts,
  ...recordTexts,
  ...codeTexts,
  ...restrictedTexts,
  ...resourceTexts,
  ...reviewTexts,
  ...calendarTexts,
  ...workTexts,
  ...visitTexts,
  ...dayTexts,
  ...importTexts,
  ...exchangeTexts,
  ...teamTexts,
  ...confirmTexts,
  ...kitTexts,
  ...handingTexts,
  ...medicineTexts,
  ...policyTexts,
  ...termTexts,
  ...careTexts,
  ...careRecordTexts,
  ...logTexts,
  ...assessmentTexts,
  ...failureTexts,
};
