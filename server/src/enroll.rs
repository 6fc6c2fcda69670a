//! What a relay takes from somebody it does not know: the founding of an agency, with the one-time
//! set-up token, the claim of an invite, and an admin whom the root certifies to restore an agency. Owns the invariant that a token founds once, in the
//! transaction that uses it up. Sending the same again is answered the same, token or not.

use satchel_wire::{
    EnvelopeId, Kind, Outcome, Refusal, Roster, SetupToken, Statement, Verified, envelope::sha256,
};

use crate::{
    append::{Desk, Incoming, Readers, claim_in_time, refusal_of},
    store::{SetupHash, Stored},
};

/// The most statements that a founding or a claim consists of.
pub const ENROLL_ITEMS_MAX: usize = 16;

pub(crate) fn run(
    desk: &mut Desk<'_>,
    setup: Option<SetupToken>,
    items: &[Incoming],
) -> Stored<()> {
    let statements = match readable(desk, items) {
        Ok(statements) => statements,
        Err(refusal) => return refuse_all(desk, items, refusal),
    };
    let known = statements
        .iter()
        .map(|(envelope, _)| desk.stored(envelope.id()))
        .collect::<Stored<Option<Vec<_>>>>()?;
    if let Some(cursors) = known {
        desk.done.outcomes = cursors.into_iter().map(Outcome::Stored).collect();
        return Ok(());
    }
    match statements.first() {
        Some((_, Statement::Found { .. })) => match found(desk, setup, &statements)? {
            Ok(()) => Ok(()),
            Err(refusal) => refuse_all(desk, items, refusal),
        },
        _ => {
            for (envelope, statement) in &statements {
                let outcome = claim(desk, envelope, statement)?.unwrap_or_else(Outcome::Refused);
                desk.done.outcomes.push(outcome);
            }
            Ok(())
        }
    }
}

fn refuse_all(desk: &mut Desk<'_>, items: &[Incoming], refusal: Refusal) -> Stored<()> {
    desk.done.outcomes = items.iter().map(|_| Outcome::Refused(refusal)).collect();
    Ok(())
}

type Read<'a> = Vec<(&'a Verified, Statement)>;

fn readable<'a>(desk: &Desk<'_>, items: &'a [Incoming]) -> Result<Read<'a>, Refusal> {
    if items.len() > ENROLL_ITEMS_MAX {
        return Err(Refusal::TooMuch);
    }
    items
        .iter()
        .map(|item| match item {
            Incoming::Unfit(refusal) => Err(*refusal),
            Incoming::Grant(_) => Err(Refusal::Malformed),
            Incoming::Envelope(envelope) => {
                let header = envelope.header();
                let ours = header.agency == desk.agency
                    && header.kind == Kind::Control
                    && header.stream == Roster::log(desk.agency);
                let statement =
                    Statement::from_envelope(envelope).map_err(|_| Refusal::Malformed)?;
                if ours {
                    Ok((&**envelope, statement))
                } else {
                    Err(Refusal::NotFound)
                }
            }
        })
        .collect()
}

/// The founding and the root's first certificates, all of them or none.
fn found(
    desk: &mut Desk<'_>,
    setup: Option<SetupToken>,
    statements: &Read<'_>,
) -> Stored<Result<(), Refusal>> {
    // First the permission: without it nothing is told of what is here.
    let Some(token) = setup.map(SetupHash::from) else {
        return Ok(Err(Refusal::Unauthorised));
    };
    if !desk.write.has_setup(token)? {
        return Ok(Err(Refusal::Unauthorised));
    }
    let log = Roster::log(desk.agency);
    if desk.write.stream(log)?.is_some() {
        return Ok(Err(Refusal::Unauthorised));
    }
    // On a roster of its own first, since a refusal half-way has to leave nothing behind.
    let mut roster = Roster::new(desk.agency);
    let (mut n, mut head, mut chain) = (0, EnvelopeId::ZERO, None);
    for (envelope, statement) in statements {
        let header = envelope.header();
        let by_root = sha256(&[header.author.as_bytes()]) == desk.agency.0;
        let beginning = matches!(statement, Statement::Found { .. } | Statement::Certify(_));
        if !by_root || !beginning {
            return Ok(Err(Refusal::Unauthorised));
        }
        if *chain.get_or_insert(header.chain) != header.chain
            || header.n != n + 1
            || header.prev != head
        {
            return Ok(Err(Refusal::Gap));
        }
        if let Err(why) = roster.accept(envelope) {
            return Ok(Err(refusal_of(why)));
        }
        (n, head) = (header.n, envelope.id());
    }
    if !desk.write.take_setup(token)? {
        return Ok(Err(Refusal::Unauthorised));
    }
    desk.write.begin(log, desk.agency)?;
    for (envelope, _) in statements {
        let cursor = desk.write.append(envelope, desk.at)?;
        desk.done.outcomes.push(Outcome::Stored(cursor));
    }
    desk.touch(log, Readers::All);
    Ok(Ok(()))
}

fn claim(
    desk: &mut Desk<'_>,
    envelope: &Verified,
    statement: &Statement,
) -> Stored<Result<Outcome, Refusal>> {
    if let Some(cursor) = desk.stored(envelope.id())? {
        return Ok(Ok(Outcome::Stored(cursor)));
    }
    let by_root = sha256(&[envelope.header().author.as_bytes()]) == desk.agency.0;
    let certifies = by_root && matches!(statement, Statement::Certify(_));
    if !certifies && !matches!(statement, Statement::Claim(_)) {
        return Ok(Err(Refusal::Unauthorised));
    }
    let Some(roster) = desk.roster()? else {
        return Ok(Err(Refusal::NotFound));
    };
    if let Err(refusal) = claim_in_time(&roster, None, envelope, desk.at) {
        return Ok(Err(refusal));
    }
    drop(roster);
    desk.agency_statement(envelope)
}
