//! Scores: sums of weights or numbers over the answers to items that are asked, and the words that an
//! agency's settings put to them. Says how much of what it adds up was answered; computes nothing
//! that the form does not say.

use super::{
    Answers, Band, Decimal, Form, Item, Settings, Slot, Value,
    expression::{Calculation, Counts, Links, Sum},
    slots,
};

/// How scores are made. It changes when the same answers would make another score.
pub const ALGORITHM: &str = "satchel-sum/1";

/// A score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// LinkId of the item that shows it; empty for the sum of all weights, where no item does.
    pub link: String,
    /// The value; none where nothing of it is answered, or it is not computed.
    pub value: Option<Decimal>,
    /// Items that were answered, of those that count.
    pub answered: usize,
    /// Items that count, as far as they are asked.
    pub of: usize,
    /// The most that it can be, where weights make it.
    pub most: Option<Decimal>,
    /// What the agency's settings say to the value.
    pub band: Option<Band>,
    /// The expression, where it is not computed.
    pub not_computed: Option<String>,
}

/// An answer that somebody has to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Key of the item.
    pub key: String,
    /// Its linkId.
    pub link: String,
}

/// All scores in the order of the form. A form that weighs options and has no calculated item has one
/// score, the sum of all weights.
pub fn scores(form: &Form, answers: &Answers, settings: &Settings) -> Vec<Score> {
    let slots = slots(form, answers);
    let calculated = slots
        .iter()
        .filter(|slot| slot.enabled && slot.path.is_empty());
    let mut found: Vec<Score> = calculated
        .filter_map(|slot| match slot.item.calculation.as_ref()? {
            Calculation::Sum(sum) => Some(added(&slot.item.link, sum, &slots, answers, settings)),
            Calculation::Other(expression) => Some(Score {
                link: slot.item.link.clone(),
                value: None,
                answered: 0,
                of: 0,
                most: None,
                band: None,
                not_computed: Some(expression.clone()),
            }),
        })
        .collect();
    let all = form.all();
    let weighs = all.iter().any(|item| counts(item, Counts::Weight));
    let shown = all
        .iter()
        .any(|item| matches!(item.calculation, Some(Calculation::Sum(_))));
    if weighs && !shown {
        let sum = Sum {
            depth: None,
            links: Links::All,
            counts: Counts::Weight,
        };
        found.insert(0, added("", &sum, &slots, answers, settings));
    }
    found
}

/// Whether an item's answers can count.
fn counts(item: &Item, what: Counts) -> bool {
    match what {
        Counts::Weight => item.options.iter().any(|option| option.weight.is_some()),
        Counts::Number => item.is_asked(),
    }
}

fn added(
    link: &str,
    sum: &Sum,
    slots: &[Slot<'_>],
    answers: &Answers,
    settings: &Settings,
) -> Score {
    let within: Vec<&Slot<'_>> = slots
        .iter()
        .filter(|slot| {
            let at_depth = sum
                .depth
                .is_none_or(|depth| slot.depth == depth && !slot.in_question);
            at_depth && sum.links.has(&slot.item.link) && counts(slot.item, sum.counts)
        })
        .collect();
    let most = within.iter().map(|slot| most(slot.item));
    let most = (sum.counts == Counts::Weight).then(|| most.sum());
    let asked = within.iter().filter(|slot| slot.enabled);
    let counting: Vec<&&Slot<'_>> = asked.collect();
    let numbers: Vec<Decimal> = counting
        .iter()
        .flat_map(|slot| numbers(slot, answers, sum.counts))
        .collect();
    let answered = counting
        .iter()
        .filter(|slot| !answers.of(&slot.key).is_empty())
        .count();
    let value = (!numbers.is_empty()).then(|| numbers.into_iter().sum());
    Score {
        link: link.into(),
        band: value.and_then(|value| settings.band(link, value)).cloned(),
        value,
        answered,
        of: counting.len(),
        most,
        not_computed: None,
    }
}

/// The most that an item can count: of several options that may be chosen, all that add to it.
fn most(item: &Item) -> Decimal {
    let weights = item.options.iter().filter_map(|option| option.weight);
    if item.repeats {
        weights.filter(|weight| *weight > Decimal::default()).sum()
    } else {
        weights.max().unwrap_or_default()
    }
}

fn numbers(slot: &Slot<'_>, answers: &Answers, what: Counts) -> Vec<Decimal> {
    let values = answers.of(&slot.key).iter();
    let number = values.filter_map(|value| match what {
        Counts::Weight => slot
            .item
            .option(value)
            .and_then(|(_, option)| option.weight),
        Counts::Number => value.number(),
    });
    number.collect()
}

/// The answers above what the agency's settings call critical: by the weight of the option chosen, or
/// by the number; yes counts 1.
pub fn alarms(form: &Form, answers: &Answers, settings: &Settings) -> Vec<Alarm> {
    let slots = slots(form, answers);
    let asked = slots.iter().filter(|slot| slot.enabled);
    let above = |slot: &&Slot<'_>| {
        let mut rules = settings
            .critical
            .iter()
            .filter(|rule| rule.item == slot.item.link);
        let mut all = numbers(slot, answers, Counts::Weight);
        all.extend(numbers(slot, answers, Counts::Number));
        let yes = Value::Boolean(true);
        all.extend(
            answers
                .of(&slot.key)
                .contains(&yes)
                .then(|| Decimal::from(1)),
        );
        rules.any(|rule| all.iter().any(|number| *number > rule.above))
    };
    let found = asked.filter(above).map(|slot| Alarm {
        key: slot.key.clone(),
        link: slot.item.link.clone(),
    });
    found.collect()
}
