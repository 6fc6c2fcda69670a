//! Reading rows of the table, ours or an agency's. Owns the format: which kinds of rows there are
//! and their columns. Refuses a file whole if one row is wrong, and names the line.

use thiserror::Error;

use super::Severity;

/// The largest file of an agency, in bytes.
pub const FILE_LEN_MAX: usize = 1024 * 1024;

/// Why a file of rows was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TableError {
    /// Larger than [`FILE_LEN_MAX`].
    #[error("the file is larger than {max_kib} KiB; split off what is not needed")]
    TooBig {
        /// The limit.
        max_kib: usize,
    },
    /// Not CSV.
    #[error("line {line}: this is not CSV; save the sheet as CSV (UTF-8) again")]
    Unreadable {
        /// Where.
        line: u64,
    },
    /// The first column is none of the kinds.
    #[error(
        "line {line}: a row begins with name, product, local, nothing, class, absorbed, lasting, interaction or allergy"
    )]
    Kind {
        /// Where.
        line: u64,
    },
    /// A column that the row needs is missing or empty.
    #[error("line {line}: column {column} is missing or empty")]
    Missing {
        /// Where.
        line: u64,
        /// Which, counted from 1.
        column: usize,
    },
    /// A severity that is none.
    #[error("line {line}: the severity is contraindicated or serious")]
    Severity {
        /// Where.
        line: u64,
    },
    /// Not a number.
    #[error("line {line}: column {column} is a whole number")]
    Number {
        /// Where.
        line: u64,
        /// Which, counted from 1.
        column: usize,
    },
    /// Neither an ingredient nor a class.
    #[error("line {line}: {name:?} is not known; add a row `name` or `class` for it")]
    Unknown {
        /// Where.
        line: u64,
        /// What.
        name: String,
    },
    /// A name that means something else already.
    #[error("line {line}: {name:?} means something else already")]
    Taken {
        /// Where.
        line: u64,
        /// What.
        name: String,
    },
}

/// A row and its line.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub line: u64,
    pub kind: Kind,
}

/// What a row says. Names are as written.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Name {
        ingredient: String,
        names: Vec<String>,
    },
    Product {
        names: Vec<String>,
        ingredients: Vec<String>,
        local: bool,
    },
    Class {
        name: String,
        members: Vec<String>,
    },
    Absorbed {
        members: Vec<String>,
    },
    Lasting {
        members: Vec<String>,
        days: u32,
    },
    Interaction {
        rule: Rule,
        left: Vec<String>,
        right: Vec<String>,
    },
    Allergy {
        family: String,
        names: Vec<String>,
        members: Vec<String>,
        spread: bool,
        across: Vec<String>,
    },
}

/// A rule without its sides.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub id: String,
    pub severity: Severity,
    pub source: String,
    pub year: u16,
    pub effect: String,
}

/// The rows of `text`, whose columns are parted by `delimiter`.
pub(super) fn read(text: &str, delimiter: u8) -> Result<Vec<Row>, TableError> {
    if text.len() > FILE_LEN_MAX {
        return Err(TableError::TooBig {
            max_kib: FILE_LEN_MAX / 1024,
        });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .delimiter(delimiter)
        .quoting(delimiter != b'\t')
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| TableError::Unreadable {
            line: error.position().map_or(1, csv::Position::line),
        })?;
        // A sheet saved as CSV has rows of commas alone.
        if record.iter().all(str::is_empty) {
            continue;
        }
        let line = record.position().map_or(1, |at| line_at(text, at));
        let kind = Columns { line, record }.kind()?;
        rows.push(Row { line, kind });
    }
    Ok(rows)
}

/// The line of a record: its position is before the blank lines and remarks that precede it.
fn line_at(text: &str, position: &csv::Position) -> u64 {
    let start = usize::try_from(position.byte()).unwrap_or_default();
    let (before, after) = text.split_at_checked(start).unwrap_or((text, ""));
    let ends = before.bytes().filter(|byte| *byte == b'\n').count();
    let passed = after
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with('#'))
        .count();
    (ends + passed + 1) as u64
}

struct Columns {
    line: u64,
    record: csv::StringRecord,
}

impl Columns {
    fn kind(&self) -> Result<Kind, TableError> {
        Ok(match self.optional(1) {
            "name" => Kind::Name {
                ingredient: self.text(2)?,
                names: self.list(3),
            },
            kind @ ("product" | "local") => Kind::Product {
                names: self.some(2)?,
                ingredients: self.some(3)?,
                local: kind == "local",
            },
            "nothing" => Kind::Product {
                names: self.some(2)?,
                ingredients: Vec::new(),
                local: false,
            },
            "class" => Kind::Class {
                name: self.text(2)?,
                members: self.some(3)?,
            },
            "absorbed" => Kind::Absorbed {
                members: self.some(2)?,
            },
            "lasting" => Kind::Lasting {
                members: self.some(2)?,
                days: self.number(3)?,
            },
            "interaction" => Kind::Interaction {
                left: self.some(3)?,
                right: self.some(4)?,
                rule: Rule {
                    id: self.text(2)?,
                    severity: match self.text(5)?.as_str() {
                        "contraindicated" => Severity::Contraindicated,
                        "serious" => Severity::Serious,
                        _ => return Err(TableError::Severity { line: self.line }),
                    },
                    source: self.text(6)?,
                    year: self.number(7)?,
                    effect: self.text(8)?,
                },
            },
            "allergy" => Kind::Allergy {
                family: self.text(2)?,
                names: self.list(3),
                members: self.some(4)?,
                spread: self.optional(5) == "spread",
                across: self.list(6),
            },
            _ => return Err(TableError::Kind { line: self.line }),
        })
    }

    fn optional(&self, column: usize) -> &str {
        self.record.get(column - 1).unwrap_or_default()
    }

    fn text(&self, column: usize) -> Result<String, TableError> {
        match self.optional(column) {
            "" => Err(self.missing(column)),
            text => Ok(text.to_owned()),
        }
    }

    fn number<N: std::str::FromStr>(&self, column: usize) -> Result<N, TableError> {
        let line = self.line;
        let number = self.text(column)?.parse();
        number.map_err(|_| TableError::Number { line, column })
    }

    /// Parted by `;`, maybe none.
    fn list(&self, column: usize) -> Vec<String> {
        let parts = self.optional(column).split(';').map(str::trim);
        let parts = parts.filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    }

    /// Parted by `;`, at least one.
    fn some(&self, column: usize) -> Result<Vec<String>, TableError> {
        let list = self.list(column);
        if list.is_empty() {
            return Err(self.missing(column));
        }
        Ok(list)
    }

    fn missing(&self, column: usize) -> TableError {
        TableError::Missing {
            line: self.line,
            column,
        }
    }
}
