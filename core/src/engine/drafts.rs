//! What has been typed into forms and is not saved yet. Owns the rules that a draft is on the disk
//! only sealed, under a name that does not tell which form it is, and that it is gone in the same
//! store as the deed that came of it.

use crate::{
    api::{DraftView, Failure, Form, Reply},
    engine::{Engine, cx::Cx, desk::Desk, keyspace},
    note,
    seal::{open_stored, seal_stored},
};

/// A draft holds a little more than the longest text: which fields, which format.
const LEN_MAX: usize = 2 * note::LEN_MAX;

impl Desk {
    /// Takes in a draft from the disk; one that cannot be read stays there untouched.
    pub(super) fn take_draft(&mut self, name: &str, value: &[u8]) {
        let plain = open_stored(&self.secrets.storage, name, value).ok();
        let draft = plain.and_then(|plain| postcard::from_bytes::<DraftView>(&plain).ok());
        self.drafts
            .extend(draft.map(|draft| (draft.form, draft.text)));
    }

    /// Whether something of a case is begun and not saved.
    pub(super) fn has_draft(&self, case: &str) -> bool {
        self.drafts.keys().any(|form| form.case == case)
    }

    fn draft_name(&self, form: &Form) -> String {
        // A form's name always encodes; should it ever not, its drafts would share one name.
        let form = postcard::to_allocvec(form).unwrap_or_default();
        keyspace::draft(&self.secrets.storage, &form)
    }
}

impl Engine {
    pub(super) fn draft_views(&self) -> Result<Reply, Failure> {
        let (_, desk) = self.parts()?;
        let drafts = desk.drafts.iter().map(|(form, text)| DraftView {
            form: form.clone(),
            text: text.clone(),
        });
        Ok(Reply::Drafts {
            drafts: drafts.collect(),
        })
    }

    pub(super) fn save_draft(
        &mut self,
        cx: &mut Cx,
        form: Form,
        text: String,
    ) -> Result<Reply, Failure> {
        if !form.case.is_empty() {
            self.case_id(&form.case)?;
        }
        if text.is_empty() {
            self.drop_draft(cx, &form);
            return Ok(Reply::Done);
        }
        if text.len() > LEN_MAX {
            return Err(Failure::TooLong {
                field: "note".into(),
                max: note::LEN_MAX as u32,
            });
        }
        let desk = self.desk.as_mut().ok_or(Failure::Locked)?;
        let name = desk.draft_name(&form);
        let draft = DraftView { form, text };
        let plain = postcard::to_allocvec(&draft).map_err(|_| Failure::Damaged)?;
        let sealed = seal_stored(&desk.secrets.storage, &name, &plain, cx.rng);
        cx.put(name, sealed);
        desk.drafts.insert(draft.form, draft.text);
        Ok(Reply::Done)
    }

    pub(super) fn drop_draft(&mut self, cx: &mut Cx, form: &Form) {
        if let Some(desk) = &mut self.desk
            && desk.drafts.remove(form).is_some()
        {
            cx.delete(desk.draft_name(form));
        }
    }
}
