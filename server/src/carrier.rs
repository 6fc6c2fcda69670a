//! What a relay takes from a bundle: by the rules of a push, but nobody brings it who could be asked
//! for authority, or be told too much. So everything speaks for itself. Owns the invariant that a
//! grant from a bundle never takes the place of one that is here: nobody signs grants.

use std::collections::BTreeSet;

use satchel_wire::{Grant, Kind, Outcome, Refusal, Roster, Statement, Verified, envelope::sha256};

use crate::{
    append::{Desk, GRANT_LEN_MAX, Incoming, Readers, Verdict, has_a_use, refusal_of},
    store::Stored,
};

impl Desk<'_> {
    /// Takes one item of a bundle; `founds`: the agency may begin here with it.
    pub(crate) fn carry(&mut self, founds: bool, item: &Incoming) -> Stored<Outcome> {
        let verdict = match (self.roster()?, item) {
            (_, Incoming::Unfit(refusal)) => Err(*refusal),
            (None, Incoming::Envelope(envelope)) if founds => self.begin_agency(envelope)?,
            (None, _) => Err(Refusal::NotFound),
            (Some(roster), Incoming::Envelope(envelope)) => {
                self.envelope(roster, None, envelope)?
            }
            (Some(roster), Incoming::Grant(grant)) => self.carried_grant(&roster, grant)?,
        };
        Ok(verdict.unwrap_or_else(Outcome::Refused))
    }

    /// The agency's first statement, by the root after whose key it is named.
    fn begin_agency(&mut self, envelope: &Verified) -> Stored<Verdict> {
        let header = envelope.header();
        let log = Roster::log(self.agency);
        let first = header.agency == self.agency
            && header.kind == Kind::Control
            && header.stream == log
            && sha256(&[header.author.as_bytes()]) == self.agency.0
            && matches!(
                Statement::from_envelope(envelope),
                Ok(Statement::Found { .. })
            );
        if !first {
            return Ok(Err(Refusal::NotFound));
        }
        if let Err(why) = Roster::new(self.agency).accept(envelope) {
            return Ok(Err(refusal_of(why)));
        }
        self.write.begin(log, self.agency)?;
        let cursor = self.write.append(envelope, self.at)?;
        self.touch(log, Readers::All);
        Ok(Ok(Outcome::Stored(cursor)))
    }

    fn carried_grant(&mut self, roster: &Roster, grant: &Grant) -> Stored<Verdict> {
        if grant.sealed.len() > GRANT_LEN_MAX {
            return Ok(Err(Refusal::TooMuch));
        }
        let Some(epochs) = self.epochs_of(roster, grant.stream)? else {
            return Ok(Err(Refusal::NotFound));
        };
        if !has_a_use(roster, epochs, grant) {
            return Ok(Err(Refusal::Unauthorised));
        }
        let name = grant.recipient;
        if !self.write.has_grant(grant.stream, grant.epoch, name)? {
            self.write.keep_grant(grant)?;
            self.touch(grant.stream, Readers::Names(BTreeSet::from([name])));
        }
        Ok(Ok(Outcome::Kept))
    }
}
