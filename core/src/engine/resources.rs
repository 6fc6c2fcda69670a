//! The agency's resource directory: loaded by admins, read and searched by everybody, remarked on by
//! whoever knows better. Owns the rule that it costs nothing until somebody looks for a service: its
//! pieces are unpacked and its index is built when first asked.

use std::collections::{BTreeMap, BTreeSet};

use satchel_wire::{Millis, ProfileId, Role};
use serde::{Deserialize, Serialize};

use crate::{
    api::{
        Failure, FindQuery, FoundView, Reply, ResourceAbout, ResourceDirectory, ResourceFile,
        ResourcePreview, ResourcesAnswer, ResourcesAsk, ServiceHours, ServicePlace, ServiceRemark,
        ServiceRow, ServiceView, WrittenView,
    },
    directory::resources,
    doc::Origin,
    engine::{Engine, cx::Cx, records::new_id},
    resource::{self, FILES_LEN_MAX, Hit, Index, List, NEEDS, PARTS_MAX, Query, Service, When},
};

/// How a directory is packed.
const FORMAT: u32 = 1;
/// The longest remark, in bytes.
const REMARK_LEN_MAX: usize = 1_000;
/// The longest text that tells whose a directory is, in bytes.
const ABOUT_LEN_MAX: usize = 1_000;
/// Services whose names a preview shows.
const SAMPLE: usize = 5;
/// Kinds of remark, and whether they need words.
const REMARKS: [(&str, bool); 4] = [
    ("verified", false),
    ("outdated", true),
    ("works", false),
    ("trouble", true),
];

/// The directory as far as it has been read here.
#[derive(Default)]
pub(super) struct Resources {
    /// Read since the directory's document last changed.
    fresh: bool,
    standing: Option<(Manifest, Written)>,
    ignored: Vec<Written>,
    remarks: BTreeMap<String, Vec<(Remark, Written)>>,
    /// Of the pieces by these names.
    index: Option<(Vec<String>, Index)>,
}

impl Resources {
    fn parts(&self) -> &[String] {
        let standing = self.standing.as_ref();
        standing.map_or(&[], |(manifest, _)| manifest.parts.as_slice())
    }

    fn index(&self) -> Option<&Index> {
        self.index.as_ref().map(|(_, index)| index)
    }
}

/// What the document says of the directory.
#[derive(Clone, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    about: ResourceAbout,
    services: u32,
    parts: Vec<String>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Remark {
    kind: String,
    text: String,
}

#[derive(Clone, Copy)]
struct Written {
    author: Option<ProfileId>,
    at: Millis,
}

impl Engine {
    /// The directory's document has changed, or has just been opened.
    pub(super) fn look_at_resources(&mut self) {
        if let Some(desk) = &mut self.desk {
            desk.resources.fresh = false;
        }
    }

    pub(super) fn resources(&mut self, cx: &mut Cx, ask: ResourcesAsk) -> Result<Reply, Failure> {
        self.read_resources()?;
        let answer = match ask {
            ResourcesAsk::Overview => self.resource_overview()?,
            ResourcesAsk::Preview { files } => {
                self.check_may_load()?;
                let list = read(files)?;
                let parts = packed(&list)?;
                let bytes = parts.iter().map(|(_, part)| part.len()).sum::<usize>();
                ResourcesAnswer::Preview {
                    preview: Box::new(preview(list, bytes)),
                }
            }
            ResourcesAsk::Load { files, about } => {
                self.check_may_load()?;
                return self.load_resources(cx, files, about);
            }
            ResourcesAsk::Remove => {
                self.check_may_load()?;
                self.parts()?
                    .1
                    .resources
                    .standing
                    .as_ref()
                    .ok_or(Failure::NotFound)?;
                return self.write_manifest(cx, "");
            }
            ResourcesAsk::Find { query } => ResourcesAnswer::Found {
                found: self.find_services(query)?,
            },
            ResourcesAsk::Look { service } => ResourcesAnswer::Service {
                service: Box::new(self.service_view(&service)?),
            },
            ResourcesAsk::Remark {
                service,
                kind,
                text,
            } => return self.remark(cx, &service, &kind, text.trim()),
        };
        Ok(Reply::Resources { answer })
    }

    /// Reads what the document says, unless that has been done since it changed.
    fn read_resources(&mut self) -> Result<(), Failure> {
        let (Some(replica), Some(desk)) = (&self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        if desk.resources.fresh {
            return Ok(());
        }
        let open = desk.docs.get_mut(&replica.profile.directory);
        let open = open.ok_or(Failure::NotReady)?;
        let authors = &open.authors;
        let author = |origin: &Origin| authors.get(&origin.actor).map(|(profile, _)| *profile);
        let is_admin = |origin: &Origin| {
            let known = author(origin).and_then(|profile| replica.roster.known(profile));
            known.is_some_and(|one| one.role == Role::Admin)
        };
        let written = |origin: &Origin| Written {
            author: author(origin),
            at: origin.at,
        };
        let found = resources::resources(&mut open.doc, is_admin);
        let standing = found.standing.and_then(|past| {
            let manifest: Manifest = serde_json::from_str(&past.text).ok()?;
            let fits = manifest.format == FORMAT && manifest.parts.len() <= PARTS_MAX;
            fits.then(|| (manifest, written(&past.origin)))
        });
        let remarks = resources::remarks(&mut open.doc).into_iter();
        let remarks = remarks.map(|(service, all)| {
            let read = all.into_iter().filter_map(|past| {
                let remark = serde_json::from_str(&past.text).ok()?;
                Some((remark, written(&past.origin)))
            });
            (service, read.collect())
        });
        let ignored = found.ignored.iter().map(written).collect();
        let resources = &mut desk.resources;
        resources.remarks = remarks.collect();
        resources.ignored = ignored;
        resources.standing = standing;
        resources.fresh = true;
        let wanted = resources.parts().to_vec();
        if resources
            .index
            .as_ref()
            .is_some_and(|(of, _)| *of != wanted)
        {
            resources.index = None;
        }
        Ok(())
    }

    /// Makes the directory ready to be searched, as soon as all of it is here. Tells how many of its
    /// pieces are not.
    fn ready_resources(&mut self) -> Result<u32, Failure> {
        let (Some(replica), Some(desk)) = (&self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        let wanted = desk.resources.parts().to_vec();
        if wanted.is_empty() || desk.resources.index.is_some() {
            return Ok(0);
        }
        let open = desk.docs.get_mut(&replica.profile.directory);
        let open = open.ok_or(Failure::NotReady)?;
        let names: BTreeSet<String> = wanted.iter().cloned().collect();
        let here = resources::parts(&mut open.doc, &names);
        let services = wanted.iter().filter_map(|name| {
            let bytes = here.get(name)?;
            // A member of the agency may have written anything under this name.
            let is_it = resource::name(bytes) == *name;
            is_it.then(|| resource::unpack(bytes)).flatten()
        });
        let services: Vec<Vec<Service>> = services.collect();
        let missing = wanted.len() - services.len();
        if missing == 0 {
            let index = Index::new(services.concat());
            desk.resources.index = Some((wanted, index));
        }
        Ok(missing as u32)
    }

    fn written_view(&self, one: &Written) -> WrittenView {
        let author = one.author.map(|author| self.name_of(author));
        WrittenView {
            author: author.unwrap_or_default(),
            at: one.at,
        }
    }

    fn resource_overview(&mut self) -> Result<ResourcesAnswer, Failure> {
        let missing = self.ready_resources()?;
        let (replica, desk) = self.parts()?;
        let standing = desk.resources.standing.as_ref();
        let standing = standing.map(|(manifest, written)| ResourceDirectory {
            about: manifest.about.clone(),
            services: manifest.services,
            written: self.written_view(written),
        });
        let ignored = desk.resources.ignored.iter();
        Ok(ResourcesAnswer::Overview {
            standing,
            missing,
            ignored: ignored.map(|one| self.written_view(one)).collect(),
            may_change: replica.profile.role == Role::Admin,
        })
    }

    fn check_may_load(&self) -> Result<(), Failure> {
        let (replica, _) = self.parts()?;
        if replica.profile.role == Role::Admin {
            Ok(())
        } else {
            Err(Failure::NotAllowed)
        }
    }

    /// Writes a directory: its pieces that are not here yet, then what it says of itself. All of it is
    /// one store.
    fn load_resources(
        &mut self,
        cx: &mut Cx,
        files: Vec<ResourceFile>,
        about: ResourceAbout,
    ) -> Result<Reply, Failure> {
        let about = checked(about)?;
        let list = read(files)?;
        if list.services.is_empty() {
            return Err(Failure::ImportEmpty);
        }
        let parts = packed(&list)?;
        let manifest = Manifest {
            format: FORMAT,
            about,
            services: list.services.len() as u32,
            parts: parts.iter().map(|(name, _)| name.clone()).collect(),
        };
        let text = serde_json::to_string(&manifest).map_err(|_| Failure::Damaged)?;
        let directory = self.parts()?.0.profile.directory;
        for (name, bytes) in parts {
            let change = resources::add_part(self.doc(directory)?, cx.now, &name, bytes);
            if let Some(change) = change.map_err(|_| Failure::NotReady)? {
                self.publish(cx, directory, &change)?;
            }
        }
        self.write_manifest(cx, &text)
    }

    fn write_manifest(&mut self, cx: &mut Cx, text: &str) -> Result<Reply, Failure> {
        let directory = self.parts()?.0.profile.directory;
        let change = resources::set_resources(self.doc(directory)?, cx.now, text);
        self.publish(cx, directory, &change.map_err(|_| Failure::NotReady)?)?;
        Ok(Reply::Done)
    }

    fn find_services(&mut self, query: FindQuery) -> Result<FoundView, Failure> {
        self.ready_resources()?;
        let desk = self.desk.as_mut().ok_or(Failure::Locked)?;
        let Some((_, index)) = &mut desk.resources.index else {
            return Ok(FoundView::default());
        };
        let found = index.find(&Query {
            words: query.words,
            needs: query.needs,
            eligibility: query.eligibility,
            language: query.language,
            near: query.near,
            metres_max: query.metres_max,
            open: query.open.map(|at| When {
                weekday: at.weekday,
                minute: at.minute,
                date: at.date,
            }),
            age: query.age,
        });
        let (index, remarks) = (&*index, &desk.resources.remarks);
        let row = |hit: &Hit| {
            let service = index.services.get(hit.at)?;
            let remark = remarks.get(&service.id).and_then(|all| all.last());
            Some(ServiceRow {
                service: service.id.clone(),
                name: service.name.clone(),
                organization: service.organization.clone(),
                needs: service.needs.clone(),
                city: service
                    .places
                    .first()
                    .map_or(String::new(), |one| one.city.clone()),
                phone: service
                    .phones
                    .first()
                    .map_or(String::new(), |one| one.number.clone()),
                languages: service.languages.clone(),
                metres: hit.metres,
                open: hit.open,
                remark: remark.map_or(String::new(), |(remark, _)| remark.kind.clone()),
            })
        };
        Ok(FoundView {
            rows: found.hits.iter().filter_map(row).collect(),
            total: found.total,
            of: index.services.len() as u32,
            hours_unknown: found.hours_unknown,
            place_unknown: found.place_unknown,
            near: found.near,
            near_unknown: found.near_unknown,
            instead: found.instead,
        })
    }

    fn service_view(&mut self, id: &str) -> Result<ServiceView, Failure> {
        self.ready_resources()?;
        let (_, desk) = self.parts()?;
        let resources = &desk.resources;
        let service = resources.index().and_then(|index| index.service(id));
        let service = service.ok_or(Failure::NotFound)?;
        let remarks = resources.remarks.get(id).into_iter().flatten().rev();
        let remarks = remarks.map(|(remark, written)| {
            let WrittenView { author, at } = self.written_view(written);
            ServiceRemark {
                kind: remark.kind.clone(),
                text: remark.text.clone(),
                author,
                at,
            }
        });
        let standing = resources.standing.as_ref();
        let about = standing.map(|(manifest, _)| manifest.about.clone());
        Ok(ServiceView {
            remarks: remarks.collect(),
            about: about.unwrap_or_default(),
            ..shown(service)
        })
    }

    /// What somebody found out about a service is for all members.
    fn remark(
        &mut self,
        cx: &mut Cx,
        service: &str,
        kind: &str,
        text: &str,
    ) -> Result<Reply, Failure> {
        self.service_view(service)?;
        let known = REMARKS.iter().find(|(known, _)| *known == kind);
        let Some((_, needs_words)) = known else {
            let kinds: Vec<&str> = REMARKS.iter().map(|(kind, _)| *kind).collect();
            return Err(Failure::BadValue {
                field: "kind".into(),
                expected: kinds.join(", "),
            });
        };
        if *needs_words && text.is_empty() {
            return Err(Failure::Empty {
                field: "text".into(),
            });
        }
        if text.len() > REMARK_LEN_MAX {
            return Err(Failure::TooLong {
                field: "text".into(),
                max: REMARK_LEN_MAX as u32,
            });
        }
        let remark = Remark {
            kind: kind.into(),
            text: text.into(),
        };
        let text = serde_json::to_string(&remark).map_err(|_| Failure::Damaged)?;
        let id = new_id(cx);
        let directory = self.parts()?.0.profile.directory;
        let place = (service, id.as_str());
        let change = resources::add_remark(self.doc(directory)?, cx.now, place, &text);
        self.publish(cx, directory, &change.map_err(|_| Failure::NotReady)?)?;
        Ok(Reply::Done)
    }
}

fn read(files: Vec<ResourceFile>) -> Result<List, Failure> {
    let files: Vec<(String, Vec<u8>)> = files
        .into_iter()
        .map(|file| (file.name, file.bytes.into_vec()))
        .collect();
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    if bytes > FILES_LEN_MAX {
        return Err(Failure::ImportTooBig {
            max_mb: (FILES_LEN_MAX / 1024 / 1024) as u32,
        });
    }
    Ok(resource::read(&files))
}

fn packed(list: &List) -> Result<Vec<resource::Part>, Failure> {
    resource::pack(&list.services).ok_or(Failure::ImportTooBig {
        max_mb: (PARTS_MAX * resource::PART_LEN_MAX / 1024 / 1024) as u32,
    })
}

fn checked(about: ResourceAbout) -> Result<ResourceAbout, Failure> {
    let mut about = about;
    let fields = [
        ("title", &mut about.title, true),
        ("source", &mut about.source, true),
        ("licence", &mut about.licence, true),
        ("date", &mut about.date, false),
    ];
    for (field, text, needed) in fields {
        *text = text.trim().to_owned();
        if needed && text.is_empty() {
            return Err(Failure::Empty {
                field: field.into(),
            });
        }
        if text.len() > ABOUT_LEN_MAX {
            return Err(Failure::TooLong {
                field: field.into(),
                max: ABOUT_LEN_MAX as u32,
            });
        }
    }
    Ok(about)
}

fn preview(list: List, bytes: usize) -> ResourcePreview {
    let count = |fits: &dyn Fn(&Service) -> bool| {
        list.services.iter().filter(|one| fits(one)).count() as u32
    };
    let needs = NEEDS.iter().map(|need| {
        let meets = |one: &Service| one.needs.iter().any(|code| code == need);
        ((*need).to_owned(), count(&meets))
    });
    ResourcePreview {
        services: list.services.len() as u32,
        organizations: list.organizations,
        placed: count(&|one| one.places.iter().any(|place| place.point.is_some())),
        timed: count(&|one| !one.hours.is_empty()),
        inactive: list.inactive,
        cut: list.cut,
        needs: needs.filter(|(_, count)| *count > 0).collect(),
        needless: count(&|one| one.needs.is_empty()),
        sample: list
            .services
            .iter()
            .take(SAMPLE)
            .map(|one| one.name.clone())
            .collect(),
        refused: list.refused,
        refused_count: list.refused_count,
        bytes: bytes as u32,
    }
}

fn shown(service: &Service) -> ServiceView {
    let texts = [
        ("alert", &service.alert),
        ("description", &service.description),
        ("eligibility", &service.eligibility),
        ("apply", &service.apply),
        ("documents", &service.documents),
        ("fees", &service.fees),
        ("wait", &service.wait),
        ("interpreters", &service.interpreters),
        ("hours", &service.hours_text),
        ("email", &service.email),
        ("url", &service.url),
        ("checked", &service.checked),
    ];
    let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
    let phones = service.phones.iter();
    let places = service.places.iter().map(|place| {
        let parts = [&place.street, &place.city, &place.region, &place.postal];
        let parts: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        ServicePlace {
            name: place.name.clone(),
            address: parts.join(", "),
            access: place.access.clone(),
        }
    });
    let hours = service.hours.iter().map(|one| ServiceHours {
        days: one.days,
        from: one.from,
        to: one.to,
        until: one.until,
    });
    ServiceView {
        service: service.id.clone(),
        name: service.name.clone(),
        organization: service.organization.clone(),
        needs: service.needs.clone(),
        texts: texts
            .map(|(key, text)| (key.to_owned(), text.clone()))
            .collect(),
        languages: service.languages.clone(),
        topics: service.topics.clone(),
        ages: (service.age_from, service.age_to),
        phones: phones
            .map(|one| (one.number.clone(), one.extension.clone(), one.note.clone()))
            .collect(),
        places: places.collect(),
        hours: hours.collect(),
        remarks: Vec::new(),
        about: ResourceAbout::default(),
    }
}
