//! Writes the kinds of record and the formats of notes for the forms of the app, beside the types of
//! the views' messages and in the same run. Owns how a definition looks in TypeScript, no definition.

use std::{env, fs, path::PathBuf};

use super::{FieldDef, Holds, KINDS, Kind};
use crate::note::{FORMATS, Format};

const OPENING: &str =
    "// Generated: the kinds of record and the formats of notes, from the core's tables.\n";

fn codes(codes: &[&str]) -> String {
    let quoted: Vec<String> = codes.iter().map(|code| format!("'{code}'")).collect();
    format!("[{}]", quoted.join(", "))
}

fn holds(holds: Holds) -> String {
    match holds {
        Holds::Text(max) => format!("{{ type: 'text', max: {max} }}"),
        Holds::Choice(of) => format!("{{ type: 'choice', codes: {} }}", codes(of)),
        Holds::Date => "{ type: 'date' }".into(),
        Holds::Time => "{ type: 'time' }".into(),
        Holds::Number(min, max) => format!("{{ type: 'number', min: {min}, max: {max} }}"),
        Holds::Flag => "{ type: 'flag' }".into(),
        Holds::Staff => "{ type: 'staff' }".into(),
        Holds::Record(kind) => format!("{{ type: 'record', kind: '{kind}' }}"),
    }
}

fn field(field: &FieldDef) -> String {
    let FieldDef {
        key,
        holds: may,
        required,
    } = field;
    let may = holds(*may);
    format!("      {{ key: '{key}', required: {required}, holds: {may} }},\n")
}

fn kind(kind: &Kind) -> String {
    let fields: String = kind.fields.iter().map(field).collect();
    let states: String = kind
        .states
        .iter()
        .map(|(state, next)| format!("      {{ code: '{state}', next: {} }},\n", codes(next)))
        .collect();
    format!(
        "  {{\n    code: '{}',\n    single: {},\n    fields: [\n{fields}    ],\n    states: [\n{states}    ],\n  }},\n",
        kind.code, kind.single
    )
}

fn format(format: &Format) -> String {
    let sections: String = format
        .sections
        .iter()
        .map(|section| {
            let (key, required) = (section.key, section.required);
            format!("      {{ key: '{key}', required: {required} }},\n")
        })
        .collect();
    format!(
        "  {{\n    code: '{}',\n    sections: [\n{sections}    ],\n  }},\n",
        format.code
    )
}

/// Named as the tests of the types are, so that one filter runs them all.
#[test]
fn export_bindings_schema() {
    let folder = env::var_os("TS_RS_EXPORT_DIR").map_or_else(|| "bindings".into(), PathBuf::from);
    let kinds: String = KINDS.iter().map(kind).collect();
    let formats: String = FORMATS.iter().map(format).collect();
    let text = format!(
        "{OPENING}\nexport const KINDS = [\n{kinds}] as const;\n\nexport const FORMATS = [\n{formats}] as const;\n"
    );
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("schema.ts"), text).unwrap();
}
