//! HSDS as tables, one CSV a file, known by the file's name: that of version 3 and that of the
//! directories before it, where a service names its place and a place its organisation. Also
//! `needs.csv`, by which an agency says which words speak of which need.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Needs, Phone, Place, Point, Service,
    json::add_schedule,
    read::{List, Refusal, Row, add, is_active, parts},
};
use crate::import;

/// A row by its columns, with its line.
struct Cells {
    line: u64,
    by_column: BTreeMap<String, String>,
}

impl Cells {
    fn get(&self, column: &str) -> String {
        let cell = self.by_column.get(column);
        cell.map_or(String::new(), |cell| {
            cell.trim().trim_matches('"').trim().to_owned()
        })
    }

    fn first(&self, columns: &[&str]) -> String {
        let mut all = columns.iter().map(|column| self.get(column));
        all.find(|text| !text.is_empty()).unwrap_or_default()
    }
}

struct Table<'a> {
    file: &'a str,
    rows: Vec<Cells>,
}

/// Names of tables, the first is ours.
const TABLES: &[&[&str]] = &[
    &["services", "service"],
    &["organizations", "organization"],
    &["locations", "location"],
    &[
        "service_at_location",
        "services_at_location",
        "service_at_locations",
    ],
    &["addresses", "address", "physical_addresses"],
    &["phones", "phone"],
    &["languages", "language"],
    &[
        "schedules",
        "regular_schedules",
        "schedule",
        "regular_schedule",
    ],
    &["required_documents", "required_document"],
    &["accessibility", "accessibility_for_disabilities"],
    &["attributes", "attribute", "service_attributes"],
    &["taxonomy_terms", "taxonomy_term"],
    &["needs"],
];
/// Tables of the standard that say nothing which is shown here.
const BESIDE: &[&str] = &[
    "contacts",
    "cost_options",
    "funding",
    "holiday_schedules",
    "mail_addresses",
    "postal_addresses",
    "metadata",
    "meta_table_descriptions",
    "organization_identifiers",
    "programs",
    "service_areas",
    "taxonomies",
    "urls",
];

fn stem(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

pub(super) fn read(
    list: &mut List,
    needs: &mut Needs,
    files: &[(&str, &str)],
    rows: &mut Vec<Row>,
) {
    let mut tables: BTreeMap<&'static str, Table<'_>> = BTreeMap::new();
    for (file, text) in files {
        let stem = stem(file);
        let known = TABLES.iter().find(|names| names.contains(&stem.as_str()));
        let Some(name) = known.and_then(|names| names.first()) else {
            if !BESIDE.contains(&stem.as_str()) {
                list.refuse(file, 0, Refusal::UnknownTable, "");
            }
            continue;
        };
        let table = Table {
            file,
            rows: cells(list, file, text),
        };
        tables.insert(*name, table);
    }
    for (table, row) in of(&tables, "needs") {
        let (need, word) = (row.get("need"), row.get("word"));
        if !needs.add(&need, &word) {
            list.refuse(table.file, row.line, Refusal::NoSuchNeed, &need);
        }
    }
    Joined::of(&tables, list).services(list, rows);
}

fn cells(list: &mut List, file: &str, text: &str) -> Vec<Cells> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect(),
        Err(_) => return Vec::new(),
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        let Ok(record) = record else {
            list.refuse(file, 0, Refusal::Broken, "");
            break;
        };
        let line = record.position().map_or(0, |at| import::line_at(text, at));
        if record.len() != header.len() {
            let start = record.get(0).unwrap_or_default();
            list.refuse(file, line.into(), Refusal::Broken, start);
            continue;
        }
        let named = header.iter().cloned().zip(record.iter().map(str::to_owned));
        rows.push(Cells {
            line: line.into(),
            by_column: named.collect(),
        });
    }
    rows
}

/// The rows of a table.
fn of<'a>(
    tables: &'a BTreeMap<&str, Table<'a>>,
    name: &str,
) -> impl Iterator<Item = (&'a Table<'a>, &'a Cells)> {
    let table = tables.get(name).into_iter();
    table.flat_map(|table| table.rows.iter().map(move |row| (table, row)))
}

type ByOwner<'a> = BTreeMap<(&'static str, String), Vec<&'a Cells>>;

/// What other rows belong to. The nearest owner counts.
const OWNERS: [&str; 4] = [
    "service_at_location_id",
    "service_id",
    "location_id",
    "organization_id",
];

/// Rows of all tables by what they belong to.
struct Joined<'a> {
    tables: &'a BTreeMap<&'static str, Table<'a>>,
    organizations: BTreeMap<String, &'a Cells>,
    locations: BTreeMap<String, &'a Cells>,
    terms: BTreeMap<String, String>,
    beside: BTreeMap<&'static str, ByOwner<'a>>,
}

const WITH_OWNER: [&str; 6] = [
    "addresses",
    "phones",
    "languages",
    "schedules",
    "required_documents",
    "accessibility",
];

impl<'a> Joined<'a> {
    fn of(tables: &'a BTreeMap<&'static str, Table<'a>>, list: &mut List) -> Self {
        let by_id = |name: &str| {
            of(tables, name)
                .map(|(_, row)| (row.get("id"), row))
                .collect()
        };
        let mut beside = BTreeMap::new();
        let ids = |name: &str| -> BTreeSet<String> {
            of(tables, name).map(|(_, row)| row.get("id")).collect()
        };
        let known = [
            ids("service_at_location"),
            ids("services"),
            ids("locations"),
            ids("organizations"),
        ];
        for name in WITH_OWNER {
            let mut by_owner: ByOwner<'a> = BTreeMap::new();
            for (table, row) in of(tables, name) {
                let mut owned = false;
                let mut named = String::new();
                for (owner, known) in OWNERS.into_iter().zip(&known) {
                    let id = row.get(owner);
                    if id.is_empty() {
                        continue;
                    }
                    named = format!("{owner} {id}");
                    // Of a contact, that is not shown: it is of the organisation all the same.
                    owned |= known.contains(&id);
                    by_owner.entry((owner, id)).or_default().push(row);
                }
                if !owned && !named.is_empty() {
                    list.refuse(table.file, row.line, Refusal::Unknown, &named);
                }
            }
            beside.insert(name, by_owner);
        }
        Self {
            tables,
            organizations: by_id("organizations"),
            locations: by_id("locations"),
            terms: of(tables, "taxonomy_terms")
                .map(|(_, row)| (row.first(&["id", "taxonomy_id"]), row.get("name")))
                .collect(),
            beside,
        }
    }

    fn owned(&self, table: &str, owner: &'static str, id: &str) -> Vec<&'a Cells> {
        let rows = self.beside.get(table);
        let rows = rows.and_then(|rows| rows.get(&(owner, id.to_owned())));
        rows.cloned().unwrap_or_default()
    }

    fn services(&self, list: &mut List, rows: &mut Vec<Row>) {
        let mut ties: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (_, row) in of(self.tables, "service_at_location") {
            let tie = (row.get("id"), row.get("location_id"));
            ties.entry(row.get("service_id")).or_default().push(tie);
        }
        let mut attributes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (_, row) in of(self.tables, "attributes") {
            let owner = row.first(&["service_id", "link_id"]);
            let term = row.first(&["taxonomy_term_id", "taxonomy_id"]);
            let name = self.terms.get(&term).cloned().unwrap_or_default();
            attributes.entry(owner).or_default().push(name);
        }
        for (table, row) in of(self.tables, "services") {
            let id = row.get("id");
            let mut at: Vec<(String, String)> = ties.get(&id).cloned().unwrap_or_default();
            let own = row.get("location_id");
            if !own.is_empty() && at.iter().all(|(_, location)| *location != own) {
                at.push((String::new(), own));
            }
            let mut service = self.service(list, table, row, &at);
            for name in attributes.get(&id).into_iter().flatten() {
                add(&mut service.topics, name.clone());
            }
            for term in parts(&row.get("taxonomy_ids")) {
                let name = self.terms.get(&term).cloned().unwrap_or_default();
                add(&mut service.topics, name);
            }
            service.topics.retain(|topic| !topic.is_empty());
            rows.push(Row {
                file: table.file.to_owned(),
                line: row.line,
                active: is_active(&row.get("status")),
                service,
            });
        }
    }

    fn service(
        &self,
        list: &mut List,
        table: &Table<'_>,
        row: &Cells,
        at: &[(String, String)],
    ) -> Service {
        let id = row.get("id");
        let mut service = Service {
            name: row.get("name"),
            description: row.first(&["description", "short_desc"]),
            eligibility: row.first(&["eligibility_description", "eligibility", "audience"]),
            apply: row.get("application_process"),
            fees: row.first(&["fees_description", "fees"]),
            wait: row.get("wait_time"),
            alert: row.get("alert"),
            url: row.first(&["url", "website"]),
            email: row.get("email"),
            interpreters: row.get("interpretation_services"),
            age_from: row.get("minimum_age").parse().unwrap_or(0),
            age_to: row.get("maximum_age").parse().unwrap_or(0),
            checked: row
                .first(&["assured_date", "last_modified"])
                .chars()
                .take(10)
                .collect(),
            documents: row.get("required_documents"),
            ..Service::default()
        };
        for topic in parts(&row.get("keywords")) {
            add(&mut service.topics, topic);
        }
        for language in parts(&row.get("languages")) {
            add(&mut service.languages, language);
        }
        let papers = self.owned("required_documents", "service_id", &id);
        let papers: Vec<String> = papers.iter().map(|paper| paper.get("document")).collect();
        if !papers.is_empty() {
            service.documents = papers.join("; ");
        }
        let mut organization = row.get("organization_id");
        let mut owners: Vec<(&'static str, String)> = vec![("service_id", id.clone())];
        for (tie, location) in at {
            let Some(place) = self.locations.get(location) else {
                list.refuse(
                    table.file,
                    row.line,
                    Refusal::Unknown,
                    &format!("location_id {location}"),
                );
                continue;
            };
            if organization.is_empty() {
                organization = place.get("organization_id");
            }
            for language in parts(&place.get("languages")) {
                add(&mut service.languages, language);
            }
            self.place(list, &mut service, place, location);
            owners.push(("service_at_location_id", tie.clone()));
            owners.push(("location_id", location.clone()));
        }
        let known = self.organizations.get(&organization);
        service.organization = known.map_or(String::new(), |one| one.get("name"));
        if known.is_none() && !organization.is_empty() {
            let detail = format!("organization_id {organization}");
            list.refuse(table.file, row.line, Refusal::Unknown, &detail);
        }
        owners.push(("organization_id", organization));
        service.id = id;
        self.beside(list, &mut service, &owners);
        service
    }

    /// Languages and hours of all that it belongs to, and the phones that are nearest to it.
    fn beside(&self, list: &mut List, service: &mut Service, owners: &[(&'static str, String)]) {
        for (owner, id) in owners.iter().filter(|(_, id)| !id.is_empty()) {
            if service.phones.is_empty() || *owner != "organization_id" {
                for row in self.owned("phones", owner, id) {
                    let kind = row.first(&["type", "number_type"]);
                    let number = row.get("number");
                    if kind == "fax" || number.is_empty() {
                        continue;
                    }
                    let phone = Phone {
                        number,
                        extension: row.get("extension"),
                        note: row.first(&["description", "department"]),
                    };
                    add(&mut service.phones, phone);
                }
            }
            if *owner == "organization_id" {
                continue;
            }
            for row in self.owned("languages", owner, id) {
                let name = row.first(&["name", "language", "code"]);
                if !name.is_empty() {
                    add(&mut service.languages, name);
                }
            }
            for row in self.owned("schedules", owner, id) {
                if !add_schedule(service, &|column| row.get(column)) {
                    let file = self.tables.get("schedules").map_or("", |table| table.file);
                    list.refuse(file, row.line, Refusal::BadHours, &service.name);
                }
            }
        }
    }

    fn place(&self, list: &mut List, service: &mut Service, row: &Cells, id: &str) {
        let given = ["latitude", "longitude"].map(|column| row.get(column).parse::<f64>());
        let point = match given {
            [Ok(lat), Ok(lon)] => Point::of(lat, lon),
            _ => None,
        };
        if let ([Ok(lat), Ok(lon)], None) = (&given, point) {
            let file = self.tables.get("locations").map_or("", |table| table.file);
            list.refuse(
                file,
                row.line,
                Refusal::NoSuchPlace,
                &format!("{lat}, {lon}"),
            );
        }
        let ways = self.owned("accessibility", "location_id", id);
        let ways = ways
            .iter()
            .map(|one| one.first(&["description", "accessibility"]));
        let ways: Vec<String> = ways
            .chain([row.get("accessibility"), row.get("transportation")])
            .filter(|text| !text.is_empty())
            .collect();
        let mut addresses = self.owned("addresses", "location_id", id);
        addresses.sort_by_key(|one| one.get("address_type") == "postal");
        let cell = |column: &str| {
            addresses
                .first()
                .map_or(String::new(), |one| one.get(column))
        };
        let street = ["address_1", "address_2"].map(cell);
        let street: Vec<String> = street.into_iter().filter(|part| !part.is_empty()).collect();
        let region = [cell("state_province"), cell("region")];
        let place = Place {
            name: row.get("name"),
            street: street.join(", "),
            city: cell("city"),
            region: region
                .into_iter()
                .find(|text| !text.is_empty())
                .unwrap_or_default(),
            postal: cell("postal_code"),
            point,
            access: ways.join(" "),
        };
        add(&mut service.places, place);
    }
}
