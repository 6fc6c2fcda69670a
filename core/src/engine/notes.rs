//! What a person does to notes, and how they are shown: signatures, strikes.

use std::collections::BTreeSet;

use automerge::ActorId;
use satchel_wire::StreamId;

use crate::{
    api::{Failure, MadeView, NewNoteView, NoteView, PastView, Reply, SignatureView, Stage},
    doc::{Doc, Origin},
    engine::{Engine, cx::Cx, desk::Open, records::new_id, replica::Stream},
    note::{self, By, NewNote, Note, State},
};

/// Who the person here is, as far as notes ask: the actors of all their devices, and whether they
/// lead.
struct Writer {
    actors: BTreeSet<ActorId>,
    leads: bool,
}

impl Writer {
    fn wrote(&self, origin: &Origin) -> bool {
        self.actors.contains(&origin.actor)
    }
}

impl Engine {
    fn writer(&self, stream: StreamId) -> Result<Writer, Failure> {
        let (replica, desk) = self.parts()?;
        let open = desk.docs.get(&stream).ok_or(Failure::NotFound)?;
        let mine = |profile| {
            let known = replica.roster.known(profile);
            profile == replica.profile.profile
                || known.is_some_and(|certificate| certificate.staff == replica.profile.staff)
        };
        let actors = open.authors.iter().filter(|(_, (author, _))| mine(*author));
        Ok(Writer {
            actors: actors.map(|(actor, _)| actor.clone()).collect(),
            leads: replica.profile.role.leads(),
        })
    }

    /// A note that somebody writes, with an id of its own.
    pub(super) fn new_note(&self, cx: &mut Cx, new: NewNoteView) -> NewNote {
        NewNote {
            id: new_id(cx),
            format: new.format,
            sections: new.sections,
            happened_at: new.happened_at,
            addendum_to: new.addendum_to,
            sign: new.sign,
            cosign: new.cosign,
            imported: false,
        }
    }

    pub(super) fn add_note(
        &mut self,
        cx: &mut Cx,
        case: &str,
        new: NewNoteView,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        let new = self.new_note(cx, new);
        let now = cx.now;
        let doc = self.doc(stream)?;
        note::check_new(&new, now, |id| {
            note::find(doc, id).is_some_and(|note| note.takes_addendum())
        })?;
        let change = note::add(doc, now, std::slice::from_ref(&new))?.ok_or(Failure::NotReady)?;
        self.publish(cx, stream, &change)?;
        Ok(saved(new.id))
    }

    pub(super) fn edit_note(
        &mut self,
        cx: &mut Cx,
        case: &str,
        id: &str,
        seen: &str,
        sections: &[(String, String)],
    ) -> Result<Reply, Failure> {
        self.change_note(cx, case, id, |doc, cx, _| {
            note::check_seen(doc, id, seen)?;
            note::edit(doc, cx.now, id, sections)
        })
    }

    pub(super) fn sign_note(
        &mut self,
        cx: &mut Cx,
        case: &str,
        id: &str,
        seen: &str,
    ) -> Result<Reply, Failure> {
        self.change_note(cx, case, id, |doc, cx, by| {
            note::check_seen(doc, id, seen)?;
            let pending = note::find(doc, id).map(|note| note.state());
            if pending == Some(State::CosignPending) {
                note::cosign(doc, cx.now, id, by)
            } else {
                note::sign(doc, cx.now, id, by)
            }
        })
    }

    pub(super) fn strike_note(
        &mut self,
        cx: &mut Cx,
        case: &str,
        id: &str,
        reason: &str,
    ) -> Result<Reply, Failure> {
        self.change_note(cx, case, id, |doc, cx, by| {
            note::strike(doc, cx.now, id, by, reason)
        })
    }

    fn change_note(
        &mut self,
        cx: &mut Cx,
        case: &str,
        id: &str,
        change: impl FnOnce(&mut Doc, &Cx, By<'_>) -> Result<Option<Vec<u8>>, Failure>,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        let writer = self.writer(stream)?;
        let mine = |origin: &Origin| writer.wrote(origin);
        let by = By {
            mine: &mine,
            leads: writer.leads,
        };
        let doc = self.doc(stream)?;
        if let Some(change) = change(doc, cx, by)? {
            self.publish(cx, stream, &change)?;
        }
        Ok(saved(id.to_owned()))
    }

    /// A case's notes, newest first.
    pub(super) fn note_views(
        &self,
        id: StreamId,
        stream: &Stream,
        open: &Open,
    ) -> Result<Vec<NoteView>, Failure> {
        let writer = self.writer(id)?;
        let mine = stream.meta.mine.map(|mine| mine.chain);
        let notes = note::all(&open.doc).into_iter().map(|note| {
            let chain = open.authors.get(&note.origin.actor).map(|(_, c)| *c);
            let (stage, seen_by) = if chain.is_some() && chain == mine {
                self.stage(id, stream, note.origin.n)
            } else {
                (Stage::Received, Vec::new())
            };
            self.note_view(open, &writer, note, stage, seen_by)
        });
        Ok(notes.collect())
    }

    fn note_view(
        &self,
        open: &Open,
        writer: &Writer,
        note: Note,
        stage: Stage,
        seen_by: Vec<String>,
    ) -> NoteView {
        let state = note.state();
        let free = note.struck.is_none();
        // A format of a newer app is shown and left alone.
        let draft = free && state == State::Draft && note::format(&note.format).is_some();
        let mine = |origin: &Origin| writer.wrote(origin);
        let by = By {
            mine: &mine,
            leads: writer.leads,
        };
        let (author, own) = (note.author(), writer.wrote(note.author()));
        let may_strike = free && by.may_strike(&note);
        let made = note.words_of.as_ref().map(|_| MadeView {
            author: self.author(open, &note.origin),
            at: note.origin.at,
        });
        let second = writer.leads && !note.signatures.iter().any(|one| writer.wrote(one));
        let signature = |origin: &Origin, cosign| SignatureView {
            name: self.author(open, origin),
            at: origin.at,
            cosign,
        };
        let first = note.signatures.first().map(|one| signature(one, false));
        let cosigned = note.cosigned.as_ref().map(|one| signature(one, true));
        NoteView {
            unconfirmed: self.is_unconfirmed(open, author),
            author: self.author(open, author),
            at: author.at,
            made,
            may_strike,
            revision: note.revision(),
            state: state.code().into(),
            happened_at: note.happened_at,
            signatures: first.into_iter().chain(cosigned).collect(),
            may_edit: draft,
            may_sign: (draft && own) || (free && state == State::CosignPending && second),
            struck: note.struck.map(|held| PastView {
                author: self.author(open, &held.origin),
                at: held.origin.at,
                value: held.text,
            }),
            sections: note
                .sections
                .iter()
                .map(|section| (section.key.clone(), section.text().to_owned()))
                .collect(),
            addendum_to: note.addendum_to,
            imported: note.imported,
            format: note.format,
            id: note.id,
            stage,
            seen_by,
        }
    }
}

fn saved(id: String) -> Reply {
    Reply::Saved { id, undo: None }
}
