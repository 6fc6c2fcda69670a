//! What is written in the demo agency: sentences as caseworkers write them, put together so that no
//! two notes of a case say the same. Knows nothing of who writes them or when.

use satchel_core::rng::Seeded;

use super::people::{Person, Program};

const MEETINGS: [&str; 12] = [
    "Home visit, about forty minutes. {given} was up and expecting me.",
    "{given} called the office this morning.",
    "Met {given} at the office as planned.",
    "Short visit on the way back; {given} was in good spirits.",
    "Phone call with {given}, fifteen minutes, clear connection.",
    "Went to the appointment together with {given}.",
    "No one opened at first. {given} called back an hour later and we talked then.",
    "Visit with the interpreter on the phone; {given} had prepared questions.",
    "{given} came by without an appointment and waited until I was free.",
    "Second try this week: reached {given} in the late afternoon.",
    "Met {given} at the library, since the other rooms were taken.",
    "Saw {given} together with the family. Everybody was calm, and we kept to the list.",
];

const REENTRY: [&str; 8] = [
    "Supervision meeting was kept, and the officer had nothing to add.",
    "We went through the job list and sent two applications from my tablet.",
    "The new employer asks for references; the last one agreed to give one.",
    "Food card was renewed. The first payment should be there by Friday.",
    "We talked about old friends who call late at night, and about what to say to them.",
    "The driver's license can be had back after a fine of 120 dollars; we made a plan for it.",
    "Medication for the blood pressure is picked up; the next refill is noted in the calendar.",
    "Sleep is poor since the move. The group on Tuesdays helps more than the pills, I am told.",
];

const HOME_HEALTH: [&str; 8] = [
    "Blood pressure 138 over 82, pulse regular. No dizziness on standing.",
    "Pill box was filled up to Wednesday. Two evening doses were forgotten, so we set an alarm.",
    "Fridge has food for three days. Drinks too little; a full bottle now stands by the chair.",
    "Loose rug in the hall removed with permission, and the night light replaced.",
    "No new sores. Heels are dry and a little red; the cushion is in place.",
    "Pain is at three out of ten when sitting and at five after the stairs.",
    "The pharmacy delivers on Thursdays from now on, at no cost.",
    "Walked to the mailbox and back without a rest, for the first time this month.",
];

const CHILD_WELFARE: [&str; 8] = [
    "Children were dressed for the weather and showed me their drawings. Nothing of concern seen.",
    "Kitchen and bathroom are clean, and the smoke alarm works; we tested it.",
    "We went over the safety plan and changed the second telephone number on it.",
    "Teacher reports better mornings, and homework is done on most days.",
    "We talked about bedtime and the tablet: lights out at half past eight, to be tried for two weeks.",
    "Pediatrician visit was kept; vaccinations are up to date.",
    "Grandparents take the weekend once a month, which gives everybody some rest.",
    "Asked about arguments at home. There was one, loud, not in front of the children.",
];

const HOUSING: [&str; 8] = [
    "Called three landlords: one refused, one wants the papers, one shows the flat on Tuesday.",
    "Application for the deposit fund is complete and signed; an answer takes ten days.",
    "Pay slips of three months are copied, and the originals went back at once.",
    "We looked at the budget: rent up to 1,150 can be carried if the heating is included.",
    "Storage is paid until the end of the month. A cousin has a van for the move.",
    "Mold in the corner of the bedroom; photographs are taken and the inspector is informed.",
    "The housing office moved the interview to next week, same time, window four.",
    "Credit report has an old error in it. We wrote the objection together.",
];

const NEXT: [&str; 12] = [
    "Next visit in a week.",
    "I will call on Thursday to hear how it went.",
    "To do for me: send the letter by tomorrow noon.",
    "We agreed on one thing to try until we meet again.",
    "Will bring the forms next time; a pen and glasses are there.",
    "Supervisor informed, no change to the plan.",
    "Asked a colleague to look in while I am away on Friday.",
    "Nothing else is pressing today.",
    "Follow up with the clinic, consent is signed and on file.",
    "Left my card with the office number on it.",
    "If there is no answer by Monday I will go there in person.",
    "",
];

const fn of(program: Program) -> &'static [&'static str; 8] {
    match program {
        Program::Reentry => &REENTRY,
        Program::HomeHealth => &HOME_HEALTH,
        Program::ChildWelfare => &CHILD_WELFARE,
        Program::Housing => &HOUSING,
    }
}

/// The notes of one case, oldest first.
pub fn write(person: &Person, count: usize, rng: &mut Seeded) -> Vec<String> {
    let mut notes = Vec::with_capacity(count);
    let mut details = person.details.iter();
    while notes.len() < count {
        let meetings = shuffled(&MEETINGS, rng);
        let observations = shuffled(of(person.program), rng);
        let nexts = shuffled(&NEXT, rng);
        for ((meeting, observation), next) in meetings.into_iter().zip(observations).zip(nexts) {
            // What is theirs alone comes in between what every case has.
            let told = rng.below(4) > 0;
            let detail = told.then(|| details.next().copied()).flatten();
            let meeting = meeting.replace("{given}", person.given);
            let said = [
                meeting.as_str(),
                detail.unwrap_or_default(),
                observation,
                next,
            ];
            let said: Vec<&str> = said.into_iter().filter(|s| !s.is_empty()).collect();
            notes.push(said.join(" "));
        }
    }
    notes.truncate(count);
    notes
}

fn shuffled(all: &[&'static str], rng: &mut Seeded) -> Vec<&'static str> {
    let mut rest = all.to_vec();
    let mut out = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        out.push(rest.swap_remove(rng.below(rest.len() as u64) as usize));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::people::cast;

    #[test]
    fn notes_are_of_a_length_that_is_read() {
        let mut rng = Seeded::new(1);
        for person in cast(60, &mut rng) {
            let notes = write(&person, 12, &mut rng);
            assert_eq!(notes.len(), 12);
            for note in notes {
                assert!((60..=400).contains(&note.chars().count()), "{note}");
                assert!(!note.contains('{'), "{note}");
            }
        }
    }
}
