//! Finding a service among many without a network: words (accents and case do not matter, a letter may
//! be wrong), the need, how far away, the language, whether it is open, age. Owns the order of what is
//! found. A plain scan of folded texts: nothing has to be kept in step with the list.

use std::collections::{BTreeMap, BTreeSet};

use super::{Point, Service, When};
use crate::search::fold;

/// The most services that one answer shows.
pub const HITS_MAX: usize = 60;
/// Of a description only its beginning is searched, in bytes: what a service is stands there.
const TEXT_LEN_MAX: usize = 700;
/// A word this short has to be right.
const EXACT_CHARS_MAX: usize = 3;
/// From so many characters on two letters may be wrong.
const TWO_WRONG_CHARS_MIN: usize = 8;
/// The most words that are tried in the place of one that is nowhere.
const GUESSES_MAX: usize = 6;

/// What is looked for; what is empty does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words.
    pub words: String,
    /// Codes of needs, of which one has to be met.
    pub needs: Vec<String>,
    /// Words that stand in what is said of who may use it.
    pub eligibility: String,
    /// Language, by any of its names.
    pub language: String,
    /// From where distances are counted: a postal code, a city, or coordinates.
    pub near: String,
    /// Not farther than so many metres; 0 for any distance.
    pub metres_max: u32,
    /// Open then.
    pub open: Option<When>,
    /// Age in years of who is to use it.
    pub age: Option<u16>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The best first.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: u32,
    /// Services left out because nothing is known of their hours.
    pub hours_unknown: u32,
    /// Services left out because it is not known where they are.
    pub place_unknown: u32,
    /// Distances are counted from here, in words; empty when from nowhere.
    pub near: String,
    /// The place that was asked for is not known.
    pub near_unknown: bool,
    /// Words that were nowhere, each with those that were looked for instead.
    pub instead: Vec<(String, Vec<String>)>,
}

/// A service that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its place in [`Index::services`].
    pub at: usize,
    /// How far its nearest place is.
    pub metres: Option<u32>,
    /// Whether it is open at the moment asked about; none where nothing is known.
    pub open: Option<bool>,
}

struct Folded {
    name: String,
    organization: String,
    tags: String,
    text: String,
    eligibility: String,
    languages: Vec<String>,
}

/// All services, ready to be searched.
pub struct Index {
    /// By their ids.
    pub services: Vec<Service>,
    folded: Vec<Folded>,
    /// By folded postal code or city: its name, and where its services are.
    areas: BTreeMap<String, Area>,
    /// Words of names and topics, gathered when the first unknown one is looked for.
    words: Option<BTreeSet<String>>,
}

#[derive(Default)]
struct Area {
    name: String,
    lat: i64,
    lon: i64,
    count: i64,
}

/// Names of languages that people and files use for one another, folded.
const LANGUAGES: &[&[&str]] = &[
    &["english", "ingles", "en", "eng"],
    &["spanish", "espanol", "castellano", "es", "spa"],
    &["chinese", "mandarin", "chino", "zh", "zho"],
    &["cantonese", "cantones", "yue"],
    &["vietnamese", "vietnamita", "vi", "vie"],
    &["tagalog", "filipino", "tl", "fil"],
    &["korean", "coreano", "ko", "kor"],
    &["russian", "ruso", "ru", "rus"],
    &["arabic", "arabe", "ar", "ara"],
    &["french", "frances", "fr", "fra"],
    &["haitian creole", "creole", "criollo haitiano", "ht", "hat"],
    &["portuguese", "portugues", "pt", "por"],
    &["somali", "so", "som"],
    &["ukrainian", "ucraniano", "uk", "ukr"],
    &["american sign language", "asl", "sign language"],
];
const ENGLISH: &str = "english";

/// One name for all names of a language.
fn language(name: &str) -> String {
    let folded = fold(name.trim());
    let known = LANGUAGES
        .iter()
        .find(|names| names.contains(&folded.as_str()))
        .and_then(|names| names.first());
    known.map_or(folded, |name| (*name).to_owned())
}

fn folded(service: &Service) -> Folded {
    let text = service.description.as_str();
    let end = (0..=TEXT_LEN_MAX.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    let text = text.get(..end.unwrap_or(0)).unwrap_or_default();
    let places = service.places.iter();
    let places: Vec<String> = places
        .map(|place| format!("{} {} {}", place.name, place.city, place.postal))
        .collect();
    Folded {
        name: fold(&service.name),
        organization: fold(&service.organization),
        tags: fold(&service.topics.join(" · ")),
        text: fold(&format!("{text} {}", places.join(" "))),
        eligibility: fold(&service.eligibility),
        languages: service.languages.iter().map(|one| language(one)).collect(),
    }
}

impl Index {
    /// Of these services.
    pub fn new(mut services: Vec<Service>) -> Self {
        services.sort_by(|a, b| a.id.cmp(&b.id));
        let folded = services.iter().map(folded).collect();
        let mut areas: BTreeMap<String, Area> = BTreeMap::new();
        for place in services.iter().flat_map(|one| &one.places) {
            let Some(point) = place.point else { continue };
            for name in [&place.postal, &place.city] {
                if name.is_empty() {
                    continue;
                }
                let area = areas.entry(fold(name)).or_insert_with(|| Area {
                    name: name.clone(),
                    ..Area::default()
                });
                area.lat += i64::from(point.lat);
                area.lon += i64::from(point.lon);
                area.count += 1;
            }
        }
        Self {
            services,
            folded,
            areas,
            words: None,
        }
    }

    /// A service by its id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        let at = self
            .services
            .binary_search_by(|one| one.id.as_str().cmp(id));
        at.ok().and_then(|at| self.services.get(at))
    }

    /// Where a person means: coordinates, or the middle of the services of a postal code or city. Of an
    /// address its postal code or city counts, the last that is known.
    fn place(&self, near: &str) -> Option<(Point, String)> {
        if let Some(point) = super::point(near) {
            return Some((point, near.trim().to_owned()));
        }
        let near = fold(near.trim());
        let middle = |area: &Area| {
            let count = area.count.max(1);
            let point = Point {
                lat: i32::try_from(area.lat / count).ok()?,
                lon: i32::try_from(area.lon / count).ok()?,
            };
            Some((point, area.name.clone()))
        };
        if let Some(area) = self.areas.get(&near) {
            return middle(area);
        }
        let words: Vec<&str> = near
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        // One word after the other from the end, two together first: 'redwood city', then 'city'.
        let area = (1..=words.len()).rev().find_map(|end| {
            (1..=3.min(end)).rev().find_map(|len| {
                let name = words.get(end - len..end)?.join(" ");
                self.areas.get(&name)
            })
        });
        area.and_then(middle)
    }

    /// What fits.
    pub fn find(&mut self, query: &Query) -> Found {
        let mut found = Found::default();
        let from = self.place(&query.near);
        found.near_unknown = from.is_none() && !query.near.trim().is_empty();
        found.near = from
            .as_ref()
            .map_or(String::new(), |(_, name)| name.clone());
        let words = self.words_of(&query.words, &mut found);
        let eligibility: Vec<String> = crate::search::words(&query.eligibility);
        let wanted = Some(language(&query.language)).filter(|one| !one.is_empty());
        let mut hits: Vec<(u32, u32, Hit)> = Vec::new();
        for (at, (service, folded)) in self.services.iter().zip(&self.folded).enumerate() {
            let meets = query.needs.is_empty()
                || service.needs.iter().any(|need| query.needs.contains(need));
            if !meets
                || !speaks(service, folded, wanted.as_deref())
                || !fits_age(service, query.age)
                || !eligibility
                    .iter()
                    .all(|word| folded.eligibility.contains(word.as_str()))
            {
                continue;
            }
            let Some(score) = score(folded, &words) else {
                continue;
            };
            let nearest = from.as_ref().and_then(|(from, _)| nearest(service, *from));
            if query.metres_max > 0 && from.is_some() {
                match nearest {
                    None => {
                        found.place_unknown += 1;
                        continue;
                    }
                    Some(metres) if metres > query.metres_max => continue,
                    Some(_) => {}
                }
            }
            let known = !service.hours.is_empty();
            let is_open = |when| service.hours.iter().any(|hours| hours.open(when));
            let open = query.open.filter(|_| known).map(is_open);
            if query.open.is_some() {
                match open {
                    None => {
                        found.hours_unknown += 1;
                        continue;
                    }
                    Some(false) => continue,
                    Some(true) => {}
                }
            }
            let hit = Hit {
                at,
                metres: nearest,
                open,
            };
            hits.push((score, nearest.unwrap_or(u32::MAX), hit));
        }
        found.total = hits.len() as u32;
        let folded = &self.folded;
        let name = |hit: &Hit| folded.get(hit.at).map(|one| one.name.as_str());
        hits.sort_by(|(a_score, a_far, a), (b_score, b_far, b)| {
            (b_score, a_far, name(a), a.at).cmp(&(a_score, b_far, name(b), b.at))
        });
        found.hits = hits
            .into_iter()
            .take(HITS_MAX)
            .map(|(.., hit)| hit)
            .collect();
        found
    }

    /// The words of a query, each with those that stand for it: of a word that is nowhere, those that
    /// are most like it.
    fn words_of(&mut self, query: &str, found: &mut Found) -> Vec<Vec<String>> {
        let words = crate::search::words(query);
        let mut all = Vec::new();
        for word in words {
            let here = |one: &Folded| one.weight(&word) > 0;
            if word.chars().count() <= EXACT_CHARS_MAX || self.folded.iter().any(here) {
                all.push(vec![word]);
                continue;
            }
            let like = self.like(&word);
            found.instead.push((word.clone(), like.clone()));
            all.push(if like.is_empty() { vec![word] } else { like });
        }
        all
    }

    fn like(&mut self, word: &str) -> Vec<String> {
        let folded = &self.folded;
        let words = self.words.get_or_insert_with(|| {
            let texts = folded
                .iter()
                .flat_map(|one| [&one.name, &one.organization, &one.tags]);
            let words = texts.flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
            words
                .filter(|word| word.chars().count() > EXACT_CHARS_MAX)
                .map(str::to_owned)
                .collect()
        });
        let chars = word.chars().count();
        let wrong_max = if chars >= TWO_WRONG_CHARS_MIN { 2 } else { 1 };
        let near = words.iter().filter_map(|known| {
            if known.chars().count().abs_diff(chars) > wrong_max {
                return None;
            }
            let wrong = strsim::osa_distance(word, known);
            (wrong <= wrong_max).then_some((wrong, known))
        });
        let mut near: Vec<(usize, &String)> = near.collect();
        near.sort();
        let words = near.into_iter().take(GUESSES_MAX);
        words.map(|(_, word)| word.clone()).collect()
    }
}

impl Folded {
    /// How much a word says of the service; 0 where it does not occur.
    fn weight(&self, word: &str) -> u32 {
        match () {
            () if self.name.starts_with(word) => 12,
            () if self.name.contains(word) => 10,
            () if self.organization.contains(word) => 6,
            () if self.tags.contains(word) => 5,
            () if self.text.contains(word) => 1,
            () if self.eligibility.contains(word) => 1,
            () => 0,
        }
    }
}

/// How well all words fit; none where one of them does not.
fn score(folded: &Folded, words: &[Vec<String>]) -> Option<u32> {
    words.iter().try_fold(0, |sum, any| {
        let best = any.iter().map(|word| folded.weight(word)).max()?;
        (best > 0).then_some(sum + best)
    })
}

fn nearest(service: &Service, from: Point) -> Option<u32> {
    let points = service.places.iter().filter_map(|place| place.point);
    points.map(|point| from.metres(point)).min()
}

/// A service that names no language speaks English.
fn speaks(service: &Service, folded: &Folded, wanted: Option<&str>) -> bool {
    let Some(wanted) = wanted else { return true };
    let listed = |one: &String| one == wanted || one.contains(wanted);
    folded.languages.iter().any(listed)
        || (wanted == ENGLISH && folded.languages.is_empty())
        || fold(&service.interpreters).contains(wanted)
}

fn fits_age(service: &Service, age: Option<u16>) -> bool {
    age.is_none_or(|age| {
        let (from, to) = (service.age_from, service.age_to);
        age >= from && (to == 0 || age <= to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::{Hours, Place};

    fn service(id: &str, name: &str, with: impl FnOnce(&mut Service)) -> Service {
        let mut service = Service {
            id: id.into(),
            name: name.into(),
            ..Service::default()
        };
        with(&mut service);
        service
    }

    fn at(city: &str, postal: &str, lat: f64, lon: f64) -> Place {
        Place {
            city: city.into(),
            postal: postal.into(),
            point: Point::of(lat, lon),
            ..Place::default()
        }
    }

    fn index() -> Index {
        Index::new(vec![
            service("a", "Community Kitchen", |one| {
                one.organization = "St. José".into();
                one.topics = vec!["Food Pantry".into()];
                one.needs = vec!["food".into()];
                one.languages = vec!["Español".into()];
                one.places = vec![at("Redwood City", "94063", 37.48, -122.21)];
                one.hours = vec![Hours {
                    days: 0b0001_1111,
                    from: 540,
                    to: 1_020,
                    until: 0,
                }];
            }),
            service("b", "Counselling", |one| {
                one.description = "For people who lost somebody. A kitchen is there, too.".into();
                one.needs = vec!["mental_health".into()];
                one.eligibility = "Residents age 55 or over".into();
                one.age_from = 55;
                one.places = vec![at("San Mateo", "94401", 37.56, -122.32)];
            }),
            service("c", "Legal Aid", |one| {
                one.needs = vec!["legal".into(), "housing".into()];
                one.interpreters = "Interpreters for Somali and others".into();
            }),
        ])
    }

    fn check(query: Query, expected: &[&str]) -> Found {
        let mut index = index();
        let found = index.find(&query);
        let ids = found
            .hits
            .iter()
            .map(|hit| index.services[hit.at].id.as_str());
        assert_eq!(ids.collect::<Vec<_>>(), expected, "{query:?}");
        assert_eq!(found.total as usize, expected.len());
        found
    }

    fn words(words: &str) -> Query {
        Query {
            words: words.into(),
            ..Query::default()
        }
    }

    #[test]
    fn words_find_accents_and_all_a_wrong_letter_too() {
        check(Query::default(), &["a", "b", "c"]);
        // The name counts more than the text.
        check(words("KITCHEN"), &["a", "b"]);
        check(words("jose pantry"), &["a"]);
        check(words("kitchen somebody"), &["b"]);
        let found = check(words("counceling"), &["b"]);
        assert_eq!(
            found.instead,
            [("counceling".to_owned(), vec!["counselling".to_owned()])]
        );
        check(words("pantyr"), &["a"]);
        let found = check(words("zzzzzz"), &[]);
        assert_eq!(found.instead[0].1, Vec::<String>::new());
        check(words("aed"), &[]);
    }

    #[test]
    fn need_language_age_and_eligibility_narrow_it() {
        let need = |code: &str| Query {
            needs: vec![code.into()],
            ..Query::default()
        };
        check(need("food"), &["a"]);
        check(need("housing"), &["c"]);
        let speaks = |name: &str| Query {
            language: name.into(),
            ..Query::default()
        };
        for name in ["Spanish", "español", "es"] {
            check(speaks(name), &["a"]);
        }
        check(speaks("English"), &["b", "c"]);
        check(speaks("somali"), &["c"]);
        let aged = |age| Query {
            age: Some(age),
            ..Query::default()
        };
        check(aged(54), &["a", "c"]);
        check(aged(55), &["a", "b", "c"]);
        let fits = Query {
            eligibility: "55".into(),
            ..Query::default()
        };
        check(fits, &["b"]);
    }

    #[test]
    fn distance_is_counted_from_a_postal_code_a_city_an_address_or_coordinates() {
        let near = |near: &str, metres_max| Query {
            near: near.into(),
            metres_max,
            ..Query::default()
        };
        for place in [
            "94401",
            "san mateo",
            "12 Elm St, San Mateo, CA",
            "37.56, -122.32",
        ] {
            let found = check(near(place, 0), &["b", "a", "c"]);
            assert_eq!(found.hits[0].metres, Some(0), "{place}");
            let metres = found.hits[1].metres.unwrap();
            assert!((12_000..14_000).contains(&metres), "{metres}");
            let found = check(near(place, 5_000), &["b"]);
            assert_eq!(found.place_unknown, 1);
        }
        let found = check(near("Atlantis", 5_000), &["a", "b", "c"]);
        assert!(found.near_unknown);
    }

    #[test]
    fn open_shows_what_is_open_and_tells_how_many_say_nothing() {
        let open = |weekday, minute| Query {
            open: Some(When {
                weekday,
                minute,
                date: 20_261_123,
            }),
            ..Query::default()
        };
        let found = check(open(0, 600), &["a"]);
        assert_eq!((found.hours_unknown, found.hits[0].open), (2, Some(true)));
        check(open(6, 600), &[]);
    }
}
