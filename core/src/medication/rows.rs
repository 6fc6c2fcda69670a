//! Reading rows of the table, ours or an agency's. Owns the format: which kinds of rows there are
//! and their columns. What it does not read it names, by line: nothing is passed over in silence.

use super::{Severity, TableError};

/// The largest file of an agency, in bytes.
pub const FILE_LEN_MAX: usize = 64 * 1024;
/// The most rows of an agency.
pub const ROWS_MAX: usize = 2_000;

/// A row and its line.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub line: u32,
    /// It is the agency's.
    pub agency: bool,
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
    /// It stands in the agency's table.
    pub agency: bool,
    pub severity: Severity,
    pub source: String,
    pub year: u16,
    pub effect: String,
}

/// The rows of `text`, whose columns are parted by `delimiter`, and those that are none.
pub(super) fn read(text: &str, delimiter: u8) -> (Vec<Row>, Vec<TableError>) {
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
    let mut refused = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, |at| line_at(text, at));
                refused.push(TableError::Unreadable { line });
                continue;
            }
        };
        // A sheet saved as CSV has rows of commas alone, remarks in quotes, and maybe a heading.
        let first = record.get(0).unwrap_or_default();
        let heading = rows.is_empty() && first.eq_ignore_ascii_case("kind");
        if heading || first.starts_with('#') || record.iter().all(str::is_empty) {
            continue;
        }
        let line = record.position().map_or(1, |at| line_at(text, at));
        if record.iter().any(|cell| cell.contains(['\n', '\r'])) {
            return (Vec::new(), vec![TableError::Quote { line }]);
        }
        if rows.len() + refused.len() >= ROWS_MAX {
            let max = ROWS_MAX as u32;
            return (Vec::new(), vec![TableError::TooMany { max }]);
        }
        match (Columns { line, record }).kind() {
            Ok(kind) => rows.push(Row {
                line,
                agency: false,
                kind,
            }),
            Err(error) => refused.push(error),
        }
    }
    (rows, refused)
}

/// The rows of an agency's file: parted by commas, or as sheets of some languages are by semicolons or
/// tabs.
pub(super) fn read_agency(text: &str) -> (Vec<Row>, Vec<TableError>) {
    if text.len() > FILE_LEN_MAX {
        let max_kib = (FILE_LEN_MAX / 1024) as u32;
        return (Vec::new(), vec![TableError::TooBig { max_kib }]);
    }
    // What stands behind the first row's kind.
    let behind = text.lines().find_map(|line| {
        let line = line.trim_start_matches(['\u{feff}', '"', ' ']);
        let rest = line.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let rest = Some(rest).filter(|rest| rest.len() < line.len())?;
        rest.trim_start_matches(['"', ' ']).chars().next()
    });
    let delimiter = match behind {
        Some(';') => b';',
        Some('\t') => b'\t',
        _ => b',',
    };
    let (mut rows, refused) = read(text, delimiter);
    for row in &mut rows {
        row.agency = true;
    }
    (rows, refused)
}

/// The line of a record: its position is before the blank lines and remarks that precede it.
fn line_at(text: &str, position: &csv::Position) -> u32 {
    let start = usize::try_from(position.byte()).unwrap_or_default();
    let (before, after) = text.split_at_checked(start).unwrap_or((text, ""));
    let ends = before.bytes().filter(|byte| *byte == b'\n').count();
    let passed = after
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with('#'))
        .count();
    (ends + passed + 1) as u32
}

struct Columns {
    line: u32,
    record: csv::StringRecord,
}

impl Columns {
    fn kind(&self) -> Result<Kind, TableError> {
        let name = self.optional(1).to_lowercase();
        let kind = self.kind_named(&name)?;
        let most = match kind {
            Kind::Absorbed { .. } => 2,
            Kind::Name { .. } | Kind::Class { .. } | Kind::Lasting { .. } => 3,
            Kind::Product { .. } if name == "nothing" => 2,
            Kind::Product { .. } => 3,
            Kind::Interaction { .. } => 8,
            Kind::Allergy { .. } => 6,
        };
        let mut cells = self.record.iter().skip(most);
        match cells.position(|cell| !cell.is_empty()) {
            None => Ok(kind),
            Some(beyond) => Err(TableError::Extra {
                line: self.line,
                column: (most + beyond + 1) as u32,
            }),
        }
    }

    fn kind_named(&self, name: &str) -> Result<Kind, TableError> {
        Ok(match name {
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
                    agency: false,
                    severity: match self.text(5)?.to_lowercase().as_str() {
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
                spread: match self.optional(5) {
                    "" => false,
                    text if text.eq_ignore_ascii_case("spread") => true,
                    _ => return Err(TableError::Spread { line: self.line }),
                },
                across: self.list(6),
            },
            _ => return Err(TableError::Kind { line: self.line }),
        })
    }

    fn optional(&self, column: u32) -> &str {
        let at = column as usize - 1;
        self.record.get(at).unwrap_or_default()
    }

    fn text(&self, column: u32) -> Result<String, TableError> {
        match self.optional(column) {
            "" => Err(self.missing(column)),
            text => Ok(text.to_owned()),
        }
    }

    fn number<N: std::str::FromStr>(&self, column: u32) -> Result<N, TableError> {
        let line = self.line;
        let number = self.text(column)?.parse();
        number.map_err(|_| TableError::Number { line, column })
    }

    /// Parted by `;`, maybe none.
    fn list(&self, column: u32) -> Vec<String> {
        let parts = self.optional(column).split(';').map(str::trim);
        let parts = parts.filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    }

    /// Parted by `;`, at least one.
    fn some(&self, column: u32) -> Result<Vec<String>, TableError> {
        let list = self.list(column);
        if list.is_empty() {
            return Err(self.missing(column));
        }
        Ok(list)
    }

    fn missing(&self, column: u32) -> TableError {
        TableError::Missing {
            line: self.line,
            column,
        }
    }
}
