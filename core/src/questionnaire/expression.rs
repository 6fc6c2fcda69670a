//! Calculated items: of FHIRPath only what sums of weights or numbers need, as questionnaires write
//! them. Anything else is kept as it is written and shown as not computed; a part of it is never
//! computed as if it were the whole.
//!
//! ```text
//! %resource .item… | .descendants() | .repeat(item)  [.where(linkId = 'a' or …)]  .answer
//!   .weight() | .value.ordinal() | .value.extension('…ordinalValue').value | .value
//!   .sum() | .aggregate($this + $total, 0)
//! ```

/// How an item's value follows from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Calculation {
    /// A sum.
    Sum(Sum),
    /// What this app does not compute, as it is written.
    Other(String),
}

/// Which answers are added up, and what of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// At this depth alone, 1 for the first level; at any where there is none.
    pub depth: Option<usize>,
    /// Of which items.
    pub links: Links,
    /// What counts of an answer.
    pub counts: Counts,
}

/// Items by their linkIds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Links {
    /// All.
    All,
    /// These alone.
    Only(Vec<String>),
    /// All but these.
    Except(Vec<String>),
}

/// What counts of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// The weight of the option chosen.
    Weight,
    /// The number itself.
    Number,
}

/// Extensions that give an option its weight.
pub const WEIGHTS: [&str; 2] = [
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
];

/// An expression is longer than any sum.
const LEN_MAX: usize = 4096;

impl Calculation {
    /// Reads an expression.
    pub fn read(expression: &str) -> Self {
        let sum = (expression.len() <= LEN_MAX)
            .then(|| tokens(expression))
            .flatten()
            .and_then(|tokens| Reader { rest: &tokens }.sum());
        sum.map_or_else(|| Self::Other(expression.to_owned()), Self::Sum)
    }
}

impl Links {
    /// Whether an item is one of them.
    pub fn has(&self, link: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(links) => links.iter().any(|one| one == link),
            Self::Except(links) => links.iter().all(|one| one != link),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
    NotEqual,
}

fn tokens(expression: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = expression.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            '\'' => {
                let mut text = String::new();
                loop {
                    match chars.next()? {
                        '\'' => break,
                        '\\' => text.push(chars.next()?),
                        c => text.push(c),
                    }
                }
                tokens.push(Token::Text(text));
            }
            '!' => {
                (chars.next()? == '=').then_some(())?;
                tokens.push(Token::NotEqual);
            }
            c if c.is_alphanumeric() || matches!(c, '%' | '$' | '_') => {
                let mut word = String::from(c);
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    word.push(c);
                }
                tokens.push(Token::Word(word));
            }
            c => tokens.push(Token::Sign(c)),
        }
    }
    Some(tokens)
}

struct Reader<'a> {
    rest: &'a [Token],
}

impl Reader<'_> {
    fn next(&mut self) -> Option<&Token> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Takes `wanted` if it comes next; nothing otherwise.
    fn take(&mut self, wanted: &str) -> bool {
        let Some(wanted) = tokens(wanted) else {
            return false;
        };
        match self.rest.strip_prefix(wanted.as_slice()) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn text(&mut self) -> Option<String> {
        match self.next()? {
            Token::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    fn sum(mut self) -> Option<Sum> {
        (self.take("%resource") || self.take("%context")).then_some(())?;
        let mut depth = None;
        if !self.take(".descendants()") && !self.take(".repeat(item)") {
            let mut levels = 0;
            while self.take(".item") {
                levels += 1;
            }
            (levels > 0).then_some(())?;
            depth = Some(levels);
        }
        let links = if self.take(".where(") {
            self.links()?
        } else {
            Links::All
        };
        self.take(".answer").then_some(())?;
        let counts = self.counts()?;
        self.end()?;
        Some(Sum {
            depth,
            links,
            counts,
        })
    }

    /// `linkId = 'a' or linkId = 'b')`, or `linkId != 'a' and linkId != 'b')`.
    fn links(&mut self) -> Option<Links> {
        let mut links = Vec::new();
        let mut equal = None;
        loop {
            self.take("linkId").then_some(())?;
            let is = match self.next()? {
                Token::Sign('=') => true,
                Token::NotEqual => false,
                _ => return None,
            };
            (*equal.get_or_insert(is) == is).then_some(())?;
            links.push(self.text()?);
            if self.take(")") {
                break;
            }
            self.take(if is { "or" } else { "and" }).then_some(())?;
        }
        Some(if equal? {
            Links::Only(links)
        } else {
            Links::Except(links)
        })
    }

    fn counts(&mut self) -> Option<Counts> {
        if self.take(".weight()") || self.take(".ordinal()") {
            return Some(Counts::Weight);
        }
        for number in [".valueInteger", ".valueDecimal"] {
            if self.take(number) {
                return Some(Counts::Number);
            }
        }
        (self.take(".value") || self.take(".valueCoding")).then_some(())?;
        if self.take(".weight()") || self.take(".ordinal()") {
            return Some(Counts::Weight);
        }
        if self.take(".extension(") {
            let url = self.text()?;
            let known = WEIGHTS.contains(&url.as_str()) && self.take(")");
            let value = known && (self.take(".value") || self.take(".valueDecimal"));
            return value.then_some(Counts::Weight);
        }
        Some(Counts::Number)
    }

    fn end(&mut self) -> Option<()> {
        let sums = [
            ".sum()",
            ".aggregate($this + $total, 0)",
            ".aggregate($total + $this, 0)",
            ".aggregate(iif($total.empty(), $this, $total + $this), 0)",
            ".aggregate(iif($total.empty(), $this, $this + $total), 0)",
        ];
        let found = sums.into_iter().any(|sum| self.take(sum));
        (found && self.rest.is_empty()).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(depth: Option<usize>, links: Links, counts: Counts) -> Calculation {
        Calculation::Sum(Sum {
            depth,
            links,
            counts,
        })
    }

    fn links(all: &[&str]) -> Vec<String> {
        all.iter().map(|link| (*link).to_owned()).collect()
    }

    #[test]
    fn sums_are_read_in_the_forms_that_are_written() {
        use Counts::{Number, Weight};
        let except = Links::Except(links(&["/69722-7"]));
        let only = Links::Only(links(&["it's", "b"]));
        for (text, expected) in [
            (
                "%resource.item.where(linkId != '/69722-7').answer.weight().sum()",
                sum(Some(1), except.clone(), Weight),
            ),
            (
                "%resource.item.where(linkId!='/69722-7').answer.value.extension('http://hl7.org/fhir/StructureDefinition/ordinalValue').value.aggregate($this + $total, 0)",
                sum(Some(1), except, Weight),
            ),
            (
                "%resource . item . item.answer.value.ordinal().aggregate($total+$this,0)",
                sum(Some(2), Links::All, Weight),
            ),
            (
                "%resource.descendants().where(linkId='it\\'s' or linkId='b').answer.value.sum()",
                sum(None, only, Number),
            ),
            (
                "%resource.repeat(item).answer.valueInteger.sum()",
                sum(None, Links::All, Number),
            ),
        ] {
            assert_eq!(Calculation::read(text), expected, "{text}");
        }
    }

    #[test]
    fn anything_else_is_kept_and_not_computed() {
        for text in [
            "",
            "'",
            "!",
            "%resource",
            "%resource.item.answer.weight().sum() + 1",
            "%resource.item.answer.weight().sum() / 2",
            "iif(%a, %b, {})",
            "%resource.item.where(linkId = 'a' and linkId = 'b').answer.weight().sum()",
            "%resource.item.where(linkId = 'a' or linkId != 'b').answer.weight().sum()",
            "%resource.item.where(linkId = 'a').answer.weight().avg()",
            "%resource.item.answer.value.extension('http://elsewhere').value.sum()",
            "%patient.item.answer.weight().sum()",
            &"%resource.item".repeat(1000),
        ] {
            assert_eq!(Calculation::read(text), Calculation::Other(text.into()));
        }
    }
}
