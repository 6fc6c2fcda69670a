//! What people do in a world: unlock, join, begin cases, write, settle, share, lock.

use satchel_core::api::{
    AccessView, CaseView, FindingView, ProfileStage, Reply, Request, RoleName,
};

use super::{FIELDS, PASSPHRASE, World};
use crate::wishes;

/// A quarter hour.
const QUARTER_MS: u64 = 15 * 60 * 1000;
/// Two days after the world's beginning, at a full quarter hour.
const SLOTS_FROM: u64 = (1_700_000_000_000 / QUARTER_MS + 2 * 96) * QUARTER_MS;

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
            Some(ProfileStage::Dismissed) => return self.start_anew(i),
            Some(ProfileStage::Unlocked) => {}
            None => return,
        }
        let Some(Reply::Caseload { rows, .. }) = device.peek(now, wishes::caseload()) else {
            return;
        };
        self.written += 1;
        let written = self.written;
        let choice = self.rng.below(20);
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
                let id = self.request(i, wishes::note(&case, &text));
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
            12 => {
                if let Some(member) = view.may_add.first() {
                    let profile = member.profile.clone();
                    let purpose = String::new();
                    self.request(
                        i,
                        Request::Share {
                            case,
                            profile,
                            purpose,
                        },
                    );
                }
            }
            13 => {
                self.request(i, Request::Lock);
            }
            18 if self.faults.departures => {
                let may = |one: &&AccessView| one.may_take_out && !one.invited;
                if let Some(member) = view.team.iter().find(may) {
                    let profile = member.profile.clone();
                    self.request(i, Request::TakeOut { case, profile });
                }
            }
            19 if self.faults.departures => self.revoke(i),
            11 | 14 => self.settle(i, &case, &view),
            _ => self.put_record(i, &case, &view, written),
        }
    }

    /// Now and then a tablet is lost.
    fn revoke(&mut self, i: usize) {
        let now = self.now;
        if i > 1 || self.rng.below(3) > 0 {
            return;
        }
        let Some(device) = self.devices.get_mut(i) else {
            return;
        };
        let Some(Reply::Staff { staff, .. }) = device.peek(now, Request::Staff) else {
            return;
        };
        let may: Vec<_> = staff.iter().filter(|one| one.may_revoke).collect();
        let picked = self.rng.below(may.len().max(1) as u64) as usize;
        if let Some(lost) = may.get(picked).filter(|lost| lost.name != "Admin") {
            let key = lost.profile.clone();
            self.request(i, Request::Revoke { key });
        }
    }

    /// Whose tablet was taken out of the agency gets a new invite.
    pub(super) fn start_anew(&mut self, i: usize) {
        self.forget_invite(i);
        if let Some(device) = self.devices.get_mut(i) {
            device.stage = Some(ProfileStage::Empty);
        }
        self.join(i);
    }

    /// Those who lead let all late work count.
    pub(super) fn rule_in(&mut self, i: usize, views: &[CaseView]) -> bool {
        let mut any = false;
        for view in views {
            for late in view.late.iter().filter(|late| late.may_rule) {
                let (case, profile) = (view.case.clone(), late.profile.clone());
                self.request(
                    i,
                    Request::Rule {
                        case,
                        profile,
                        stands: true,
                        reason: String::new(),
                    },
                );
                any = true;
            }
        }
        any
    }

    /// Begins a record, or changes one of those that are there.
    fn put_record(&mut self, i: usize, case: &str, view: &CaseView, written: u32) {
        let places = view.records.len() as u64 + 2;
        let picked = self.rng.below(places) as usize;
        let request = match view.records.get(picked) {
            Some(record) => {
                let key = match record.kind.as_str() {
                    "medication" => "dose",
                    "flag" => "evidence",
                    "address" => "text",
                    "appointment" => "travel_min",
                    _ => "remarks",
                };
                let value = match key {
                    // Exact knowledge and that of busy colleagues are the same at full quarter hours.
                    "travel_min" => (written % 3 * 15).to_string(),
                    _ => format!("value {written}"),
                };
                let to = self.rng.below(record.next.len() as u64 + 2) as usize;
                let values = match record.next.get(to) {
                    Some(state) => [("state", state.as_str())],
                    None => [(key, value.as_str())],
                };
                wishes::put(case, &record.kind, Some(&record.id), &values)
            }
            None => {
                let picked = self.rng.below(6);
                if picked > 3 {
                    return self.book(i, case, view, written);
                }
                let (kind, values) = match picked {
                    0 => ("medication", [("name", "ibuprofen"), ("dose", "200 mg")]),
                    1 => ("medication", [("name", "warfarin"), ("dose", "5 mg")]),
                    2 => ("flag", [("kind", "animal"), ("evidence", "a dog")]),
                    _ => ("address", [("text", "1 Mill Road"), ("use", "home")]),
                };
                wishes::put(case, kind, None, &values)
            }
        };
        let id = self.request(i, request);
        self.model.wrote_record(i, id, case);
    }

    /// Books somebody of the case's team: the same two hours again and again, so that it clashes
    /// within the case and across cases.
    fn book(&mut self, i: usize, case: &str, view: &CaseView, written: u32) {
        let now = self.now;
        let Some(device) = self.devices.get_mut(i) else {
            return;
        };
        let Some(Reply::Staff { staff, .. }) = device.peek(now, Request::Staff) else {
            return;
        };
        let joined = |profile: &str| view.team.iter().any(|one| one.profile == profile);
        let team: Vec<_> = staff.iter().filter(|one| joined(&one.profile)).collect();
        let picked = self.rng.below(team.len().max(1) as u64) as usize;
        let Some(member) = team.get(picked) else {
            return;
        };
        let start = SLOTS_FROM + u64::from(written % 4) * 2 * QUARTER_MS;
        let (start, end) = (start.to_string(), (start + 3 * QUARTER_MS).to_string());
        let values = [
            ("title", "Visit"),
            ("start", start.as_str()),
            ("end", end.as_str()),
            ("staff", member.staff.as_str()),
        ];
        let id = self.request(i, wishes::put(case, "appointment", None, &values));
        self.model.wrote_record(i, id, case);
    }

    /// Settles the first finding that waits.
    fn settle(&mut self, i: usize, case: &str, view: &CaseView) {
        let waits =
            |finding: &&FindingView| finding.settled.is_none() && finding.reserved_for.is_none();
        let Some(finding) = view.findings.iter().find(waits) else {
            return;
        };
        let picked = self.rng.below(finding.choices.len() as u64) as usize;
        let Some(choice) = finding.choices.get(picked) else {
            return;
        };
        let request = Request::Settle {
            case: case.into(),
            finding: finding.id.clone(),
            choice: choice.clone(),
            reason: "agreed by telephone".into(),
        };
        let id = self.request(i, request);
        // Of values of one of the person's fields the one that is chosen stands on the others.
        let field = finding.details.iter().find(|(name, _)| name == "field");
        let key = field.map_or("", |(_, key)| key);
        let taken = choice.strip_prefix("side:");
        let taken = finding
            .sides
            .iter()
            .find(|side| Some(side.id.as_str()) == taken);
        if let Some(side) = taken.filter(|_| FIELDS.contains(&key)) {
            let met = finding.sides.iter().map(|side| side.value.clone());
            let replaced = values(view, key).into_iter().chain(met);
            let replaced = replaced.filter(|value| *value != side.value).collect();
            self.model
                .wrote_field(i, id, case, key, &side.value, replaced);
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
