//! What goes across cases: the calendar, and what waits for somebody to look at.

use std::cmp::Reverse;

use satchel_wire::{Millis, ProfileId, StaffId, StreamId};

use crate::{
    api::{CalendarEntry, Failure, FindingSide, FindingView, Reply, RoleName, SettledView},
    directory,
    engine::{
        Engine,
        desk::{Booked, Noted},
        replica::Replica,
    },
    questionnaire::{self, Answers},
    record,
    schedule::Span,
};

/// Settled findings that are shown.
const SETTLED_MAX: usize = 50;

/// Days that a calendar may be asked for: half a year.
const SPAN_MS_MAX: u64 = 184 * 24 * 60 * 60 * 1000;

/// Whether two appointments take up somebody's time twice: the worker's, travel included, or the
/// client's.
pub(super) fn clashes(a: &Booked, b: &Booked, same_case: bool) -> bool {
    let worker = a.staff == b.staff && a.busy().meets(b.busy());
    let client = same_case && a.client == b.client && a.meeting().meets(b.meeting());
    a.holds && b.holds && (worker || client)
}

impl Engine {
    /// Whether the agency has somebody with this staff id, now or once.
    pub(super) fn is_staff(&self, staff: &str) -> bool {
        !self.staff_name(staff).is_empty()
    }

    /// The name of a member of the staff.
    pub(super) fn staff_name(&self, staff: &str) -> String {
        let id: Option<StaffId> = staff.parse().ok();
        id.and_then(|id| directory::name(&self.directory()?.doc, id))
            .unwrap_or_default()
    }

    pub(super) fn review(&self) -> Result<Reply, Failure> {
        let (_, desk) = self.parts()?;
        let all = desk.summaries.iter().flat_map(|(id, summary)| {
            let all = summary.findings.iter();
            let name = desk.name_of_case(*id);
            all.map(move |noted| self.finding_view(*id, &name, noted))
        });
        let (mut findings, mut settled): (Vec<_>, Vec<_>) =
            all.partition(|finding| finding.settled.is_none());
        let began = |finding: &FindingView| finding.sides.iter().map(|side| side.at).max();
        findings.sort_by_cached_key(|finding| {
            (
                finding.severity,
                began(finding),
                finding.case.clone(),
                finding.id.clone(),
            )
        });
        settled.sort_by_cached_key(|finding| {
            let at = finding.settled.as_ref().map(|settled| settled.at);
            (Reverse(at), finding.case.clone(), finding.id.clone())
        });
        settled.truncate(SETTLED_MAX);
        let hand_overs = self.hand_overs_to_do()?;
        Ok(Reply::Review {
            findings,
            hand_overs,
            settled,
        })
    }

    /// What was found in a case, what is open first.
    pub(super) fn findings_of(&self, id: StreamId) -> Vec<FindingView> {
        let desk = self.desk.as_ref();
        let Some(summary) = desk.and_then(|desk| desk.summaries.get(&id)) else {
            return Vec::new();
        };
        let name = desk.map_or_else(String::new, |desk| desk.name_of_case(id));
        let all = summary.findings.iter();
        let mut found: Vec<_> = all
            .map(|noted| self.finding_view(id, &name, noted))
            .collect();
        found.sort_by_key(|finding| finding.settled.is_some());
        found
    }

    fn finding_view(&self, case: StreamId, case_name: &str, noted: &Noted) -> FindingView {
        let leads = self
            .replica
            .as_ref()
            .is_some_and(|replica| replica.profile.role.leads());
        let name = |author: Option<ProfileId>| author.map_or_else(String::new, |a| self.name_of(a));
        FindingView {
            id: noted.id.clone(),
            case: case.to_string(),
            case_name: case_name.to_owned(),
            rule: noted.rule.clone(),
            severity: noted.severity,
            sides: noted
                .sides
                .iter()
                .map(|side| FindingSide {
                    id: side.id.clone(),
                    kind: side.kind.clone(),
                    record: side.record.clone(),
                    key: side.key.clone(),
                    value: match side.kind.as_str() {
                        "assignment" | record::TRANSFER if side.key.is_empty() => {
                            self.staff_name(&side.value)
                        }
                        record::ASSESSMENT if side.key.starts_with(record::ANSWER) => {
                            Answers::shown(&side.value)
                        }
                        _ => side.value.clone(),
                    },
                    author: name(side.author),
                    at: side.at,
                })
                .collect(),
            details: self.detailed(noted),
            choices: noted.choices.clone(),
            reason_needed: noted.reason_needed,
            reserved_for: (noted.leads_only && !leads).then_some(RoleName::Supervisor),
            settled: noted.settled.as_ref().map(|settled| SettledView {
                choice: settled.choice.clone(),
                reason: settled.reason.clone(),
                author: name(settled.author),
                at: settled.at,
            }),
        }
    }

    /// What a finding tells; of an answer to a form what was asked, too.
    fn detailed(&self, noted: &Noted) -> Vec<(String, String)> {
        let mut details = noted.details.clone();
        let side = noted.sides.first();
        let key = side.and_then(|side| side.key.strip_prefix(record::ANSWER));
        let form = details.iter().find(|(name, _)| name == "form");
        let entry = form.and_then(|(_, form)| self.desk.as_ref()?.library.form(form));
        if let (Some(key), Some(entry)) = (key, entry) {
            let item = entry.form.item(&questionnaire::key_parts(key).0);
            details.extend(item.map(|item| ("question".into(), item.words.base.clone())));
        }
        details
    }

    /// An appointment as the calendar shows it, where it clashes with nothing.
    pub(super) fn calendar_entry(
        &self,
        replica: &Replica,
        case: String,
        case_name: String,
        one: &Booked,
    ) -> CalendarEntry {
        CalendarEntry {
            case,
            case_name,
            id: one.id.clone(),
            title: one.title.clone(),
            kind: one.kind.clone(),
            state: one.state.clone(),
            place: one.place.clone(),
            staff: self.staff_name(&one.staff),
            mine: one.staff == replica.profile.staff.to_string(),
            start: one.start,
            end: one.end,
            travel_min: one.travel_min,
            clash: false,
        }
    }

    pub(super) fn calendar(&self, from: Millis, to: Millis) -> Result<Reply, Failure> {
        let (replica, desk) = self.parts()?;
        if to.0.saturating_sub(from.0) > SPAN_MS_MAX {
            return Err(Failure::BadValue {
                field: "to".into(),
                expected: "at most half a year".into(),
            });
        }
        let asked = Span { from, to };
        let all: Vec<_> = desk
            .summaries
            .iter()
            .flat_map(|(id, summary)| {
                let counting = summary.appointments.iter().filter(|one| one.counts());
                counting.map(move |one| (id, summary, one))
            })
            .filter(|(_, _, one)| one.busy().meets(asked))
            .collect();
        let mut entries: Vec<CalendarEntry> = all
            .iter()
            .map(|(id, summary, one)| CalendarEntry {
                clash: summary.elsewhere.iter().any(|other| one.clashes(other))
                    || all.iter().any(|(other_id, _, other)| {
                        one.id != other.id && clashes(one, other, id == other_id)
                    }),
                ..self.calendar_entry(replica, id.to_string(), desk.name_of_case(**id), one)
            })
            .collect();
        entries.sort_by(|a, b| (a.start, &a.case, &a.id).cmp(&(b.start, &b.case, &b.id)));
        Ok(Reply::Calendar { entries })
    }
}
