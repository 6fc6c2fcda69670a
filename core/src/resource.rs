//! Services that help people, as an agency's resource directory lists them: read from Open Referral
//! HSDS files, packed into few pieces of bounded size, searched in memory. Owns the shape of a service
//! and the bounds of each text. Knows no document, no person and no case.

use serde::{Deserialize, Serialize};

mod find;
mod hours;
mod json;
mod needs;
mod pack;
mod place;
mod read;
mod tables;

pub use find::{Found, Hit, Index, Query};
pub use hours::{Hours, When};
pub use needs::{NEEDS, Needs};
pub use pack::{PART_LEN_MAX, PARTS_MAX, Part, name, pack, unpack};
pub use place::{Point, parse as point};
pub use read::{FILES_LEN_MAX, List, Refusal, Refused, read};

/// The most services of a directory.
pub const SERVICES_MAX: usize = 20_000;

/// A service: what is offered, by whom, to whom, where and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// As the file names it.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name of the organisation.
    pub organization: String,
    /// What is offered.
    pub description: String,
    /// Who may use it.
    pub eligibility: String,
    /// How one applies.
    pub apply: String,
    /// What it costs.
    pub fees: String,
    /// What one has to bring.
    pub documents: String,
    /// How long one waits.
    pub wait: String,
    /// What one ought to know first.
    pub alert: String,
    /// Web address.
    pub url: String,
    /// E-mail address.
    pub email: String,
    /// Languages spoken.
    pub languages: Vec<String>,
    /// What is said of interpreters.
    pub interpreters: String,
    /// The file's own words for what it is.
    pub topics: Vec<String>,
    /// Codes of the needs that it meets, see [`NEEDS`].
    pub needs: Vec<String>,
    /// Youngest age in years; 0 for none.
    pub age_from: u16,
    /// Oldest age in years; 0 for none.
    pub age_to: u16,
    /// The day on which the file's authors last looked, `2026-11-23`.
    pub checked: String,
    /// Phones, the service's own first.
    pub phones: Vec<Phone>,
    /// Where it is given.
    pub places: Vec<Place>,
    /// When, as far as it can be told by the week.
    pub hours: Vec<Hours>,
    /// When, in words.
    pub hours_text: String,
}

/// A phone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// Number.
    pub number: String,
    /// Extension.
    pub extension: String,
    /// What it is for.
    pub note: String,
}

/// Where a service is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Name.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// City.
    pub city: String,
    /// State or region.
    pub region: String,
    /// Postal code.
    pub postal: String,
    /// Where on earth; none where the file does not say or says what cannot be.
    pub point: Option<Point>,
    /// How one gets in and there: ramps, buses.
    pub access: String,
}

/// The longest texts, in characters.
pub(crate) const LINE_MAX: usize = 256;
/// Of an id, in bytes.
pub(crate) const ID_LEN_MAX: usize = 128;
/// Of a description.
pub(crate) const PROSE_MAX: usize = 1_200;
/// Of what is said beside it.
pub(crate) const NOTE_MAX: usize = 500;
/// The most phones, places, languages, hours and topics of one service.
pub(crate) const LIST_MAX: usize = 24;

/// A text without what surrounds it, cut to so many characters; tells whether it was cut.
pub(crate) fn clip(text: &str, chars_max: usize) -> (String, bool) {
    let text = text.trim();
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => {
            let kept = text.get(..end).unwrap_or_default();
            (format!("{}…", kept.trim_end()), true)
        }
        None => (text.to_owned(), false),
    }
}

impl Service {
    /// Brings all texts and lists within their bounds; tells whether something was cut.
    pub(crate) fn bound(&mut self) -> bool {
        let mut cut = false;
        let mut within = |text: &mut String, max: usize| {
            let (kept, shorter) = clip(text, max);
            *text = kept;
            cut |= shorter;
        };
        for text in [&mut self.name, &mut self.organization, &mut self.url] {
            within(text, LINE_MAX);
        }
        for text in [&mut self.email, &mut self.wait] {
            within(text, LINE_MAX);
        }
        within(&mut self.description, PROSE_MAX);
        for text in [
            &mut self.eligibility,
            &mut self.apply,
            &mut self.fees,
            &mut self.documents,
            &mut self.alert,
            &mut self.interpreters,
            &mut self.hours_text,
        ] {
            within(text, NOTE_MAX);
        }
        for text in self.languages.iter_mut().chain(&mut self.topics) {
            within(text, LINE_MAX);
        }
        for phone in &mut self.phones {
            within(&mut phone.number, LINE_MAX);
            within(&mut phone.extension, LINE_MAX);
            within(&mut phone.note, LINE_MAX);
        }
        for place in &mut self.places {
            for text in [
                &mut place.name,
                &mut place.street,
                &mut place.city,
                &mut place.region,
                &mut place.postal,
                &mut place.access,
            ] {
                within(text, LINE_MAX);
            }
        }
        let lists = [
            self.languages.len(),
            self.topics.len(),
            self.phones.len(),
            self.places.len(),
            self.hours.len(),
        ];
        cut |= lists.iter().any(|len| *len > LIST_MAX);
        self.languages.truncate(LIST_MAX);
        self.topics.truncate(LIST_MAX);
        self.phones.truncate(LIST_MAX);
        self.places.truncate(LIST_MAX);
        self.hours.truncate(LIST_MAX);
        cut
    }
}
