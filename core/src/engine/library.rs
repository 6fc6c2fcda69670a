//! The forms that people here may fill in: those that come with the app and those of the agency's
//! directory. Owns the rules that only who leads adds one, that each version stays, and that nothing
//! becomes a form here which this app cannot read.

use std::collections::{BTreeMap, BTreeSet};

use satchel_wire::{Millis, ProfileId};

use crate::{
    api::{
        Failure, FormLibraryView, FormPreview, FormRow, FormsAsk, RemarkView, Reply, WrittenView,
    },
    directory::forms,
    engine::{Engine, assessments::pages, cx::Cx, writers},
    questionnaire::{Answers, FILE_LEN_MAX, Form, FormError, Settings, own, scores, slots},
    search,
};

/// The most forms of an agency, all versions together.
const FORMS_MAX: usize = 500;
/// The most bytes of a form with its settings: they travel as one change.
const ENTRY_LEN_MAX: usize = FILE_LEN_MAX + 28 * 1024;

/// All forms by their digest.
#[derive(Default)]
pub(super) struct Library {
    entries: BTreeMap<String, Entry>,
    ignored: u32,
    unreadable: u32,
}

/// One version of a form.
pub(super) struct Entry {
    pub form: Form,
    pub settings: Settings,
    /// The questionnaire's own text.
    text: String,
    written: Option<(Option<ProfileId>, Millis)>,
    away: bool,
}

impl Library {
    /// A form by its digest.
    pub fn form(&self, digest: &str) -> Option<&Entry> {
        self.entries.get(digest)
    }

    fn is_full(&self) -> bool {
        self.entries.len() >= FORMS_MAX
    }

    /// Those that a newer version has replaced.
    fn replaced(&self) -> BTreeSet<&str> {
        let mut newest: BTreeMap<&str, (&str, &Entry)> = BTreeMap::new();
        let mut replaced = BTreeSet::new();
        let at = |entry: &Entry| entry.written.map(|(_, at)| at);
        for (digest, entry) in self.entries.iter().filter(|(_, entry)| !entry.away) {
            let Some((known, other)) = newest.get(entry.series()).copied() else {
                newest.insert(entry.series(), (digest, entry));
                continue;
            };
            if (at(entry), digest.as_str()) > (at(other), known) {
                newest.insert(entry.series(), (digest, entry));
                replaced.insert(known);
            } else {
                replaced.insert(digest.as_str());
            }
        }
        replaced
    }
}

impl Entry {
    /// The same for all versions of a form.
    pub fn series(&self) -> &str {
        if self.form.url.is_empty() {
            &self.form.title.base
        } else {
            &self.form.url
        }
    }
}

/// A form that comes with the app, or that the directory holds.
fn entry(text: &str, settings: Option<Settings>) -> Result<Entry, FormError> {
    let form = Form::read(text.as_bytes())?;
    let settings = settings.unwrap_or_else(|| Settings::known(&form));
    Ok(Entry {
        form,
        settings,
        text: text.to_owned(),
        written: None,
        away: false,
    })
}

impl Engine {
    /// Reads the agency's forms anew: the directory has changed, or has just been opened.
    pub(super) fn read_library(&mut self) {
        let (Some(replica), Some(desk)) = (&self.replica, &mut self.desk) else {
            return;
        };
        let Some((doc, writers)) = writers::directory(replica, &mut desk.docs) else {
            return;
        };
        let (kept, ignored) = forms::all(doc, |origin| writers.leads(origin));
        let mut library = Library {
            ignored,
            ..Library::default()
        };
        let mut before = std::mem::take(&mut desk.library.entries);
        for text in own() {
            let digest = forms::digest(text);
            let known = before
                .remove(&digest)
                .filter(|known| known.written.is_none());
            // The app's own are read by a test.
            let known = known.or_else(|| entry(text, None).ok());
            library.entries.extend(known.map(|known| (digest, known)));
        }
        for (digest, form) in kept {
            let read = before.remove(&digest).or_else(|| {
                let (settings, text) = form.past.text.split_once('\n')?;
                let settings = serde_json::from_str(settings).ok();
                entry(text, settings).ok()
            });
            let Some(mut read) = read.filter(|_| !library.is_full()) else {
                library.unreadable += 1;
                continue;
            };
            read.written = Some((writers.author(&form.past.origin), form.past.origin.at));
            read.away = form.away;
            library.entries.insert(digest, read);
        }
        desk.library = library;
    }

    pub(super) fn forms(&mut self, cx: &mut Cx, ask: FormsAsk) -> Result<Reply, Failure> {
        match ask {
            FormsAsk::Library { language } => self.library_view(&language),
            FormsAsk::Look { form, language } => {
                let entry = self.form(&form)?;
                Ok(Reply::FormPreview {
                    form: preview(&entry.form, entry.settings.clone(), &language, true),
                })
            }
            FormsAsk::Preview { file, language } => {
                self.check_leads()?;
                let form = read(&file)?;
                let settings = Settings::known(&form);
                let known = self.has_text(&file)?;
                Ok(Reply::FormPreview {
                    form: preview(&form, settings, &language, known),
                })
            }
            FormsAsk::Add { file, settings } => {
                self.check_leads()?;
                let form = read(&file)?;
                let text = String::from_utf8_lossy(&file).into_owned();
                self.add_form(cx, &form, &text, &settings)
            }
            FormsAsk::Set { form, settings } => {
                self.check_leads()?;
                let entry = self.form(&form)?;
                let (form, text) = (entry.form.clone(), entry.text.clone());
                self.add_form(cx, &form, &text, &settings)
            }
            FormsAsk::Away { form, away } => {
                self.check_leads()?;
                let own = self.form(&form)?.written.is_none();
                if own {
                    return Err(Failure::NotFound);
                }
                let directory = self.parts()?.0.profile.directory;
                let change = forms::put_away(self.doc(directory)?, cx.now, &form, away);
                self.publish(cx, directory, &change.map_err(|_| Failure::NotReady)?)?;
                Ok(Reply::Done)
            }
        }
    }

    fn form(&self, digest: &str) -> Result<&Entry, Failure> {
        let (_, desk) = self.parts()?;
        desk.library.form(digest).ok_or(Failure::NotFound)
    }

    fn check_leads(&self) -> Result<(), Failure> {
        let (replica, _) = self.parts()?;
        if replica.profile.role.leads() {
            Ok(())
        } else {
            Err(Failure::NotAllowed)
        }
    }

    /// Whether a form with this very text is there.
    fn has_text(&self, file: &[u8]) -> Result<bool, Failure> {
        let (_, desk) = self.parts()?;
        let mut all = desk.library.entries.values();
        Ok(all.any(|entry| entry.text.as_bytes() == file))
    }

    fn add_form(
        &mut self,
        cx: &mut Cx,
        form: &Form,
        text: &str,
        settings: &Settings,
    ) -> Result<Reply, Failure> {
        if !settings.fits(form) {
            return Err(Failure::BadValue {
                field: "settings".into(),
                expected: "items of the form, words, levels 0 to 4".into(),
            });
        }
        let line = serde_json::to_string(settings).map_err(|_| Failure::Damaged)?;
        let entry = format!("{line}\n{text}");
        let (replica, desk) = self.parts()?;
        if entry.len() > ENTRY_LEN_MAX {
            let error = FormError::TooBig {
                max_kib: (FILE_LEN_MAX / 1024) as u32,
            };
            return Err(Failure::BadForm { error });
        }
        if desk.library.is_full() {
            return Err(Failure::BadValue {
                field: "forms".into(),
                expected: format!("at most {FORMS_MAX} forms"),
            });
        }
        let directory = replica.profile.directory;
        let change = forms::add(self.doc(directory)?, cx.now, &entry);
        self.publish(cx, directory, &change.map_err(|_| Failure::NotReady)?)?;
        Ok(Reply::Done)
    }

    fn library_view(&self, language: &str) -> Result<Reply, Failure> {
        let (replica, desk) = self.parts()?;
        let library = &desk.library;
        let replaced = library.replaced();
        let mut forms: Vec<(Option<Millis>, FormRow)> = library
            .entries
            .iter()
            .map(|(digest, entry)| {
                let all = entry.form.all();
                let asked = all.iter().filter(|item| item.is_asked()).count();
                let row = FormRow {
                    form: digest.clone(),
                    title: entry.form.title.within(language).to_owned(),
                    url: entry.form.url.clone(),
                    version: entry.form.version.clone(),
                    questions: asked as u32,
                    own: entry.written.is_none(),
                    written: entry.written.map(|(author, at)| WrittenView {
                        author: author
                            .map(|author| self.name_of(author))
                            .unwrap_or_default(),
                        at,
                    }),
                    away: entry.away,
                    replaced: replaced.contains(digest.as_str()),
                };
                (entry.written.map(|(_, at)| at), row)
            })
            .collect();
        forms.sort_by_cached_key(|(at, row)| {
            let title = search::fold(&row.title);
            (title, std::cmp::Reverse(*at), row.form.clone())
        });
        Ok(Reply::FormLibrary {
            library: FormLibraryView {
                forms: forms.into_iter().map(|(_, row)| row).collect(),
                ignored: library.ignored,
                unreadable: library.unreadable,
                may_change: replica.profile.role.leads(),
            },
        })
    }
}

fn read(file: &[u8]) -> Result<Form, Failure> {
    Form::read(file).map_err(|error| Failure::BadForm { error })
}

/// A form with all its items, asked or not.
fn preview(form: &Form, settings: Settings, language: &str, known: bool) -> FormPreview {
    let answers = Answers::default();
    let mut slots = slots(form, &answers);
    for slot in &mut slots {
        slot.enabled = true;
    }
    let scored = scores(form, &answers, &settings).into_iter().map(|score| {
        let item = form.item(&score.link);
        let title = item.map(|item| item.words.within(language).to_owned());
        (score.link, title.unwrap_or_default())
    });
    let remarks = form.remarks.iter().map(|one| RemarkView {
        code: one.code.into(),
        item: one.item.clone(),
        detail: one.detail.clone(),
    });
    FormPreview {
        title: form.title.within(language).to_owned(),
        url: form.url.clone(),
        version: form.version.clone(),
        copyright: form.copyright.clone(),
        pages: pages(&slots, &answers, &[], language),
        scored: scored.collect(),
        settings,
        remarks: remarks.collect(),
        known,
    }
}
