//! The notes' text where search finds it: one sealed entry for each note, in memory from the first
//! search on. Owns the rule that what is written while they are being loaded is not lost from sight.

use std::collections::BTreeSet;

use satchel_wire::StreamId;

use crate::{
    api::Reply,
    doc::{Doc, Place},
    engine::{
        Engine,
        cx::Cx,
        desk::{Desk, Text},
        keyspace,
    },
    io::Entry,
    note,
    record::NOTES,
    seal::{open_stored, seal_stored},
    search,
};

impl Engine {
    pub(super) fn texts_loaded(&mut self, cx: &mut Cx, entries: Vec<Entry>) {
        let Some(desk) = &mut self.desk else { return };
        let texts = desk.texts.get_or_insert_default();
        for Entry { key, value } in entries {
            let mut parts = key.split('/').skip(1);
            let (Some(stream), Some(note)) = (parts.next(), parts.next()) else {
                continue;
            };
            let Ok(stream) = stream.parse() else { continue };
            let plain = open_stored(&desk.secrets.storage, &key, &value)
                .ok()
                .and_then(|plain| String::from_utf8(plain).ok());
            if let Some(plain) = plain {
                let text = Text {
                    folded: search::fold(&plain),
                    plain,
                };
                let notes = texts.by_note.entry(stream).or_default();
                notes.entry(note.to_owned()).or_insert(text);
            }
        }
        texts.loaded = true;
        for (id, words, today) in std::mem::take(&mut desk.searching) {
            let reply = match self.caseload(cx, id, words, today) {
                Ok(Some(reply)) => reply,
                Ok(None) => continue,
                Err(failure) => Reply::Failed { failure },
            };
            self.record(cx, "search", None, 1);
            cx.reply(id, reply);
        }
    }
}

/// Keeps the text of the notes among the parts that were `written` where search finds it.
pub(super) fn index_texts(
    desk: &mut Desk,
    cx: &mut Cx,
    stream: StreamId,
    doc: &Doc,
    written: &BTreeSet<Place>,
) {
    let notes = written.iter().filter(|(root, _)| root == NOTES);
    for note in notes.filter_map(|(_, id)| note::find(doc, id)) {
        let (plain, id) = (note::full_text(&note), note.id);
        let name = keyspace::text(stream, &id);
        let sealed = seal_stored(&desk.secrets.storage, &name, plain.as_bytes(), cx.rng);
        cx.put(name, sealed);
        if let Some(texts) = &mut desk.texts {
            let text = Text {
                folded: search::fold(&plain),
                plain,
            };
            texts.by_note.entry(stream).or_default().insert(id, text);
        }
    }
}
