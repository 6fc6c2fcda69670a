//! Plans: what one lacks before it may be active, when it is to be looked at again, and what of a plan
//! from outside may be changed here. Owns the rule that such a plan stays as its author wrote it.

use jiff::civil::Date;

use super::{Due, days, is_in, of_kind};
use crate::{
    api::Failure,
    policy::document::{Deadline, Document},
    record::{Record, STATE},
};

/// Codes of what a plan lacks: `need`, `goal`, `owner`, `date`, `signature`.
pub fn missing(records: &[Record], plan: &Record) -> Vec<&'static str> {
    let goals = of_kind(records, "goal")
        .filter(|goal| goal.text("plan") == plan.id && !is_in(goal, &["cancelled"]));
    let goals: Vec<&Record> = goals.collect();
    let has_need = |goal: &&Record| {
        let mut needs = of_kind(records, "need");
        needs.any(|need| need.id == goal.text("need"))
    };
    let mut signatures = of_kind(records, "plan_signature");
    let there = [
        ("need", goals.iter().any(has_need)),
        ("goal", !goals.is_empty()),
        ("owner", !plan.text("owner").is_empty()),
        ("date", days(plan, "from").next().is_some()),
        (
            "signature",
            signatures.any(|one| one.text("plan") == plan.id),
        ),
    ];
    let lacking = there.into_iter().filter(|(_, there)| !there);
    lacking.map(|(code, _)| code).collect()
}

/// Whether a plan came from outside and is written out: it stays as it is.
pub fn is_unaltered(plan: &Record) -> bool {
    plan.text("source") == "inherited" && !is_in(plan, &["draft"])
}

/// Fields of a plan from outside that are ours to set.
const OURS: [&str; 4] = [STATE, "owner", "review_due", "remarks"];

/// Refuses what may not be done to a plan or what belongs to one. `existing` is the record that is to
/// be changed, `me` the staff id of who does it.
///
/// # Errors
/// [`Failure::PlanIncomplete`] for a plan that is to be active, [`Failure::Inherited`] for a change in a
/// plan whose author is somebody else.
pub fn check(
    records: &[Record],
    kind: &str,
    existing: Option<&Record>,
    values: &[(String, String)],
    me: &str,
) -> Result<(), Failure> {
    let value = |key: &str| {
        let given = values.iter().find(|(known, _)| known == key);
        let given = given.map(|(_, value)| value.as_str());
        given.or_else(|| existing.map(|one| one.text(key)))
    };
    if kind == "plan" && value(STATE) == Some("active") {
        let mut plan = existing.cloned();
        let lacking = match &mut plan {
            // What is set along with the state counts.
            Some(plan) => {
                let mut lacking = missing(records, plan);
                let set = |key: &str| value(key).is_some_and(|text| !text.is_empty());
                lacking.retain(|code| match *code {
                    "owner" => !set("owner"),
                    "date" => !set("from"),
                    _ => true,
                });
                lacking
            }
            None => vec!["need", "goal", "signature"],
        };
        let was_active = existing.is_some_and(|plan| plan.state() == "active");
        if !lacking.is_empty() && !was_active {
            let missing = lacking.into_iter().map(str::to_owned).collect();
            return Err(Failure::PlanIncomplete { missing });
        }
    }
    let plan_named =
        |id: Option<&str>| of_kind(records, "plan").find(|plan| Some(plan.id.as_str()) == id);
    let goal_named =
        |id: Option<&str>| of_kind(records, "goal").find(|goal| Some(goal.id.as_str()) == id);
    let plan = match kind {
        "plan" => existing,
        "goal" => plan_named(existing.map(|goal| goal.text("plan")))
            .filter(|plan| is_unaltered(plan))
            .or_else(|| plan_named(value("plan"))),
        "step" => goal_named(value("goal")).and_then(|goal| plan_named(Some(goal.text("plan")))),
        _ => None,
    };
    let Some(plan) = plan.filter(|plan| is_unaltered(plan) && plan.text("author") != me) else {
        return Ok(());
    };
    let ours = |key: &str| match kind {
        "plan" => OURS.contains(&key),
        // How far it has come is no change of the plan.
        _ => existing.is_some() && [STATE, "achievement"].contains(&key),
    };
    let changes = |(key, text): &&(String, String)| {
        existing.is_none_or(|one| one.text(key) != text) && !ours(key)
    };
    if values.iter().any(|pair| changes(&pair)) {
        return Err(Failure::Inherited {
            author: plan.text("author_name").into(),
        });
    }
    Ok(())
}

/// When a plan is to be looked at again: on the day that was set, or by the rule from its last review
/// or its beginning.
pub fn review(
    records: &[Record],
    plan: &Record,
    rules: &Document,
) -> Option<(Date, Option<Deadline>)> {
    let reviews = of_kind(records, "plan_review").filter(|one| one.text("plan") == plan.id);
    let last = reviews.max_by_key(|one| days(one, "date").max());
    let set = match last {
        Some(last) => days(last, "next").min(),
        None => days(plan, "review_due").min(),
    };
    if let Some(day) = set {
        return Some((day, None));
    }
    let from = last.and_then(|one| days(one, "date").max());
    let from = from.or_else(|| days(plan, "from").min())?;
    let deadline = rules.due("plan.review", from)?;
    Some((deadline.date, Some(deadline)))
}

pub(super) fn dues(records: &[Record], rules: &Document) -> Vec<Due> {
    of_kind(records, "plan")
        .filter(|plan| is_in(plan, &["active"]))
        .filter_map(|plan| {
            let (day, _) = review(records, plan, rules)?;
            Some(Due::of(plan, "plan_review", day, plan.text("title")))
        })
        .collect()
}
