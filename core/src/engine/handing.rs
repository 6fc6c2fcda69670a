//! Handing a case over: offered by one who is in it, answered by a colleague, finished by one who
//! leads. Owns who may take which step, and that a word counts only from whoever may say it: the
//! records are kept as any others, their authors known from signed chains.

use satchel_wire::{Millis, ProfileId, StaffId, StreamId};
use serde::{Deserialize, Serialize};

use crate::{
    api::{Failure, HandOverState, HandOverStep, HandOverView, Reply},
    doc::Origin,
    engine::{
        Engine,
        cx::Cx,
        desk::{Desk, Open, Summary},
        records::new_id,
        replica::{Replica, Stream},
        streams,
    },
    finding::REASON_LEN_MAX,
    record::{self, Edit, Record, STATE, TRANSFER},
};

/// A hand-over as its record has it, whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Offer {
    id: String,
    /// Staff ids.
    from: String,
    to: String,
    reason: String,
    declined_reason: String,
    said: Said,
    /// What was said of it since; more than one where people said it apart from each other.
    answers: Vec<(String, Said)>,
}

/// Who and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    by: Option<ProfileId>,
    at: Millis,
}

/// How far a hand-over has come, by the words that count.
struct Standing<'a> {
    offer: &'a Offer,
    state: HandOverState,
    said: Said,
}

/// Those of a case.
pub(super) fn offers(open: &Open, records: &[Record]) -> Vec<Offer> {
    let said = |origin: &Origin| Said {
        by: open.authors.get(&origin.actor).map(|(profile, _)| *profile),
        at: origin.at,
    };
    let ours = records.iter().filter(|record| record.kind == TRANSFER);
    ours.map(|record| Offer {
        id: record.id.clone(),
        from: record.text("from").into(),
        to: record.text("to").into(),
        reason: record.text("reason").into(),
        declined_reason: record.text("declined_reason").into(),
        said: said(&record.origin),
        answers: record
            .held(STATE)
            .iter()
            .map(|held| (held.text.clone(), said(&held.origin)))
            .collect(),
    })
    .collect()
}

/// The state, if whoever said it may: the one who offers, the one who is asked, those who lead.
fn counting(replica: &Replica, offer: &Offer, (state, said): &(String, Said)) -> HandOverState {
    let one = said.by.and_then(|by| replica.roster.known(by));
    let leads = one.is_some_and(|one| one.role.leads());
    let is = |staff: &str| one.is_some_and(|one| one.staff.to_string() == staff);
    match state.as_str() {
        "cancelled" if leads || is(&offer.from) => HandOverState::Cancelled,
        "declined" if leads || is(&offer.to) => HandOverState::Declined,
        "accepted" if leads || is(&offer.to) => HandOverState::Accepted,
        "completed" if leads => HandOverState::Completed,
        _ => HandOverState::Offered,
    }
}

/// None where it was not offered by whom it says.
fn standing<'a>(replica: &Replica, offer: &'a Offer) -> Option<Standing<'a>> {
    let by = replica.roster.known(offer.said.by?)?;
    if by.staff.to_string() != offer.from {
        return None;
    }
    let answers = offer.answers.iter();
    let furthest = answers
        .map(|answer| (counting(replica, offer, answer), answer.1))
        .filter(|(state, _)| *state > HandOverState::Offered)
        .max_by_key(|(state, said)| (*state, std::cmp::Reverse(said.at)));
    let (state, said) = furthest.unwrap_or((HandOverState::Offered, offer.said));
    Some(Standing { offer, state, said })
}

/// All of a case's.
fn all<'a>(replica: &Replica, summary: &'a Summary) -> Vec<Standing<'a>> {
    let offers = summary.offers.iter();
    offers
        .filter_map(|offer| standing(replica, offer))
        .collect()
}

fn is_open(state: HandOverState) -> bool {
    matches!(state, HandOverState::Offered | HandOverState::Accepted)
}

/// The profiles of a member of the staff.
fn tablets(replica: &Replica, staff: &str) -> Vec<ProfileId> {
    let members = replica.roster.members();
    members
        .filter(|one| one.staff.to_string() == staff)
        .map(|one| one.profile)
        .collect()
}

fn leads(replica: &Replica, staff: &str) -> bool {
    let mut members = replica.roster.members();
    members.any(|one| one.staff.to_string() == staff && one.role.leads())
}

/// Whether somebody reads a stream on any of their tablets.
fn is_in(replica: &Replica, stream: &Stream, staff: &str) -> bool {
    let readers = stream.epochs.standing(&replica.roster).readers;
    let mut names = tablets(replica, staff)
        .into_iter()
        .flat_map(|tablet| replica.roster.aliases(tablet));
    names.any(|name| readers.contains(&name))
}

/// Whether this is a step of mine at all.
fn is_mine(replica: &Replica, offer: &Offer, step: HandOverStep) -> bool {
    let (me, role) = (replica.profile.staff.to_string(), replica.profile.role);
    role.writes()
        && match step {
            HandOverStep::Accept | HandOverStep::Decline => me == offer.to,
            HandOverStep::Cancel => me == offer.from || role.leads(),
            HandOverStep::LetIn | HandOverStep::Finish => role.leads(),
        }
}

/// What I may do next with one of a case's hand-overs.
fn steps(
    replica: &Replica,
    stream: &Stream,
    all: &[Standing<'_>],
    one: &Standing<'_>,
) -> Vec<HandOverStep> {
    use HandOverStep::{Accept, Cancel, Decline, Finish, LetIn};
    // Of two who took it one is picked first.
    let rival = |other: &Standing<'_>| {
        other.state == HandOverState::Accepted && other.offer.to != one.offer.to
    };
    let inside = || is_in(replica, stream, &one.offer.to);
    let leads = replica.profile.role.leads();
    let next = match one.state {
        HandOverState::Offered if inside() => vec![Accept, Decline, Cancel],
        HandOverState::Offered => vec![LetIn, Cancel],
        HandOverState::Accepted if all.iter().any(rival) => Vec::new(),
        // Who has been told that a colleague takes the case does not take that back alone.
        HandOverState::Accepted if leads && inside() => vec![Finish, Cancel],
        HandOverState::Accepted if leads => vec![LetIn, Cancel],
        _ => Vec::new(),
    };
    next.into_iter()
        .filter(|step| is_mine(replica, one.offer, *step))
        .collect()
}

fn reason_of(field: &str, reason: &str, needed: bool) -> Result<String, Failure> {
    let (reason, field) = (reason.trim(), field.to_owned());
    if needed && reason.is_empty() {
        return Err(Failure::Empty { field });
    }
    if reason.len() > REASON_LEN_MAX {
        let max = REASON_LEN_MAX as u32;
        return Err(Failure::TooLong { field, max });
    }
    Ok(reason.to_owned())
}

/// Checks why somebody does something that stays in the case.
pub(super) fn check_reason(reason: &str, needed: bool) -> Result<String, Failure> {
    reason_of("reason", reason, needed)
}

/// Likewise what for.
pub(super) fn check_purpose(purpose: &str) -> Result<String, Failure> {
    reason_of("purpose", purpose, false)
}

fn set(kind: &str, id: &str, values: &[(&str, &str)]) -> Vec<Edit> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    let values: Vec<(String, String)> = values.iter().map(owned).collect();
    record::edits(kind, id, &values)
}

/// The part of who gives the case goes to who takes it, with the open tasks.
fn passed_on(records: &[Record], offer: &Offer, new: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let of = |staff: &str, record: &&Record| {
        record.kind == "assignment" && record.state() == "active" && record.text("staff") == staff
    };
    let given: Vec<&Record> = records.iter().filter(|one| of(&offer.from, one)).collect();
    for one in &given {
        edits.extend(set("assignment", &one.id, &[(STATE, "ended")]));
    }
    let leading = given.iter().any(|one| one.text("role") == "primary");
    let role = if leading { "primary" } else { "secondary" };
    match records.iter().find(|one| of(&offer.to, one)) {
        Some(one) if leading => edits.extend(set("assignment", &one.id, &[("role", role)])),
        Some(_) => {}
        None if given.is_empty() => {}
        None => {
            let values = [("staff", offer.to.as_str()), ("role", role)];
            edits.extend(set("assignment", new, &values));
        }
    }
    let open = records.iter().filter(|one| {
        one.kind == "task"
            && ["requested", "in-progress"].contains(&one.state())
            && one.text("owner") == offer.from
    });
    for task in open {
        edits.extend(set("task", &task.id, &[("owner", &offer.to)]));
    }
    edits
}

impl Engine {
    /// Offers a case to a colleague.
    pub(super) fn hand_over(
        &mut self,
        cx: &mut Cx,
        case: &str,
        to: &str,
        reason: &str,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        self.check_place(stream, TRANSFER)?;
        let to: StaffId = to.parse().map_err(|_| Failure::NotFound)?;
        let (replica, desk) = self.parts()?;
        let mut members = replica.roster.members();
        let colleague = members.find(|one| one.staff == to);
        let role = colleague.map(|one| one.role).ok_or(Failure::NotFound)?;
        drop(members);
        let me = replica.profile.staff;
        if to == me || !role.writes() {
            return Err(Failure::BadValue {
                field: "to".into(),
                expected: "a colleague who keeps cases".into(),
            });
        }
        let reason = check_reason(reason, true)?;
        let may_admit = replica.profile.role.leads() || role.leads();
        let (me, to) = (me.to_string(), to.to_string());
        let summary = desk.summaries.get(&stream).ok_or(Failure::NotFound)?;
        let before = all(replica, summary);
        let mut mine = before.iter().filter(|one| one.offer.from == me);
        if mine.any(|one| one.state == HandOverState::Accepted) {
            return Err(Failure::ChangedSince);
        }
        let open = before
            .iter()
            .filter(|one| one.offer.from == me && one.state == HandOverState::Offered);
        let mut edits: Vec<Edit> = open
            .flat_map(|one| set(TRANSFER, &one.offer.id, &[(STATE, "cancelled")]))
            .collect();
        if may_admit {
            self.let_in(cx, stream, &to)?;
        }
        let values = [
            ("from", me.as_str()),
            ("to", to.as_str()),
            ("reason", reason.as_str()),
        ];
        edits.extend(set(TRANSFER, &new_id(cx), &values));
        self.write(cx, stream, &edits)?;
        Ok(Reply::Done)
    }

    /// Lets somebody into a case with every tablet of theirs.
    fn let_in(&mut self, cx: &mut Cx, stream: StreamId, staff: &str) -> Result<(), Failure> {
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        for tablet in tablets(replica, staff) {
            let known = replica.streams.get(&stream).ok_or(Failure::NotFound)?;
            if !known.epochs.may_read(&replica.roster, tablet) {
                streams::admit(replica, desk, cx, stream, tablet)?;
            }
        }
        self.changed.insert(stream);
        Ok(())
    }

    /// Takes the next step of a hand-over.
    pub(super) fn answer_hand_over(
        &mut self,
        cx: &mut Cx,
        case: &str,
        id: &str,
        step: HandOverStep,
        reason: &str,
    ) -> Result<Reply, Failure> {
        let stream = self.case_id(case)?;
        let (replica, desk) = self.parts()?;
        let known = replica.streams.get(&stream).ok_or(Failure::NotFound)?;
        let summary = desk.summaries.get(&stream).ok_or(Failure::NotFound)?;
        let all = all(replica, summary);
        let one = all.iter().find(|one| one.offer.id == id);
        let one = one.ok_or(Failure::NotFound)?;
        if !is_mine(replica, one.offer, step) {
            return Err(Failure::NotAllowed);
        }
        let reason = check_reason(reason, step == HandOverStep::Decline)?;
        if !steps(replica, known, &all, one).contains(&step) {
            return Err(Failure::ChangedSince);
        }
        let offer = one.offer.clone();
        let said = |state| set(TRANSFER, id, &[(STATE, state)]);
        let edits = match step {
            HandOverStep::LetIn => {
                self.let_in(cx, stream, &offer.to)?;
                return Ok(Reply::Done);
            }
            HandOverStep::Accept => said("accepted"),
            HandOverStep::Cancel => said("cancelled"),
            HandOverStep::Decline => set(
                TRANSFER,
                id,
                &[(STATE, "declined"), ("declined_reason", reason.as_str())],
            ),
            HandOverStep::Finish => {
                let records = record::all(self.doc(stream)?);
                let mut edits = said("completed");
                edits.extend(passed_on(&records, &offer, &new_id(cx)));
                edits
            }
        };
        self.write(cx, stream, &edits)?;
        let (replica, _) = self.parts()?;
        // Those who lead are in every case.
        if step == HandOverStep::Finish && !leads(replica, &offer.from) {
            let tablet = tablets(replica, &offer.from).into_iter().next();
            if let Some(tablet) = tablet {
                return self.take_out(cx, case, &tablet.to_string());
            }
        }
        Ok(Reply::Done)
    }

    /// Every hand-over of a case, newest first.
    pub(super) fn hand_over_views(
        &self,
        replica: &Replica,
        desk: &Desk,
        id: StreamId,
    ) -> Vec<HandOverView> {
        let (Some(stream), Some(summary)) = (replica.streams.get(&id), desk.summaries.get(&id))
        else {
            return Vec::new();
        };
        let me = replica.profile.staff.to_string();
        let all = all(replica, summary);
        let view = |one: &Standing<'_>| {
            let Standing { offer, state, said } = one;
            let open = is_open(*state);
            HandOverView {
                id: offer.id.clone(),
                case: id.to_string(),
                case_name: summary.name.clone(),
                from: self.staff_name(&offer.from),
                from_me: offer.from == me,
                from_stays: leads(replica, &offer.from),
                to: self.staff_name(&offer.to),
                to_me: offer.to == me,
                reason: offer.reason.clone(),
                at: offer.said.at,
                state: *state,
                declined_reason: offer.declined_reason.clone(),
                by: said.by.map_or_else(String::new, |by| self.name_of(by)),
                since: said.at,
                waits_for_entry: open && !is_in(replica, stream, &offer.to),
                may: steps(replica, stream, &all, one),
            }
        };
        let mut views: Vec<HandOverView> = all.iter().map(view).collect();
        views.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        views
    }

    /// Those of all cases where the next step is mine, the oldest first.
    pub(super) fn hand_overs_to_do(&self) -> Result<Vec<HandOverView>, Failure> {
        let (replica, desk) = self.parts()?;
        // Asked with every input: most cases have none that goes on.
        let goes_on = |summary: &Summary| {
            let mut offers = summary.offers.iter();
            offers.any(|offer| standing(replica, offer).is_some_and(|one| is_open(one.state)))
        };
        let told = desk.summaries.iter().filter(|(_, one)| goes_on(one));
        let mut views: Vec<HandOverView> = told
            .flat_map(|(id, _)| self.hand_over_views(replica, desk, *id))
            .filter(|one| one.may.iter().any(|step| *step != HandOverStep::Cancel))
            .collect();
        views.sort_by(|a, b| (a.since, &a.id).cmp(&(b.since, &b.id)));
        Ok(views)
    }
}
