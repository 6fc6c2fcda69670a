//! What a relay takes into its logs, decided inside the transaction that writes it. Owns two
//! invariants: a control envelope is appended only if the fold accepts it, with the access index
//! changed in the same transaction; and a chain has neither gap nor fork. Refuses to say whether
//! something exists to anyone it is not open to.

use std::{collections::BTreeSet, sync::Arc};

use satchel_wire::{
    AgencyId, Cursor, EnvelopeId, EpochId, Epochs, Grant, Incarnation, Kind, Millis, Outcome,
    ProfileId, Refusal, Roster, SetupToken, Statement, StreamId, Verified, control::ControlError,
    envelope::sha256, roster::InviteState, stream::enters,
};

use crate::{
    enroll,
    folds::Folds,
    restore,
    store::{Stored, Write},
};

/// The longest sealed grant, in bytes; X-Wing needs 1,168.
pub const GRANT_LEN_MAX: usize = 4096;

/// One push, checked as far as that goes without the store.
#[derive(Clone, Debug)]
pub struct Append {
    /// The agency of the connection.
    pub agency: AgencyId,
    /// Who brings it.
    pub by: Bringer,
    /// In order.
    pub items: Vec<Incoming>,
    /// The relay's time.
    pub at: Millis,
}

/// Who brings something to append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bringer {
    /// A profile that proved its transport key.
    Profile(ProfileId),
    /// The relay's own operator, with a bundle: all in it speaks for itself. Whether an agency that is
    /// not here yet may begin with it.
    Carrier {
        /// It may.
        founds: bool,
    },
    /// The same, with what this relay has lost: it is counted.
    Returning(ProfileId),
    /// Nobody's items: the relay has lost what it signed as the first of these, and becomes the second.
    Witness(Incarnation, Incarnation),
    /// Somebody unknown, perhaps with the permission to found: the items have to speak for themselves.
    Stranger(Option<SetupToken>),
}

/// One item of a push.
#[derive(Clone, Debug)]
pub enum Incoming {
    /// Its author signed it.
    Envelope(Box<Verified>),
    /// A grant.
    Grant(Grant),
    /// It could not be read or does not verify.
    Unfit(Refusal),
}

/// What came of an [`Append`].
#[derive(Clone, Debug, Default)]
pub struct Appended {
    /// One for each item.
    pub outcomes: Vec<Outcome>,
    /// What others may now want to pull.
    pub touched: Vec<Touched>,
    /// The roster, if this changed it.
    pub roster: Option<Arc<Roster>>,
    /// What the relay has become, if it has.
    pub renewed: Option<Incarnation>,
    /// Envelopes that were not here before.
    pub(crate) fresh: u64,
}

/// A stream with something new in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The agency.
    pub agency: AgencyId,
    /// The stream.
    pub stream: StreamId,
    /// Who may know.
    pub readers: Readers,
}

/// Who may know that there is something new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readers {
    /// All of the agency.
    All,
    /// Profiles and invites of these names.
    Names(BTreeSet<ProfileId>),
}

impl Append {
    /// Does what is asked as far as the rules allow; run it in a [`crate::store::Store::write`], and
    /// let `folds` forget if that fails.
    ///
    /// # Errors
    /// What the store says; a refused item is an outcome and no error.
    pub fn run(&self, write: &mut dyn Write, folds: &mut Folds) -> Stored<Appended> {
        let mut desk = Desk {
            write,
            folds,
            agency: self.agency,
            at: self.at,
            carried: matches!(self.by, Bringer::Carrier { .. }),
            done: Appended::default(),
        };
        match self.by {
            Bringer::Stranger(setup) => enroll::run(&mut desk, setup, &self.items)?,
            Bringer::Carrier { founds } => {
                for item in &self.items {
                    let outcome = desk.carry(founds, item)?;
                    desk.done.outcomes.push(outcome);
                }
            }
            Bringer::Profile(profile) => desk.take_all(profile, &self.items)?,
            Bringer::Returning(profile) => {
                desk.take_all(profile, &self.items)?;
                restore::count(&mut desk, profile)?;
            }
            Bringer::Witness(known, next) => restore::renew(&mut desk, known, next)?,
        }
        let log = Roster::log(self.agency);
        if desk
            .done
            .touched
            .iter()
            .any(|touched| touched.stream == log)
        {
            desk.done.roster = desk.roster()?;
        }
        Ok(desk.done)
    }

    /// The outcomes if the store cannot take anything now.
    pub fn unavailable(&self) -> Vec<Outcome> {
        self.items
            .iter()
            .map(|_| Outcome::Refused(Refusal::Unavailable))
            .collect()
    }
}

/// What the rules work on.
pub(crate) struct Desk<'a> {
    pub(crate) write: &'a mut dyn Write,
    pub(crate) folds: &'a mut Folds,
    pub(crate) agency: AgencyId,
    pub(crate) at: Millis,
    /// Nobody is there to whom an answer could tell too much.
    pub(crate) carried: bool,
    pub(crate) done: Appended,
}

/// The verdict on one item: a place, or why not.
pub(crate) type Verdict<T = Outcome> = Result<T, Refusal>;

impl Desk<'_> {
    /// The agency's roster as of now, also of what this transaction wrote.
    pub(crate) fn roster(&mut self) -> Stored<Option<Arc<Roster>>> {
        self.folds.roster(self.write, self.agency)
    }

    fn take_all(&mut self, profile: ProfileId, items: &[Incoming]) -> Stored<()> {
        for item in items {
            let outcome = self.take(profile, item)?;
            self.done.outcomes.push(outcome);
        }
        Ok(())
    }

    fn put(&mut self, envelope: &Verified) -> Stored<Cursor> {
        self.done.fresh += 1;
        self.write.append(envelope, self.at)
    }

    fn take(&mut self, profile: ProfileId, item: &Incoming) -> Stored<Outcome> {
        // Asked anew for each item: one item may end what the bringer was allowed.
        let Some(roster) = self
            .roster()?
            .filter(|roster| roster.heard(profile).is_some())
        else {
            return Ok(Outcome::Refused(Refusal::Unauthorised));
        };
        if roster.active(profile).is_none() && !is_own_work(item, profile) {
            return Ok(Outcome::Refused(Refusal::Unauthorised));
        }
        let verdict = match item {
            Incoming::Unfit(refusal) => Err(*refusal),
            Incoming::Grant(grant) => self.grant(&roster, profile, grant)?,
            Incoming::Envelope(envelope) => self.envelope(roster, Some(profile), envelope)?,
        };
        Ok(verdict.unwrap_or_else(Outcome::Refused))
    }

    pub(crate) fn envelope(
        &mut self,
        roster: Arc<Roster>,
        by: Option<ProfileId>,
        envelope: &Verified,
    ) -> Stored<Verdict> {
        let header = envelope.header();
        if header.agency != self.agency {
            return Ok(Err(Refusal::NotFound));
        }
        if let Some(cursor) = self.stored(envelope.id())? {
            let outcome = match header.kind {
                Kind::Access => Outcome::Kept,
                _ => Outcome::Stored(cursor),
            };
            return Ok(Ok(outcome));
        }
        if !roster.knows_ground_of(header) {
            return Ok(Err(Refusal::Gap));
        }
        if is_in_doubt(&roster, envelope) {
            return Ok(Err(Refusal::Unauthorised));
        }
        match header.kind {
            Kind::Control if header.stream == Roster::log(self.agency) => {
                if let Err(late) = claim_in_time(&roster, by, envelope, self.at) {
                    return Ok(Err(late));
                }
                drop(roster);
                self.agency_statement(envelope)
            }
            Kind::Control => self.stream_statement(&roster, envelope),
            Kind::Change => self.change(&roster, envelope),
            Kind::Register => self.register(&roster, envelope),
            Kind::Access => self.access(&roster, envelope),
        }
    }

    /// Where an envelope of this agency stands already.
    pub(crate) fn stored(&self, id: EnvelopeId) -> Stored<Option<Cursor>> {
        let Some(place) = self.write.place(id)? else {
            return Ok(None);
        };
        let ours = self
            .write
            .stream(place.stream)?
            .is_some_and(|found| found.agency == self.agency);
        Ok(ours.then_some(place.cursor))
    }

    /// Appends to the agency's log, which all of the agency may read: nothing to hide here.
    pub(crate) fn agency_statement(&mut self, envelope: &Verified) -> Stored<Verdict> {
        if let Err(refusal) = self.fits_chain(envelope)? {
            return Ok(Err(refusal));
        }
        match self.folds.accept(self.write, self.agency, envelope)? {
            None => return Ok(Err(Refusal::NotFound)),
            Some(Err(why)) => return Ok(Err(refusal_of(why))),
            Some(Ok(())) => {}
        }
        let cursor = self.put(envelope)?;
        self.touch(envelope.header().stream, Readers::All);
        Ok(Ok(Outcome::Stored(cursor)))
    }

    fn stream_statement(&mut self, roster: &Roster, envelope: &Verified) -> Stored<Verdict> {
        let header = envelope.header();
        let stream = header.stream;
        let statement = match Statement::from_envelope(envelope) {
            Ok(statement) => statement,
            Err(_) => return Ok(Err(Refusal::Malformed)),
        };
        // One of another agency is judged as if it were not there: the answers have to be the same.
        let begun = self.write.stream(stream)?;
        let ours = begun.is_some_and(|found| found.agency == self.agency);
        let mut epochs = if ours {
            self.folds.epochs(self.write, roster, stream)?.clone()
        } else {
            Epochs::default()
        };
        // Who is not in it, or no longer, does not hear whether it is there.
        let belongs = |epoch: &EpochId| epochs.belongs(roster, *epoch, header.author);
        let open = match &statement {
            Statement::Epoch { .. } => true,
            // Also of somebody who has been taken out since: work may have been written under it.
            Statement::Rotate { parents, .. } => parents.iter().any(belongs),
            Statement::Admit { epoch, members } => {
                (enters(roster, header.author, members) && epochs.epoch(*epoch).is_some())
                    || (belongs(epoch) && epochs.may_read(roster, header.author))
            }
            _ => epochs.may_read(roster, header.author),
        };
        if !open && !self.carried {
            return Ok(Err(Refusal::NotFound));
        }
        if !matches!(statement, Statement::Epoch { .. }) && !writes(roster, header.author) {
            return Ok(Err(Refusal::Unauthorised));
        }
        let before = epochs.names(roster);
        if let Err(why) = epochs.accept(roster, envelope) {
            return Ok(Err(refusal_of(why)));
        }
        if begun.is_some() && !ours {
            return Ok(Err(Refusal::NotFound));
        }
        if let Err(refusal) = self.fits_chain(envelope)? {
            return Ok(Err(refusal));
        }
        if begun.is_none() {
            self.write.begin(stream, self.agency)?;
        }
        let cursor = self.put(envelope)?;
        let after = epochs.names(roster);
        for name in after.difference(&before) {
            self.write.admit(stream, *name)?;
        }
        for name in before.difference(&after) {
            self.write.dismiss(stream, *name)?;
        }
        let readers = epochs.standing(roster).readers;
        *self.folds.epochs(self.write, roster, stream)? = epochs;
        self.touch(stream, Readers::Names(readers));
        Ok(Ok(Outcome::Stored(cursor)))
    }

    fn change(&mut self, roster: &Roster, envelope: &Verified) -> Stored<Verdict> {
        // Whoever brings it, and whatever has become of its author since: members decide what counts.
        let readers = match self.writer_of(roster, envelope)? {
            Ok(readers) => readers,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if !writes(roster, envelope.header().author) {
            return Ok(Err(Refusal::Unauthorised));
        }
        if let Err(refusal) = self.fits_chain(envelope)? {
            return Ok(Err(refusal));
        }
        let cursor = self.put(envelope)?;
        self.touch(envelope.header().stream, Readers::Names(readers));
        Ok(Ok(Outcome::Stored(cursor)))
    }

    fn register(&mut self, roster: &Roster, envelope: &Verified) -> Stored<Verdict> {
        let readers = match self.writer_of(roster, envelope)? {
            Ok(readers) => readers,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let header = envelope.header();
        let epochs = self.epochs_of(roster, header.stream)?;
        if !epochs.is_some_and(|epochs| epochs.may_read(roster, header.author)) {
            return Ok(Err(Refusal::NotFound));
        }
        if let Some((counter, id)) =
            self.write
                .register(header.stream, header.author, header.chain)?
        {
            if header.n < counter || id == envelope.id() {
                // Older than what is kept: delivered late, and done with.
                return Ok(Ok(Outcome::Kept));
            }
            if header.n == counter {
                return Ok(Err(Refusal::Fork));
            }
        }
        let number = self.write.keep_register(envelope)?;
        self.touch(header.stream, Readers::Names(readers));
        Ok(Ok(Outcome::Counted(number)))
    }

    /// The access log takes entries of whoever belongs, or belonged, to the agency. Where in it they
    /// stand is for its readers to know.
    fn access(&mut self, roster: &Roster, envelope: &Verified) -> Stored<Verdict> {
        let header = envelope.header();
        if !roster.is_audit(header.stream) || roster.heard(header.author).is_none() {
            return Ok(Err(Refusal::NotFound));
        }
        let Some(epochs) = self.epochs_of(roster, header.stream)? else {
            return Ok(Err(Refusal::NotFound));
        };
        if epochs.epoch(header.epoch).is_none() {
            return Ok(Err(Refusal::NotFound));
        }
        let readers = epochs.standing(roster).readers;
        if let Err(refusal) = self.fits_chain(envelope)? {
            return Ok(Err(refusal));
        }
        self.put(envelope)?;
        self.touch(header.stream, Readers::Names(readers));
        Ok(Ok(Outcome::Kept))
    }

    fn grant(&mut self, roster: &Roster, by: ProfileId, grant: &Grant) -> Stored<Verdict> {
        if grant.sealed.len() > GRANT_LEN_MAX {
            return Ok(Err(Refusal::TooMuch));
        }
        let Some(epochs) = self.epochs_of(roster, grant.stream)? else {
            return Ok(Err(Refusal::NotFound));
        };
        let began = epochs
            .epoch(grant.epoch)
            .is_some_and(|epoch| epoch.author == by);
        let holds = epochs.belongs(roster, grant.epoch, by);
        if !holds || !(began || epochs.may_read(roster, by)) {
            return Ok(Err(Refusal::NotFound));
        }
        if !writes(roster, by) {
            return Ok(Err(Refusal::Unauthorised));
        }
        if !has_a_use(roster, epochs, grant) {
            return Ok(Err(Refusal::Unauthorised));
        }
        self.write.keep_grant(grant)?;
        self.touch(
            grant.stream,
            Readers::Names(BTreeSet::from([grant.recipient])),
        );
        Ok(Ok(Outcome::Kept))
    }

    /// The stream's readers, if the author may write under the epoch that the header names.
    fn writer_of(
        &mut self,
        roster: &Roster,
        envelope: &Verified,
    ) -> Stored<Verdict<BTreeSet<ProfileId>>> {
        let header = envelope.header();
        let Some(epochs) = self.epochs_of(roster, header.stream)? else {
            return Ok(Err(Refusal::NotFound));
        };
        if epochs.wrote(roster, header.epoch, header.author) {
            Ok(Ok(epochs.standing(roster).readers))
        } else {
            Ok(Err(Refusal::NotFound))
        }
    }

    pub(crate) fn epochs_of(
        &mut self,
        roster: &Roster,
        stream: StreamId,
    ) -> Stored<Option<&Epochs>> {
        let ours = self
            .write
            .stream(stream)?
            .is_some_and(|found| found.agency == self.agency);
        if ours {
            Ok(Some(self.folds.epochs(self.write, roster, stream)?))
        } else {
            Ok(None)
        }
    }

    fn fits_chain(&self, envelope: &Verified) -> Stored<Result<(), Refusal>> {
        let header = envelope.header();
        let tip = self
            .write
            .chain(header.stream, header.author, header.chain)?;
        if header.follows(tip) {
            return Ok(Ok(()));
        }
        let n = tip.map_or(0, |(n, _)| n);
        let taken = header.n <= n.saturating_add(1);
        // Of a change that is further on the place does not tell: it may follow one before the last.
        let may_fork = header.kind == Kind::Change && tip.is_some();
        let forks = taken || (may_fork && self.stored(header.prev)?.is_some());
        Ok(Err(if forks { Refusal::Fork } else { Refusal::Gap }))
    }

    pub(crate) fn touch(&mut self, stream: StreamId, readers: Readers) {
        let agency = self.agency;
        for known in self
            .done
            .touched
            .iter_mut()
            .filter(|known| known.stream == stream)
        {
            match (&mut known.readers, &readers) {
                (Readers::All, _) => return,
                (Readers::Names(names), Readers::Names(more)) => {
                    names.extend(more);
                    return;
                }
                (Readers::Names(_), Readers::All) => {}
            }
        }
        self.done.touched.push(Touched {
            agency,
            stream,
            readers,
        });
    }
}

/// Whether a grant is for one of those who hold its epoch's key.
pub(crate) fn has_a_use(roster: &Roster, epochs: &Epochs, grant: &Grant) -> bool {
    let name = grant.recipient;
    let epoch = epochs.epoch(grant.epoch);
    epoch.is_some_and(|epoch| epoch.members.contains(&name))
        // A profile that came by an invite re-seals the invite's grant to its own key.
        || epochs.belongs(roster, grant.epoch, name)
        || roster
            .recovery()
            .is_some_and(|key| ProfileId(sha256(&[key])) == name)
}

/// Whether an author's tablet is one of several that claimed the same invite, and says more than under
/// which keys it works. Who is whom waits until a certifier has told them apart: nobody can tell which
/// of them is the thief.
fn is_in_doubt(roster: &Roster, envelope: &Verified) -> bool {
    let keys = || {
        matches!(
            Statement::from_envelope(envelope),
            Ok(Statement::Epoch { .. } | Statement::Rotate { .. })
        )
    };
    let header = envelope.header();
    header.kind == Kind::Control && roster.is_suspended(header.author) && !keys()
}

/// Whether an author adds to what it is let into, by the role that it has now.
fn writes(roster: &Roster, author: ProfileId) -> bool {
    roster.known(author).is_some_and(|one| one.role.writes())
}

/// What is taken from a profile that is revoked or waits to be confirmed: what it wrote, and the keys
/// under which it wrote it. Members
/// judge both; nothing that lets anybody in is among it.
fn is_own_work(item: &Incoming, profile: ProfileId) -> bool {
    match item {
        Incoming::Envelope(envelope) => {
            let header = envelope.header();
            let keys = || {
                let statement = Statement::from_envelope(envelope);
                matches!(
                    statement,
                    Ok(Statement::Epoch { .. } | Statement::Rotate { .. })
                )
            };
            let work = matches!(header.kind, Kind::Change | Kind::Access);
            header.author == profile && (work || keys())
        }
        Incoming::Grant(_) => true,
        Incoming::Unfit(_) => false,
    }
}

/// Whether a claim comes in time. One past its time is taken from a certifier, who could certify the
/// claimed profile anyhow: a relay restored from a backup gets its old claims back that way.
pub(crate) fn claim_in_time(
    roster: &Roster,
    by: Option<ProfileId>,
    envelope: &Verified,
    now: Millis,
) -> Result<(), Refusal> {
    let Ok(Statement::Claim(_)) = Statement::from_envelope(envelope) else {
        return Ok(());
    };
    let Some((invite, state)) = roster.invite(envelope.header().author) else {
        return Err(Refusal::NotFound);
    };
    if state == InviteState::Cancelled {
        return Err(Refusal::Expired);
    }
    if matches!(state, InviteState::Void | InviteState::Confirmed(_)) {
        // Two claims void an invite already, and one that is confirmed decides it: another would only
        // lengthen the log.
        return Err(Refusal::TooMuch);
    }
    let vouched = by
        .and_then(|profile| roster.active(profile))
        .is_some_and(|bringer| bringer.role.may_certify(invite.role));
    if now > invite.expires_at && !vouched {
        Err(Refusal::Expired)
    } else {
        Ok(())
    }
}

pub(crate) fn refusal_of(why: ControlError) -> Refusal {
    match why {
        ControlError::Malformed | ControlError::WrongLog => Refusal::Malformed,
        // The agency's log here has not got that far: it may be handed over again later.
        ControlError::UnknownMember => Refusal::Gap,
        ControlError::UnknownAuthor
        | ControlError::Forbidden
        | ControlError::BadClaim
        | ControlError::BegunAlready
        | ControlError::Revoked
        | ControlError::UnknownEpoch => Refusal::Unauthorised,
    }
}
