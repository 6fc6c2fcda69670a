//! The agency's forms in its directory. Each version is a root entry of its own, `form/<sha256 of its
//! text>`, so that nothing is ever written over; `form-away/<sha256>` says whether it is still to be
//! offered. Of both only what somebody wrote who leads counts, read from the changes themselves:
//! nobody else can take a form away, nor slip another text under its name.
//!
//! ```text
//! { "form/<sha256>": "<settings as one line of JSON>\n<the questionnaire as it was loaded>",
//!   "form-away/<sha256>": "yes" | "" }
//! ```

use std::collections::BTreeMap;

use automerge::{ROOT, transaction::Transactable as _};
use data_encoding::HEXLOWER;
use satchel_wire::{Millis, envelope::sha256};

use crate::doc::{Doc, DocError, Origin, Past};

const FORM: &str = "form/";
const AWAY: &str = "form-away/";

/// A form as the directory holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its text, and who first loaded it.
    pub past: Past,
    /// It is not offered any more.
    pub away: bool,
}

/// The name of a text.
pub fn digest(text: &str) -> String {
    HEXLOWER.encode(&sha256(&[text.as_bytes()]))
}

/// All forms by their digest, and how many entries do not count.
pub fn all(doc: &mut Doc, leads: impl Fn(&Origin) -> bool) -> (BTreeMap<String, Kept>, u32) {
    let mut kept: BTreeMap<String, Kept> = BTreeMap::new();
    let mut away: BTreeMap<String, bool> = BTreeMap::new();
    let mut ignored = 0;
    // In the order of their origins, which is the same on every device.
    for (key, past) in doc.written_below("form") {
        let counts = leads(&past.origin);
        if let Some(name) = key.strip_prefix(FORM) {
            if !counts || digest(&past.text) != name {
                ignored += 1;
            } else {
                let form = Kept { past, away: false };
                kept.entry(name.to_owned()).or_insert(form);
            }
        } else if let Some(name) = key.strip_prefix(AWAY).filter(|_| counts) {
            away.insert(name.to_owned(), past.text == "yes");
        }
    }
    for (name, form) in &mut kept {
        form.away = away.get(name).copied().unwrap_or(false);
    }
    (kept, ignored)
}

/// Adds a form; one that is there already is written again, by whoever does so now.
///
/// # Errors
/// [`DocError`].
pub fn add(doc: &mut Doc, now: Millis, text: &str) -> Result<Vec<u8>, DocError> {
    set(doc, now, &format!("{FORM}{}", digest(text)), text)
}

/// Puts a form away, or offers it again.
///
/// # Errors
/// [`DocError`].
pub fn put_away(doc: &mut Doc, now: Millis, digest: &str, away: bool) -> Result<Vec<u8>, DocError> {
    let text = if away { "yes" } else { "" };
    set(doc, now, &format!("{AWAY}{digest}"), text)
}

fn set(doc: &mut Doc, now: Millis, key: &str, text: &str) -> Result<Vec<u8>, DocError> {
    let there = doc.text(&ROOT, key).is_some();
    let written = doc.edit(now, |doc| {
        // The same text is written again too: who wrote it is what counts.
        if there {
            doc.delete(ROOT, key)?;
        }
        doc.put(ROOT, key, text)
    })?;
    written.ok_or(DocError::Unfit)
}

#[cfg(test)]
mod tests {
    use automerge::ActorId;

    use super::*;

    #[test]
    fn only_what_somebody_wrote_who_leads_counts_and_nobody_takes_it_away() {
        let actors = [1, 2].map(|n| ActorId::from(vec![n; 32]));
        let [lead, worker] = actors.clone();
        let mut docs = actors.clone().map(Doc::new);
        let leads = |origin: &Origin| origin.actor == lead;
        let (text, other) = ("{}\n{\"a\":1}", "{}\n{\"b\":2}");
        let name = digest(text);
        let first = add(&mut docs[0], Millis(1), text).unwrap();
        docs[1]
            .apply(vec![serde_bytes::ByteBuf::from(first)], &lead, 1)
            .unwrap();
        let key = format!("{FORM}{name}");
        let mut theirs = vec![
            docs[1]
                .edit(Millis(2), |doc| doc.delete(ROOT, &key))
                .unwrap()
                .unwrap(),
            add(&mut docs[1], Millis(3), other).unwrap(),
            docs[1]
                .edit(Millis(4), |doc| doc.put(ROOT, &key, other))
                .unwrap()
                .unwrap(),
            put_away(&mut docs[1], Millis(5), &name, true).unwrap(),
        ];
        for (n, change) in (1..).zip(theirs.drain(..)) {
            docs[0]
                .apply(vec![serde_bytes::ByteBuf::from(change)], &worker, n)
                .unwrap();
        }
        for doc in &mut docs {
            let (kept, ignored) = all(doc, leads);
            assert_eq!(ignored, 2);
            assert_eq!(kept.len(), 1);
            assert_eq!(
                (kept[&name].past.text.as_str(), kept[&name].away),
                (text, false)
            );
        }
        for (n, away) in [(2, true), (3, false)] {
            let change = put_away(&mut docs[0], Millis(6), &name, away).unwrap();
            docs[1]
                .apply(vec![serde_bytes::ByteBuf::from(change)], &lead, n)
                .unwrap();
            assert!(
                docs.iter_mut()
                    .all(|doc| all(doc, leads).0[&name].away == away)
            );
        }
    }
}
