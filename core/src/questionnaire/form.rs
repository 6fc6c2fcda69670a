//! A questionnaire as it was read. Owns what each item is; refuses to know what was answered.

use std::collections::BTreeMap;

use super::{
    Decimal,
    answers::{Coding, Value},
    expression::Calculation,
};

/// A text, and what it is in other languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// In the form's own language.
    pub base: String,
    /// By language code (`es`).
    pub others: BTreeMap<String, String>,
}

impl Words {
    /// In a language (`es`, or `es-MX` as it is), else in the form's own.
    pub fn within(&self, language: &str) -> &str {
        let short = language.split('-').next().unwrap_or_default();
        let found = [language, short]
            .into_iter()
            .find_map(|l| self.others.get(l));
        found.unwrap_or(&self.base)
    }
}

/// A questionnaire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Canonical address; empty where it has none.
    pub url: String,
    /// Version; likewise.
    pub version: String,
    /// What to call it.
    pub title: Words,
    /// Language of its own texts; empty where it does not say.
    pub language: String,
    /// What it is as a whole.
    pub codes: Vec<Coding>,
    /// Who holds rights in it, as it says.
    pub copyright: String,
    /// The items of the first level.
    pub items: Vec<Item>,
    /// What this app does otherwise than the form may expect.
    pub remarks: Vec<Remark>,
}

/// What an item asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// Holds others.
    Group,
    /// A text to read.
    Display,
    /// Yes or no.
    Boolean,
    /// A number.
    Decimal,
    /// A whole number.
    Integer,
    /// A day, month or year.
    Date,
    /// A moment.
    DateTime,
    /// A time of day.
    Time,
    /// A line.
    String,
    /// Prose.
    Text,
    /// An address on the web.
    Url,
    /// One of a list; without a list here, any words.
    Choice,
    /// One of a list, or other words.
    OpenChoice,
    /// A number with a unit.
    Quantity,
    /// What this app cannot ask: the type as FHIR names it. It is shown.
    Unsupported(String),
}

/// An item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Names it in the form.
    pub link: String,
    /// Where it stands, for messages: `2.1 (link)`.
    pub place: String,
    /// What it is.
    pub codes: Vec<Coding>,
    /// What is asked.
    pub words: Words,
    /// `1a)` or the like.
    pub prefix: String,
    /// What it asks for.
    pub kind: ItemKind,
    /// It has to be answered.
    pub required: bool,
    /// It may be answered several times.
    pub repeats: bool,
    /// It is not for people to answer.
    pub read_only: bool,
    /// When it is asked: always, if there are none.
    pub when: Vec<When>,
    /// One of `when` is enough.
    pub when_any: bool,
    /// What to choose from.
    pub options: Vec<Choice>,
    /// Units to choose from.
    pub units: Vec<Coding>,
    /// The least value: a number or a date.
    pub min: Option<String>,
    /// The greatest.
    pub max: Option<String>,
    /// The fewest characters.
    pub length_min: Option<usize>,
    /// The most.
    pub length_max: Option<usize>,
    /// The most places of a decimal.
    pub places_max: Option<usize>,
    /// How its value follows from other answers.
    pub calculation: Option<Calculation>,
    /// Repeating groups around it, the outermost first, itself included if it is one.
    pub repeating: Vec<String>,
    /// Items within.
    pub items: Vec<Item>,
}

/// An option of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The answer that it makes.
    pub value: Value,
    /// What to show.
    pub words: Words,
    /// What it counts in scores.
    pub weight: Option<Decimal>,
}

/// A condition under which an item is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The question's linkId.
    pub question: String,
    /// How its answers are compared.
    pub test: Test,
}

/// How answers are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// There is an answer, or (`false`) none.
    Exists(bool),
    /// At least one answer stands so to the value.
    Compares(Compare, Value),
}

/// `=` and its kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
}

/// What this app does otherwise than a form may expect: to be told before it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// `type`: it is shown, not asked; `list`: its list is elsewhere, any words are taken;
    /// `calculation`: it is not computed; `initial`: its starting value is not filled in.
    pub code: &'static str,
    /// The item.
    pub item: String,
    /// More on it: the type, the list, the expression.
    pub detail: String,
}

impl Form {
    /// All items in the order of the form.
    pub fn all(&self) -> Vec<&Item> {
        fn below<'a>(items: &'a [Item], all: &mut Vec<&'a Item>) {
            for item in items {
                all.push(item);
                below(&item.items, all);
            }
        }
        let mut all = Vec::new();
        below(&self.items, &mut all);
        all
    }

    /// The item with this linkId.
    pub fn item(&self, link: &str) -> Option<&Item> {
        self.all().into_iter().find(|item| item.link == link)
    }
}

impl Item {
    /// Whether a person answers it.
    pub fn is_asked(&self) -> bool {
        let shown = matches!(
            self.kind,
            ItemKind::Group | ItemKind::Display | ItemKind::Unsupported(_)
        );
        !shown && !self.read_only && self.calculation.is_none()
    }

    /// It is a choice whose list is not here.
    pub fn lacks_list(&self) -> bool {
        matches!(self.kind, ItemKind::Choice | ItemKind::OpenChoice) && self.options.is_empty()
    }

    /// The option that an answer stands for.
    pub fn option(&self, value: &Value) -> Option<(usize, &Choice)> {
        let mut options = self.options.iter().enumerate();
        options.find(|(_, option)| option.value.equals(value))
    }
}
