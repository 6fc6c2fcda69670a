//! Reading a CSV of case notes: whole or not at all. Owns the rule that no cell is dropped: a column
//! that is no field of ours stays with the case under its own header.

use std::collections::BTreeMap;

use crate::{
    api::Failure,
    case::{EXTRA, FIELD_LEN_MAX},
    note::LEN_MAX as NOTE_LEN_MAX,
};

/// The largest file, in bytes.
pub const FILE_LEN_MAX: usize = 20 * 1024 * 1024;
const COLUMNS_MAX: usize = 256;
/// Where the notes go.
pub const NOTE: &str = "note";

/// One case of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedCase {
    /// Values by field key.
    pub fields: Vec<(String, String)>,
    /// Texts of the notes, in the file's order.
    pub notes: Vec<String>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Each header and the key it goes to.
    pub columns: Vec<(String, String)>,
    /// Rows of cells, without the header.
    pub rows: Vec<Vec<String>>,
    /// The file does not end with a line break.
    pub maybe_cut: bool,
}

/// Reads a file.
///
/// # Errors
/// The import failures of [`Failure`]; each names the line.
pub fn read(file: &[u8]) -> Result<Table, Failure> {
    if file.len() > FILE_LEN_MAX {
        return Err(Failure::ImportTooBig {
            max_mb: (FILE_LEN_MAX / 1024 / 1024) as u32,
        });
    }
    let text = text(file)?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(false)
        .from_reader(text.as_bytes());
    let headers: Vec<String> = reader
        .headers()
        .map_err(|error| broken(text, &error))?
        .iter()
        .map(|header| header.trim().to_owned())
        .collect();
    if headers.len() > COLUMNS_MAX {
        return Err(Failure::ImportTruncated { line: 1 });
    }
    let columns = columns(headers)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(text, &error))?;
        let line = record.position().map_or(1, |at| line_at(text, at));
        for (cell, (_, key)) in record.iter().zip(&columns) {
            let max = if key == NOTE {
                NOTE_LEN_MAX
            } else {
                FIELD_LEN_MAX
            };
            if cell.len() > max {
                return Err(Failure::ImportCellTooLong { line });
            }
        }
        rows.push(record.iter().map(str::to_owned).collect());
    }
    // The csv crate takes an open quote at the end of the file for a closed one.
    if text.matches('"').count() % 2 != 0 {
        return Err(Failure::ImportTruncated {
            line: line_after(file),
        });
    }
    if rows.is_empty() {
        return Err(Failure::ImportEmpty);
    }
    Ok(Table {
        columns,
        rows,
        maybe_cut: !text.ends_with('\n'),
    })
}

/// A file as text, without the mark of UTF-8.
///
/// # Errors
/// [`Failure::ImportEncoding`].
pub fn text(file: &[u8]) -> Result<&str, Failure> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let text = std::str::from_utf8(file).map_err(|error| {
        let good = file.get(..error.valid_up_to()).unwrap_or_default();
        Failure::ImportEncoding {
            line: line_after(good),
        }
    })?;
    // NUL is valid UTF-8 but in no text: the mark of UTF-16 or of a file that is not text at all.
    if let Some((before, _)) = text.split_once('\0') {
        return Err(Failure::ImportEncoding {
            line: line_after(before.as_bytes()),
        });
    }
    Ok(text)
}

fn line_after(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|b| **b == b'\n').count() as u32 + 1
}

/// The line in which a record begins. The csv crate's own count lags by one behind CRLF: its
/// position lies between the two.
pub(crate) fn line_at(text: &str, at: &csv::Position) -> u32 {
    let (before, after) = text
        .split_at_checked(at.byte() as usize)
        .unwrap_or((text, ""));
    let breaks = after.bytes().take_while(|b| matches!(b, b'\r' | b'\n'));
    line_after(before.as_bytes()) + breaks.filter(|b| *b == b'\n').count() as u32
}

fn broken(text: &str, error: &csv::Error) -> Failure {
    let line = error.position().map_or(1, |at| line_at(text, at));
    Failure::ImportTruncated { line }
}

/// Decides where each column goes by its header's usual names.
fn columns(headers: Vec<String>) -> Result<Vec<(String, String)>, Failure> {
    let mut taken: Vec<&str> = Vec::new();
    let mut columns = Vec::new();
    for header in &headers {
        let plain: String = header
            .chars()
            .map(|c| {
                if c.is_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '_'
                }
            })
            .collect();
        let key = match plain.as_str() {
            "case_note" | "note" | "notes" | "case_notes" | "text" | "narrative" | "nota" => NOTE,
            "person_oid" | "case_id" | "case_number" | "case_no" | "client_id" | "number"
            | "id" | "person_id" => "number",
            "first_name" | "given_name" | "given" | "firstname" | "nombre" => "name.given",
            "last_name" | "family_name" | "surname" | "lastname" | "apellido" => "name.family",
            "name" | "client_name" | "full_name" | "preferred_name" => "name.preferred",
            "birth_date" | "date_of_birth" | "dob" | "birthdate" => "birth_date",
            "age" => "age",
            "gender" | "sex" => "gender",
            "language" | "preferred_language" => "language",
            "phone" | "phone_number" | "telephone" => "phone",
            "address" => "address",
            "location" => "location",
            "program" | "programme" => "program",
            _ => "",
        };
        if key.is_empty() || taken.contains(&key) {
            columns.push((header.clone(), format!("{EXTRA}{header}")));
        } else {
            taken.push(key);
            columns.push((header.clone(), key.to_owned()));
        }
    }
    let missing = |column: &str| Failure::ImportMissingColumn {
        column: column.into(),
        found: headers.clone(),
    };
    if !taken.contains(&NOTE) {
        return Err(missing("case_note"));
    }
    let named = ["number", "name.given", "name.family", "name.preferred"];
    if !named.iter().any(|key| taken.contains(key)) {
        return Err(missing("case_number"));
    }
    Ok(columns)
}

impl Table {
    /// The cases of the table: rows with the same case number are one case. Where its rows disagree
    /// about a field, the first stands and the others stay beside it under the row's number.
    pub fn cases(&self) -> Vec<ImportedCase> {
        let mut cases: Vec<ImportedCase> = Vec::new();
        let mut by_number: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, row) in self.rows.iter().enumerate() {
            let number = self
                .columns
                .iter()
                .zip(row)
                .find(|((_, key), _)| key == "number");
            let number = number.map_or("", |(_, cell)| cell.trim());
            let at = match by_number.get(number) {
                Some(at) if !number.is_empty() => *at,
                _ => {
                    cases.push(ImportedCase::default());
                    by_number.insert(number, cases.len() - 1);
                    cases.len() - 1
                }
            };
            if let Some(case) = cases.get_mut(at) {
                self.add_row(case, row, index + 1);
            }
        }
        cases
    }

    fn add_row(&self, case: &mut ImportedCase, row: &[String], row_number: usize) {
        for ((header, key), cell) in self.columns.iter().zip(row) {
            if cell.trim().is_empty() {
                continue;
            }
            if key == NOTE {
                case.notes.push(cell.clone());
                continue;
            }
            match case.fields.iter().find(|(known, _)| known == key) {
                None => case.fields.push((key.clone(), cell.clone())),
                Some((_, value)) if value == cell => {}
                Some(_) => {
                    let key = format!("{EXTRA}{header} (row {row_number})");
                    case.fields.push((key, cell.clone()));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "person_oid,first_name,last_name,mood,case_note\r\n\
        CN-1,Ana,Peña,calm,\"Came, on time.\"\r\n\
        CN-2,Bo,Li,,Missed.\r\n\
        CN-1,Ana,Peña,tense,Second visit.\r\n";

    #[test]
    fn rows_of_one_number_are_one_case_and_no_cell_is_lost() {
        let cases = read(GOOD.as_bytes()).unwrap().cases();
        assert_eq!(cases.len(), 2);
        let ana = &cases[0];
        assert_eq!(ana.notes, ["Came, on time.", "Second visit."]);
        let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        assert!(ana.fields.contains(&pair("extra.mood", "calm")));
        assert!(ana.fields.contains(&pair("extra.mood (row 3)", "tense")));
    }

    #[test]
    fn a_column_that_is_no_field_of_the_person_stays_under_its_own_header() {
        let table = read(b"id,Status,acuity,note\n1,open,2,x\n").unwrap();
        let cases = table.cases();
        let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        let expected = [
            pair("number", "1"),
            pair("extra.Status", "open"),
            pair("extra.acuity", "2"),
        ];
        assert_eq!(cases[0].fields, expected);
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_with_its_line() {
        let check = |file: &[u8], expected: Failure| assert_eq!(read(file).unwrap_err(), expected);
        check(
            &vec![b'a'; FILE_LEN_MAX + 1],
            Failure::ImportTooBig { max_mb: 20 },
        );
        check(
            b"id,note\n1,\xe9t\xe9\n",
            Failure::ImportEncoding { line: 2 },
        );
        let utf16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&utf16, Failure::ImportEncoding { line: 2 });
        check(
            b"id,age,note\r\n1,2,x\r\n2,3\r\n",
            Failure::ImportTruncated { line: 3 },
        );
        check(b"id,note\n1,\"open", Failure::ImportTruncated { line: 2 });
        check(
            b"id,age,note\n1,2,x\n2,3",
            Failure::ImportTruncated { line: 3 },
        );
        check(
            b"",
            Failure::ImportMissingColumn {
                column: "case_note".into(),
                found: vec![],
            },
        );
        check(b"id,note\n", Failure::ImportEmpty);
        let found = vec!["id".to_owned(), "age".to_owned()];
        check(
            b"id,age\n1,2\n",
            Failure::ImportMissingColumn {
                column: "case_note".into(),
                found,
            },
        );
        assert!(read(b"id,note\n1,cut in the mid").unwrap().maybe_cut);
        assert!(!read(GOOD.as_bytes()).unwrap().maybe_cut);
    }
}
