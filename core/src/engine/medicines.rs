//! The agency's own table of medicines: read from the directory, put beside ours, written by admins.
//! Owns the rule that findings which were made with another table are made anew, also after a restart:
//! each summary names the table that it was made with.

use satchel_wire::{Millis, ProfileId, Role};

use crate::{
    api::{Failure, MedicineRows, MedicineTable, MedicineTableView, Reply, WrittenView},
    directory,
    doc::Origin,
    engine::{Engine, cx::Cx, desk::Desk, writers},
    import,
    medication::{self, Extended, Table},
};

/// The agency's table as it is read here.
#[derive(Default)]
pub(super) struct Medicines {
    standing: Option<Standing>,
    /// What somebody wrote who is no admin.
    ignored: Vec<Written>,
}

struct Standing {
    text: String,
    extended: Extended,
    written: Written,
}

#[derive(Clone, Copy, PartialEq)]
struct Written {
    author: Option<ProfileId>,
    at: Millis,
}

impl Medicines {
    /// Ours, with the agency's rows if there are any.
    pub fn table(&self) -> &Table {
        let standing = self.standing.as_ref();
        standing.map_or(Table::own(), |standing| &standing.extended.table)
    }
}

/// Notes the cases whose findings were made with another table.
fn look_again(desk: &mut Desk) {
    let digest = desk.medicines.table().digest();
    let all = desk.summaries.iter();
    let other = all.filter(|(_, case)| case.medicines.is_some_and(|made| made != digest));
    desk.stale.extend(other.map(|(id, _)| *id));
}

fn rows(read: &Extended) -> MedicineRows {
    MedicineRows {
        interactions: read.interactions.iter().map(Into::into).collect(),
        names: read.names,
        others: read.others,
        refused: read.refused.clone(),
    }
}

impl Engine {
    /// Reads the agency's table anew: the directory has changed, or has just been opened.
    pub(super) fn read_medicines(&mut self) {
        let (Some(replica), Some(desk)) = (&self.replica, &mut self.desk) else {
            return;
        };
        let Some((doc, writers)) = writers::directory(replica, &mut desk.docs) else {
            return;
        };
        let written = |origin: &Origin| Written {
            author: writers.author(origin),
            at: origin.at,
        };
        let found = directory::medicines(doc, |origin| writers.is_admin(origin));
        let before = desk.medicines.standing.take();
        let standing = found.standing.filter(|past| !past.text.is_empty());
        desk.medicines.standing = standing.map(|past| Standing {
            written: written(&past.origin),
            extended: match before {
                Some(before) if before.text == past.text => before.extended,
                _ => Table::own().extended(&past.text),
            },
            text: past.text,
        });
        desk.medicines.ignored = found.ignored.iter().map(written).collect();
        look_again(desk);
    }

    pub(super) fn medicine_table(&self) -> Result<Reply, Failure> {
        let (replica, desk) = self.parts()?;
        let written = |one: &Written| WrittenView {
            author: one
                .author
                .map(|author| self.name_of(author))
                .unwrap_or_default(),
            at: one.at,
        };
        let standing = desk.medicines.standing.as_ref();
        Ok(Reply::MedicineTable {
            table: MedicineTableView {
                standing: standing.map(|standing| MedicineTable {
                    written: written(&standing.written),
                    rows: rows(&standing.extended),
                    text: standing.text.clone(),
                }),
                ignored: desk.medicines.ignored.iter().map(written).collect(),
                may_change: replica.profile.role == Role::Admin,
                example: medication::EXAMPLE.into(),
                own_version: Table::version().into(),
            },
        })
    }

    pub(super) fn preview_medicines(&self, file: &[u8]) -> Result<Reply, Failure> {
        self.check_admin()?;
        let read = Table::own().extended(import::text(file)?);
        Ok(Reply::MedicinePreview { rows: rows(&read) })
    }

    /// A file of which no row counts is refused.
    pub(super) fn set_medicines(&mut self, cx: &mut Cx, file: &[u8]) -> Result<Reply, Failure> {
        self.check_admin()?;
        let text = import::text(file)?;
        let read = Table::own().extended(text);
        if read.interactions.is_empty() && read.names + read.others == 0 {
            return Err(Failure::ImportEmpty);
        }
        self.write_medicines(cx, text)
    }

    pub(super) fn remove_medicines(&mut self, cx: &mut Cx) -> Result<Reply, Failure> {
        self.check_admin()?;
        let (_, desk) = self.parts()?;
        if desk.medicines.standing.is_none() {
            return Err(Failure::NotFound);
        }
        self.write_medicines(cx, "")
    }

    fn write_medicines(&mut self, cx: &mut Cx, text: &str) -> Result<Reply, Failure> {
        let (replica, _) = self.parts()?;
        let directory = replica.profile.directory;
        let change = directory::set_medicines(self.doc(directory)?, cx.now, text);
        self.publish(cx, directory, &change.map_err(|_| Failure::NotReady)?)?;
        Ok(Reply::Done)
    }

    fn check_admin(&self) -> Result<(), Failure> {
        let (replica, _) = self.parts()?;
        if replica.profile.role == Role::Admin {
            Ok(())
        } else {
            Err(Failure::NotAllowed)
        }
    }
}
