// All that a person reads, in all languages, gathered from one file for each part of the app.

import { caseTexts } from './messages/case';
import { commonTexts } from './messages/common';
import { entryTexts } from './messages/entry';
import { failureTexts } from './messages/failures';
import { fieldTexts } from './messages/fields';
import { importTexts } from './messages/import';
import { teamTexts } from './messages/team';
import { workTexts } from './messages/work';

export const messages = {
  ...commonTexts,
  ...entryTexts,
  ...caseTexts,
  ...fieldTexts,
  ...workTexts,
  ...importTexts,
  ...teamTexts,
  ...failureTexts,
};
