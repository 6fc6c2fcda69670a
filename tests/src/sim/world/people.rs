//! What people do in a world: unlock, join, begin cases, write, choose, share, lock.

use satchel_core::api::{CaseView, ProfileStage, Reply, Request, RoleName};

use super::{FIELDS, PASSPHRASE, World};

impl World {
    /// A person does something.
    pub(super) fn act(&mut self, i: usize) {
        let now = self.now;
        let Some(device) = self.devices.get_mut(i) else {
            return;
        };
        match device.stage {
            Some(ProfileStage::Locked) => {
                let passphrase = PASSPHRASE.into();
                self.request(i, Request::Unlock { passphrase });
                return;
            }
            Some(ProfileStage::Empty) => return self.join(i),
            Some(ProfileStage::Unlocked) => {}
            None => return,
        }
        let Some(Reply::Caseload { rows, .. }) = device.peek(
            now,
            Request::Caseload {
                search: String::new(),
            },
        ) else {
            return;
        };
        self.written += 1;
        let written = self.written;
        let choice = self.rng.below(14);
        if rows.is_empty() || choice == 0 {
            return self.new_case(i, written);
        }
        let picked = self.rng.below(rows.len() as u64) as usize;
        let Some(row) = rows.get(picked) else { return };
        let case = row.case.clone();
        let Some(device) = self.devices.get_mut(i) else {
            return;
        };
        let Some(Reply::Case { case: view }) =
            device.peek(now, Request::Case { case: case.clone() })
        else {
            return;
        };
        match choice {
            1..=5 => {
                let text = format!("note {written} by tablet {i}");
                let request = Request::AddNote {
                    case: case.clone(),
                    text: text.clone(),
                };
                let id = self.request(i, request);
                self.model.wrote_note(i, id, &case, &text);
            }
            6..=10 => {
                let key = FIELDS
                    .get(self.rng.below(3) as usize)
                    .copied()
                    .unwrap_or("phone");
                let value = format!("value {written}");
                let replaced = values(&view, key);
                let request = Request::SetField {
                    case: case.clone(),
                    key: key.into(),
                    value: value.clone(),
                };
                let id = self.request(i, request);
                self.model.wrote_field(i, id, &case, key, &value, replaced);
            }
            11 => {
                let open = view.fields.iter().find(|field| field.sides.len() > 1);
                let Some(field) = open else { return };
                let Some(side) = field.sides.first() else {
                    return;
                };
                let replaced = values(&view, &field.key);
                let request = Request::Choose {
                    case: case.clone(),
                    key: field.key.clone(),
                    side: side.id.clone(),
                };
                let id = self.request(i, request);
                let rest = replaced
                    .into_iter()
                    .filter(|value| *value != side.value)
                    .collect();
                self.model
                    .wrote_field(i, id, &case, &field.key, &side.value, rest);
            }
            12 => {
                if let Some(member) = view.may_add.first() {
                    let profile = member.profile.clone();
                    self.request(i, Request::Share { case, profile });
                }
            }
            _ => {
                self.request(i, Request::Lock);
            }
        }
    }

    fn new_case(&mut self, i: usize, written: u32) {
        let now = self.now;
        let Some(device) = self.devices.get_mut(i) else {
            return;
        };
        let Some(Reply::Staff { staff, .. }) = device.peek(now, Request::Staff) else {
            return;
        };
        let team = staff.into_iter().map(|member| member.profile).collect();
        let fields = vec![("number".into(), format!("C-{written}"))];
        self.request(i, Request::NewCase { fields, team });
    }

    /// The admin invites whoever has not been invited; the invited join.
    pub(super) fn join(&mut self, i: usize) {
        let Some(invite) = self.invites.get(i).copied().flatten() else {
            let ready = self
                .devices
                .first()
                .is_some_and(|d| d.stage == Some(ProfileStage::Unlocked));
            if ready {
                let role = if i == 1 {
                    RoleName::Supervisor
                } else {
                    RoleName::Worker
                };
                let name = format!("Tablet {i}");
                let id = self.request(
                    0,
                    Request::Invite {
                        name,
                        role,
                        share_cases: true,
                    },
                );
                if let Some(slot) = self.invites.get_mut(i) {
                    *slot = Some(id);
                }
            }
            return;
        };
        match self
            .devices
            .first()
            .and_then(|admin| admin.replies.get(&invite))
            .cloned()
        {
            Some(Reply::Invited { link, .. }) => {
                self.request(
                    i,
                    Request::Join {
                        link,
                        passphrase: PASSPHRASE.into(),
                    },
                );
            }
            Some(_) => self.forget_invite(i),
            None => {}
        }
    }

    pub(super) fn forget_invite(&mut self, i: usize) {
        if let Some(slot) = self.invites.get_mut(i) {
            *slot = None;
        }
    }
}

/// All values that a field has in a view.
pub(in crate::sim) fn values(view: &CaseView, key: &str) -> Vec<String> {
    let Some(field) = view.fields.iter().find(|field| field.key == key) else {
        return Vec::new();
    };
    if field.sides.is_empty() {
        vec![field.value.clone()]
    } else {
        field.sides.iter().map(|side| side.value.clone()).collect()
    }
}
