//! Confirming who came by an invite. Owns the rule that a certifier confirms one claimed certificate
//! as it is, after two people have compared words, and takes out whoever else claimed the same invite.

use satchel_wire::{
    Certificate, Envelope, ProfileId, Statement, StreamId, Verified, roster::InviteState,
};

use crate::{
    api::{ClaimView, Failure, Reply, Standing, WordsView},
    engine::{Engine, cx::Cx, replica::Replica, streams},
    words::{self, Words},
};

impl Engine {
    /// Confirms the claim of a profile.
    pub(super) fn confirm(&mut self, cx: &mut Cx, profile: &str) -> Result<Reply, Failure> {
        let profile: ProfileId = profile.parse().map_err(|_| Failure::NotFound)?;
        let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        let roster = &replica.roster;
        let claimed = roster.known(profile).ok_or(Failure::NotFound)?.clone();
        if !replica.profile.role.may_certify(claimed.role) || profile == replica.profile.profile {
            return Err(Failure::NotAllowed);
        }
        let free = roster.unconfirmed(profile);
        let invite = free.ok_or(Failure::ChangedSince)?.key;
        if roster.is_revoked(profile) {
            return Err(Failure::ChangedSince);
        }
        let log = replica.log;
        streams::state(replica, desk, cx, log, &Statement::Certify(claimed))?;
        let others = replica.roster.claims(invite);
        let others: Vec<ProfileId> = others
            .map(|one| one.profile)
            .filter(|one| *one != profile && !replica.roster.is_revoked(*one))
            .collect();
        for key in others.iter().copied() {
            let stands = replica.roster.acts_of(key);
            streams::state(replica, desk, cx, log, &Statement::Revoke { key, stands })?;
        }
        let all = replica.streams.iter();
        let within = all.filter(|(_, stream)| stream.epochs.was_named(invite));
        for stream in within.map(|(id, _)| *id).collect::<Vec<StreamId>>() {
            // Without the key it is for whoever has it.
            let _ = if others.is_empty() {
                streams::mend(replica, desk, cx, stream)
            } else {
                // Whoever came first by the same code may hold the present key.
                let removed = others.iter().copied().collect();
                streams::rotate(replica, desk, cx, stream, removed).map(|_| ())
            };
            self.changed.insert(stream);
        }
        // Names and marks stand on every page.
        self.changed.insert(replica.profile.directory);
        Ok(Reply::Done)
    }

    /// How my own profile stands, and the words to compare while nobody has confirmed it.
    pub(super) fn standing(&self, replica: &Replica) -> (Standing, Option<WordsView>) {
        let me = replica.profile.profile;
        let Some((invite, certificate)) = my_claim(replica) else {
            return (Standing::Confirmed, None);
        };
        let standing = if replica.roster.is_suspended(me) {
            Standing::Void
        } else {
            Standing::Unconfirmed
        };
        (standing, Some(words_of(replica, invite, &certificate)))
    }

    /// The words of a colleague whom nobody has confirmed.
    pub(super) fn words_to_compare(
        &self,
        replica: &Replica,
        profile: ProfileId,
    ) -> Option<WordsView> {
        let invite = replica.roster.unconfirmed(profile)?.key;
        let certificate = replica.roster.known(profile)?;
        Some(words_of(replica, invite, certificate))
    }

    /// The tablets that claimed a void invite.
    pub(super) fn claim_views(&self, replica: &Replica, invite: ProfileId) -> Vec<ClaimView> {
        let mut claims = Vec::new();
        for certificate in replica.roster.claims(invite) {
            if !replica.roster.is_revoked(certificate.profile) {
                claims.push(ClaimView {
                    profile: certificate.profile.to_string(),
                    words: words_of(replica, invite, certificate),
                });
            }
        }
        claims
    }
}

/// Everyone who claimed an invite that is void, and the invite: what goes when it is taken back.
pub(super) fn with_claimants(replica: &Replica, key: ProfileId) -> Vec<ProfileId> {
    let roster = &replica.roster;
    let void = matches!(roster.invite(key), Some((_, InviteState::Void)));
    let claims = roster.claims(key).map(|one| one.profile);
    let claims = claims.filter(|one| void && !roster.is_revoked(*one));
    claims.chain([key]).collect()
}

fn words_of(replica: &Replica, invite: ProfileId, certificate: &Certificate) -> WordsView {
    let Words { en, es } = words::comparison(replica.profile.agency, invite, certificate);
    WordsView { en, es }
}

/// The invite that I claimed, and with what, while nobody has confirmed me.
fn my_claim(replica: &Replica) -> Option<(ProfileId, Certificate)> {
    let me = replica.profile.profile;
    if let Some(known) = replica.roster.known(me) {
        let invite = replica.roster.unconfirmed(me)?.key;
        return Some((invite, known.clone()));
    }
    // The relay has not been reached: it is in what is to be said first.
    let first = replica.profile.enrolling.as_ref()?.items.first()?;
    let claim: Verified = Envelope::decode(first).ok()?.verify().ok()?;
    match Statement::from_envelope(&claim) {
        Ok(Statement::Claim(said)) => Some((claim.header().author, said.certificate)),
        _ => None,
    }
}
