//! HSDS as JSON, as its API answers: services, organisations with their services, services at
//! locations, one by one, in lists or in pages. Whatever is known of a service inside it goes with it.

use serde_json::{Map, Value};

use super::{
    Phone, Place, Point, Service,
    hours::{self, Hours},
    read::{List, Refusal, Row, add, is_active, parts},
};

/// How deep organisations, services and places are looked for.
const DEPTH_MAX: usize = 8;

type Object = Map<String, Value>;

struct Reader<'a> {
    list: &'a mut List,
    rows: &'a mut Vec<Row>,
    file: &'a str,
    /// Services met so far: what stands for a line.
    met: u64,
}

pub(super) fn read(list: &mut List, file: &str, text: &str, rows: &mut Vec<Row>) {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let at = error.line() as u64;
            return list.refuse(file, at, Refusal::NotJson, &error.to_string());
        }
    };
    let mut reader = Reader {
        list,
        rows,
        file,
        met: 0,
    };
    reader.walk(&value, None, 0);
}

/// A text, or a number as text; without quotes that a file has put inside.
fn text(object: &Object, key: &str) -> String {
    match object.get(key) {
        Some(Value::String(text)) => text.trim().trim_matches('"').trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn first(object: &Object, keys: &[&str]) -> String {
    let mut all = keys.iter().map(|key| text(object, key));
    all.find(|text| !text.is_empty()).unwrap_or_default()
}

fn objects<'a>(object: &'a Object, key: &str) -> impl Iterator<Item = &'a Object> {
    let list = object.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_object)
}

impl Reader<'_> {
    fn walk(&mut self, value: &Value, organization: Option<&Object>, depth: usize) {
        if depth > DEPTH_MAX {
            return;
        }
        if let Some(all) = value.as_array() {
            for one in all {
                self.walk(one, organization, depth + 1);
            }
            return;
        }
        let Some(object) = value.as_object() else {
            self.met += 1;
            self.refuse(Refusal::NotService, &value.to_string());
            return;
        };
        let page = ["contents", "services", "organizations", "data"];
        let inside = page.iter().find_map(|key| object.get(*key));
        let is_organization = object.contains_key("services") && !text(object, "name").is_empty();
        if let Some(inside) = inside {
            self.walk(inside, is_organization.then_some(object), depth + 1);
        } else if let Some(service) = object.get("service").and_then(Value::as_object) {
            self.service(service, Some(object), organization);
        } else if is_service(object) {
            self.service(object, None, organization);
        } else if object.contains_key("total_items") || is_known_beside(object) {
            // An empty page, an organisation without services, a place or a word by itself.
        } else {
            self.met += 1;
            self.refuse(Refusal::NotService, &text(object, "name"));
        }
    }

    fn refuse(&mut self, why: Refusal, detail: &str) {
        self.list.refuse(self.file, self.met, why, detail);
    }

    /// A service; `at` is the entry that ties it to one place, where it was met in one.
    fn service(&mut self, object: &Object, at: Option<&Object>, organization: Option<&Object>) {
        self.met += 1;
        let own = object.get("organization").and_then(Value::as_object);
        let program = object.get("program").and_then(Value::as_object);
        let organization = own.or(organization);
        let mut service = Service {
            id: text(object, "id"),
            name: text(object, "name"),
            organization: organization.map_or(String::new(), |one| text(one, "name")),
            description: first(object, &["description", "short_description"]),
            eligibility: first(object, &["eligibility_description", "eligibility"]),
            apply: text(object, "application_process"),
            fees: first(object, &["fees_description", "fees"]),
            wait: text(object, "wait_time"),
            alert: text(object, "alert"),
            url: text(object, "url"),
            email: text(object, "email"),
            interpreters: text(object, "interpretation_services"),
            age_from: text(object, "minimum_age").parse().unwrap_or(0),
            age_to: text(object, "maximum_age").parse().unwrap_or(0),
            checked: first(object, &["assured_date", "last_modified"])
                .chars()
                .take(10)
                .collect(),
            ..Service::default()
        };
        if service.email.is_empty() {
            service.email = organization.map_or(String::new(), |one| text(one, "email"));
        }
        let documents: Vec<String> = objects(object, "required_documents")
            .map(|one| text(one, "document"))
            .filter(|document| !document.is_empty())
            .collect();
        service.documents = documents.join("; ");
        self.topics(&mut service, object);
        if let Some(program) = program {
            add(&mut service.topics, text(program, "name"));
        }
        let mut around: Vec<&Object> = vec![object];
        around.extend(at);
        around.extend(objects(object, "service_at_locations"));
        for one in &around {
            self.beside(&mut service, one);
        }
        let here: Vec<&Object> = around
            .iter()
            .filter_map(|one| one.get("location").and_then(Value::as_object))
            .collect();
        let theirs = organization
            .into_iter()
            .flat_map(|one| objects(one, "locations"));
        let elsewhere: Vec<&Object> = if here.is_empty() {
            theirs.collect()
        } else {
            Vec::new()
        };
        for location in here.into_iter().chain(elsewhere) {
            self.beside(&mut service, location);
            self.place(&mut service, location);
        }
        if service.phones.is_empty() {
            for one in organization.into_iter() {
                phones(&mut service, one);
            }
        }
        service.topics.retain(|topic| !topic.is_empty());
        self.rows.push(Row {
            file: self.file.to_owned(),
            line: self.met,
            active: is_active(&text(object, "status")),
            service,
        });
    }

    fn topics(&mut self, service: &mut Service, object: &Object) {
        for attribute in objects(object, "attributes") {
            if let Some(term) = attribute.get("taxonomy_term").and_then(Value::as_object) {
                add(&mut service.topics, text(term, "name"));
            }
        }
        for term in objects(object, "taxonomy_terms") {
            add(&mut service.topics, text(term, "name"));
        }
        for keyword in parts(&text(object, "keywords")) {
            add(&mut service.topics, keyword);
        }
    }

    /// Phones, languages and hours of a service, of its tie to a place, or of the place.
    fn beside(&mut self, service: &mut Service, one: &Object) {
        phones(service, one);
        for language in objects(one, "languages") {
            let name = first(language, &["name", "language", "code"]);
            if !name.is_empty() {
                add(&mut service.languages, name);
            }
        }
        for schedule in objects(one, "schedules") {
            let get = |key: &str| text(schedule, key);
            if !add_schedule(service, &get) {
                self.refuse(Refusal::BadHours, &service.name);
            }
        }
    }

    fn place(&mut self, service: &mut Service, location: &Object) {
        let given = ["latitude", "longitude"].map(|key| text(location, key).parse::<f64>());
        let point = match given {
            [Ok(lat), Ok(lon)] => Point::of(lat, lon),
            _ => None,
        };
        if let ([Ok(lat), Ok(lon)], None) = (&given, point) {
            let detail = format!("{}: {lat}, {lon}", service.name);
            self.refuse(Refusal::NoSuchPlace, &detail);
        }
        let ways: Vec<String> = objects(location, "accessibility")
            .map(|one| text(one, "description"))
            .chain([text(location, "transportation")])
            .filter(|text| !text.is_empty())
            .collect();
        let mut addresses: Vec<&Object> = objects(location, "addresses").collect();
        addresses.extend(objects(location, "physical_addresses"));
        // Where one goes, before where one writes.
        addresses.sort_by_key(|one| text(one, "address_type") == "postal");
        let empty = Object::new();
        let address = addresses.first().copied().unwrap_or(&empty);
        let street = ["address_1", "address_2"].map(|key| text(address, key));
        let street: Vec<String> = street.into_iter().filter(|part| !part.is_empty()).collect();
        let place = Place {
            name: text(location, "name"),
            street: street.join(", "),
            city: text(address, "city"),
            region: first(address, &["state_province", "region"]),
            postal: text(address, "postal_code"),
            point,
            access: ways.join(" "),
        };
        add(&mut service.places, place);
    }
}

fn phones(service: &mut Service, one: &Object) {
    for phone in objects(one, "phones") {
        let kind = text(phone, "type");
        let number = text(phone, "number");
        if kind == "fax" || number.is_empty() {
            continue;
        }
        let phone = Phone {
            number,
            extension: text(phone, "extension"),
            note: first(phone, &["description", "department"]),
        };
        add(&mut service.phones, phone);
    }
}

/// Adds what a schedule says; false where its days or times cannot be read.
pub(super) fn add_schedule(service: &mut Service, get: &dyn Fn(&str) -> String) -> bool {
    let words = [get("description"), get("notes"), get("schedule_link")];
    let words: Vec<String> = words.into_iter().filter(|text| !text.is_empty()).collect();
    let words = words.join(" ");
    let said = !words.is_empty() && !service.hours_text.contains(&words);
    if said {
        let before = std::mem::take(&mut service.hours_text);
        let both = [before, words];
        let both: Vec<String> = both.into_iter().filter(|text| !text.is_empty()).collect();
        service.hours_text = both.join(" ");
    }
    let (opens, closes) = (get("opens_at"), get("closes_at"));
    let names = format!("{},{}", get("byday"), get("weekday"));
    if opens.is_empty() && closes.is_empty() {
        return true;
    }
    let each_week = ["", "1"].contains(&get("interval").as_str())
        && ["", "WEEKLY", "DAILY"].contains(&get("freq").to_uppercase().as_str());
    if !each_week {
        return true;
    }
    let days = parts(&names).map(|name| hours::day(&name));
    let days = days.collect::<Option<Vec<u8>>>();
    let read = (days, hours::minute(&opens), hours::minute(&closes));
    let (Some(days), Some(from), Some(to)) = read else {
        return false;
    };
    // A schedule that names no day holds on all of them.
    let days = days.into_iter().reduce(|all, day| all | day).unwrap_or(127);
    let ends = [hours::date(&get("valid_to")), hours::date(&get("until"))];
    let until = ends.into_iter().filter(|end| *end != 0).min().unwrap_or(0);
    add(
        &mut service.hours,
        Hours {
            days,
            from,
            to,
            until,
        },
    );
    true
}

fn is_service(object: &Object) -> bool {
    let marks = [
        "organization",
        "organization_id",
        "service_at_locations",
        "status",
        "eligibility_description",
    ];
    object.contains_key("name") && marks.iter().any(|mark| object.contains_key(*mark))
}

/// What stands beside services in a set of HSDS files: organisations, places, words.
fn is_known_beside(object: &Object) -> bool {
    let marks = [
        "location_type",
        "tax_status",
        "year_incorporated",
        "taxonomy",
        "openapi_url",
        "uri",
    ];
    marks.iter().any(|mark| object.contains_key(*mark))
}
