//! The access log's entries and how they are sealed: by HPKE to a key that follows from the audit
//! stream's, so that everybody may write and only those who hold that key may read. Owns the rule that
//! an entry says who did what to which case and when, and never what a record says.

use hpke::{
    Deserializable as _, OpModeR, OpModeS, Serializable as _, aead::ChaCha20Poly1305,
    kdf::HkdfSha256, kem::XWing, single_shot_open, single_shot_seal_with_rng,
};
use satchel_wire::{Envelope, EpochId, Header, Kind, Millis, StreamId, Verified, roster::Audit};
use serde::{Deserialize, Serialize};

use crate::{
    body,
    grant::{Derived, ENCAPPED_LEN},
    io::Rng,
    keys::{Opener, Secret, Signer, hpke_public},
    seal::padded_len,
};

/// The most entries of one envelope.
pub const ENTRIES_MAX: usize = 64;
/// The longest code of a deed, in bytes.
const DEED_LEN_MAX: usize = 32;

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, by their tablet's clock.
    pub at: Millis,
    /// A code, as `view`; a newer app may write others than this one knows.
    pub deed: String,
    /// To which case; none where it was to no single one.
    pub case: Option<StreamId>,
    /// How often, within some minutes.
    pub times: u32,
}

#[derive(Serialize, Deserialize)]
struct AccessBody {
    entries: Vec<Entry>,
}

/// Why entries cannot be sealed or do not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// The agency's statement holds no X-Wing key.
    #[error("the access log's key is not usable")]
    BadKey,
    /// More than an envelope holds.
    #[error("more entries than an envelope holds")]
    TooLarge,
    /// Sealed to another key, or changed.
    #[error("entries of the access log do not open")]
    NotForUs,
    /// What is inside cannot be read.
    #[error("entries of the access log cannot be read: update the app")]
    Malformed,
}

/// The key pair that follows from an audit stream's epoch key.
pub fn opener(epoch: &Secret) -> Opener {
    Opener::from_seed(&epoch.derive(&[], &[b"satchel/audit-key/1"]))
}

/// Seals entries as the next envelope of a chain; `header` names agency, chain and place.
///
/// # Errors
/// [`AuditError`].
pub fn seal(
    mut header: Header,
    audit: &Audit,
    entries: &[Entry],
    signer: &Signer,
    rng: &mut dyn Rng,
) -> Result<Verified, AuditError> {
    if entries.len() > ENTRIES_MAX {
        return Err(AuditError::TooLarge);
    }
    header.kind = Kind::Access;
    header.stream = audit.stream;
    header.epoch = audit.epoch;
    header.author = signer.public();
    let entries = entries.to_vec();
    let mut plain = body::encode(&AccessBody { entries });
    plain.resize(padded_len(plain.len()), 0);
    let public = hpke_public(&audit.key).ok_or(AuditError::BadKey)?;
    let info = info(&header);
    let mut drawn = Derived {
        key: &Secret::random(rng),
        info: &info,
        drawn: 0,
    };
    let (encapped, sealed) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeS::Base,
        &public,
        &info,
        &plain,
        &[],
        &mut drawn,
    )
    .map_err(|_| AuditError::BadKey)?;
    let sealed = [encapped.to_bytes().as_slice(), &sealed].concat();
    Envelope::sign(header, sealed, signer.pair()).map_err(|_| AuditError::TooLarge)
}

/// Opens an envelope's entries.
///
/// # Errors
/// [`AuditError`].
pub fn open(envelope: &Verified, opener: &Opener) -> Result<Vec<Entry>, AuditError> {
    let (encapped, sealed) = envelope
        .body()
        .split_at_checked(ENCAPPED_LEN)
        .ok_or(AuditError::NotForUs)?;
    let encapped = <XWing as hpke::Kem>::EncappedKey::from_bytes(encapped)
        .map_err(|_| AuditError::NotForUs)?;
    let plain = single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeR::Base,
        opener.private(),
        &encapped,
        &info(envelope.header()),
        sealed,
        &[],
    )
    .map_err(|_| AuditError::NotForUs)?;
    let body: AccessBody = body::decode(&plain).map_err(|_| AuditError::Malformed)?;
    let fits = |entry: &Entry| !entry.deed.is_empty() && entry.deed.len() <= DEED_LEN_MAX;
    if body.entries.len() <= ENTRIES_MAX && body.entries.iter().all(fits) {
        Ok(body.entries)
    } else {
        Err(AuditError::Malformed)
    }
}

/// The place that sealed entries belong to: they open at no other.
fn info(header: &Header) -> Vec<u8> {
    let epoch: EpochId = header.epoch;
    [
        b"satchel/access/1".as_slice(),
        header.agency.as_bytes(),
        header.stream.as_bytes(),
        epoch.as_bytes(),
        header.author.as_bytes(),
        header.chain.as_bytes(),
        &header.n.to_be_bytes(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use satchel_wire::{AgencyId, ChainId, EnvelopeId, ProfileId};

    use super::*;
    use crate::rng::Seeded;

    fn entries(n: usize) -> Vec<Entry> {
        let entry = |i: usize| Entry {
            at: Millis(1_000 + i as u64),
            deed: "view".into(),
            case: i.is_multiple_of(2).then_some(StreamId([3; 16])),
            times: 1,
        };
        (0..n).map(entry).collect()
    }

    fn sealed(entries: &[Entry]) -> (Result<Verified, AuditError>, Secret) {
        let mut rng = Seeded::new(4);
        let epoch = Secret::random(&mut rng);
        let signer = Signer::from_seed(&Secret::random(&mut rng)).unwrap();
        let audit = Audit::new(
            AgencyId([1; 32]),
            ProfileId([2; 32]),
            EpochId([5; 32]),
            opener(&epoch).public().to_vec(),
        );
        let header = Header::control(
            AgencyId([1; 32]),
            StreamId::ZERO,
            ProfileId::ZERO,
            EnvelopeId([3; 32]),
        )
        .after(ChainId([4; 16]), 1, EnvelopeId::ZERO);
        (seal(header, &audit, entries, &signer, &mut rng), epoch)
    }

    #[test]
    fn entries_open_for_who_holds_the_epoch_key_and_nobody_else() {
        let (envelope, epoch) = sealed(&entries(3));
        let envelope = envelope.unwrap();
        assert_eq!(envelope.header().kind, Kind::Access);
        assert_eq!(open(&envelope, &opener(&epoch)), Ok(entries(3)));
        let mut other = epoch.clone();
        other.0[0] ^= 1;
        assert_eq!(open(&envelope, &opener(&other)), Err(AuditError::NotForUs));
        let bytes = envelope.encode();
        for at in (0..bytes.len()).step_by(97) {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            let read = Envelope::decode(&bad).and_then(Envelope::verify);
            assert!(read.is_err(), "byte {at}");
        }
    }

    #[test]
    fn lengths_tell_little_and_are_bounded() {
        let len = |n| sealed(&entries(n)).0.map(|one| one.body().len());
        assert_eq!(len(1), len(5));
        assert!(len(ENTRIES_MAX).is_ok());
        assert_eq!(len(ENTRIES_MAX + 1), Err(AuditError::TooLarge));
    }
}
