//! Bad input of what is done to the directory of services.

use satchel_core::api::{Failure, Request, ResourceAbout, ResourceFile, ResourcesAsk};
use satchel_tests::team::{ANA, OTTO, PRIYA, ROSA};
use serde_bytes::ByteBuf;

use crate::world::{NOBODY, Refused, World, empty, too_long};

const SERVICES: &str = "id,name,status\n1,Pantry,active\n";

fn files(name: &str, text: &str) -> Vec<ResourceFile> {
    vec![ResourceFile {
        name: name.into(),
        bytes: ByteBuf::from(text),
    }]
}

fn resources(ask: ResourcesAsk) -> Request {
    Request::Resources { ask }
}

impl World {
    /// What is done to the directory, of which there is none.
    pub fn service_table(&self) -> Vec<Refused> {
        let about = |title: &str| ResourceAbout {
            title: title.into(),
            source: "Harbor 211".into(),
            licence: "CC BY-SA 4.0".into(),
            date: String::new(),
        };
        let load = |name: &str, text: &str, title: &str| {
            resources(ResourcesAsk::Load {
                files: files(name, text),
                about: about(title),
            })
        };
        let remark = |service: &str| {
            resources(ResourcesAsk::Remark {
                service: service.into(),
                kind: "verified".into(),
                text: String::new(),
            })
        };
        let preview = resources(ResourcesAsk::Preview {
            files: files("services.csv", SERVICES),
        });
        let look = resources(ResourcesAsk::Look {
            service: NOBODY.into(),
        });
        vec![
            (
                ANA,
                load("services.csv", SERVICES, "x"),
                Failure::NotAllowed,
            ),
            (PRIYA, preview, Failure::NotAllowed),
            (PRIYA, resources(ResourcesAsk::Remove), Failure::NotAllowed),
            (ROSA, resources(ResourcesAsk::Remove), Failure::NotFound),
            (ROSA, load("services.csv", SERVICES, " "), empty("title")),
            (
                ROSA,
                load("services.csv", SERVICES, &"x".repeat(1_001)),
                too_long("title", 1_000),
            ),
            (ROSA, load("services.csv", "", "x"), Failure::ImportEmpty),
            (ROSA, load("list.json", "[{", "x"), Failure::ImportEmpty),
            (ANA, look, Failure::NotFound),
            (ANA, remark("1"), Failure::NotFound),
            (OTTO, remark("1"), Failure::NotAllowed),
        ]
    }
}
