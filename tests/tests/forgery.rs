//! Nothing that was changed after it was signed or sealed is taken for what it was: every bit of
//! hundreds of envelopes, each field of a header swapped and signed anew, and a ciphertext that is
//! built to open under two keys, which only the commitment keeps from doing so.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use chacha20::{
    ChaCha20,
    cipher::{KeyIvInit as _, StreamCipher as _},
};
use num_bigint::BigUint;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use satchel_core::{
    grant,
    keys::{Opener, Secret, Signer, hkdf, random},
    rng::Seeded,
    seal::{self, SealError},
};
use satchel_wire::{
    AgencyId, Certificate, ChainId, Claim, Envelope, EnvelopeId, EpochId, Grant, Header, Invite,
    Kind, Millis, ProfileId, RelayKey, Role, StaffId, Statement, StreamId, Verified,
    control::Reached,
};
use serde_bytes::ByteBuf;

fn signer(rng: &mut Seeded) -> Signer {
    Signer::from_seed(&Secret(random(rng))).unwrap()
}

fn certificate(rng: &mut Seeded) -> (Certificate, Signer) {
    let tablet = signer(rng);
    let certificate = Certificate {
        profile: tablet.public(),
        staff: StaffId(random(rng)),
        role: Role::Worker,
        transport: random(rng),
        // Shorter than a real one: what is signed does not depend on it.
        hpke: random::<24>(rng).to_vec(),
    };
    (certificate, tablet)
}

/// One of each statement; a new one does not compile without its row.
fn statements(rng: &mut Seeded) -> Vec<Statement> {
    let names = |rng: &mut Seeded| vec![ProfileId(random(rng)), ProfileId(random(rng))];
    let reached = |rng: &mut Seeded| Reached {
        chain: ChainId(random(rng)),
        n: 300,
        id: EnvelopeId(random(rng)),
    };
    let (claimed, tablet) = certificate(rng);
    let all = vec![
        Statement::Found {
            relays: vec![RelayKey(random(rng))],
            recovery: random::<24>(rng).to_vec(),
        },
        Statement::Certify(certificate(rng).0),
        Statement::Invite(Invite {
            key: ProfileId(random(rng)),
            hpke: random::<24>(rng).to_vec(),
            staff: StaffId(random(rng)),
            role: Role::Worker,
            expires_at: Millis(1_790_000_000_000),
        }),
        Statement::Claim(Claim::new(
            AgencyId(random(rng)),
            ProfileId(random(rng)),
            claimed,
            tablet.pair(),
        )),
        Statement::Epoch {
            nonce: random(rng),
            members: names(rng),
            commitment: random(rng),
        },
        Statement::Admit {
            epoch: EpochId(random(rng)),
            members: names(rng),
        },
        Statement::Revoke {
            key: ProfileId(random(rng)),
            stands: vec![EnvelopeId(random(rng))],
        },
        Statement::Rotate {
            parents: vec![EpochId(random(rng))],
            members: names(rng),
            removed: names(rng),
            frontier: vec![reached(rng)],
            commitment: random(rng),
            keys: vec![ByteBuf::from(random::<48>(rng).to_vec())],
        },
        Statement::Rule {
            upto: reached(rng),
            stands: true,
            over: vec![EnvelopeId(random(rng))],
        },
        Statement::Audit {
            creator: ProfileId(random(rng)),
            epoch: EpochId(random(rng)),
            key: random::<24>(rng).to_vec(),
            over: vec![EnvelopeId(random(rng))],
        },
    ];
    for statement in &all {
        match statement {
            Statement::Found { .. }
            | Statement::Certify(_)
            | Statement::Invite(_)
            | Statement::Claim(_)
            | Statement::Epoch { .. }
            | Statement::Admit { .. }
            | Statement::Revoke { .. }
            | Statement::Rotate { .. }
            | Statement::Rule { .. }
            | Statement::Audit { .. } => {}
        }
    }
    all
}

fn header(rng: &mut Seeded) -> Header {
    let agency = AgencyId(random(rng));
    let header = Header::control(
        agency,
        StreamId(random(rng)),
        ProfileId::ZERO,
        EnvelopeId(random(rng)),
    );
    header.after(ChainId(random(rng)), 7, EnvelopeId(random(rng)))
}

/// One of each kind, with its key where it has one.
fn sealed(rng: &mut Seeded, kind: Kind) -> (Verified, Secret, Signer) {
    let (by, key) = (signer(rng), Secret(random(rng)));
    let mut header = header(rng);
    header.kind = kind;
    if kind == Kind::Register {
        header.prev = EnvelopeId::ZERO;
    }
    let epoch = EpochId(random(rng));
    let envelope = seal::seal(header, epoch, &key, b"she was at home", &by, rng).unwrap();
    (envelope, key, by)
}

/// At least `count` envelopes: changes, registers and each statement, all different.
fn envelopes(rng: &mut Seeded, count: usize) -> Vec<Verified> {
    let mut all = Vec::new();
    while all.len() < count {
        let by = signer(rng);
        for statement in statements(rng) {
            let header = header(rng);
            all.push(Envelope::sign(header, statement.encode(), by.pair()).unwrap());
        }
        for kind in [Kind::Change, Kind::Register] {
            all.push(sealed(rng, kind).0);
        }
        let (mut header, body) = (header(rng), random::<64>(rng).to_vec());
        header.kind = Kind::Access;
        header.epoch = EpochId(random(rng));
        all.push(Envelope::sign(header, body, by.pair()).unwrap());
    }
    all
}

#[test]
fn no_flipped_bit_of_any_envelope_is_accepted() {
    let all = envelopes(&mut Seeded::new(1), 200);
    let halves: Vec<&[Verified]> = all.chunks(all.len().div_ceil(2)).collect();
    let flip = |some: &[Verified]| {
        let mut tried = 0_u64;
        for envelope in some {
            let mut bytes = envelope.encode();
            assert!(Envelope::decode(&bytes).and_then(Envelope::verify).is_ok());
            for bit in 0..bytes.len() * 8 {
                bytes[bit / 8] ^= 1 << (bit % 8);
                let read = Envelope::decode(&bytes).and_then(Envelope::verify);
                assert!(read.is_err(), "bit {bit} of {:?}", envelope.header().kind);
                bytes[bit / 8] ^= 1 << (bit % 8);
                tried += 1;
            }
        }
        tried
    };
    let tried: u64 = std::thread::scope(|scope| {
        let parts: Vec<_> = halves
            .iter()
            .map(|half| scope.spawn(|| flip(half)))
            .collect();
        parts.into_iter().map(|part| part.join().unwrap()).sum()
    });
    println!(
        "{tried} bits of {} envelopes flipped, 0 accepted",
        all.len()
    );
    assert!(all.len() >= 200 && tried > 500_000);
}

/// Every field of a header, taken from another one. A new field does not compile here.
fn swapped(one: &Header, other: &Header) -> Vec<(&'static str, Header)> {
    let Header {
        version: _,
        suite: _,
        kind: _,
        agency,
        stream,
        author,
        chain,
        n,
        prev,
        epoch,
        roster,
        salt,
        commitment,
        len: _,
    } = other.clone();
    let kind = match one.kind {
        Kind::Change => Kind::Register,
        Kind::Register | Kind::Control | Kind::Access => Kind::Change,
    };
    let with = |change: &dyn Fn(&mut Header)| {
        let mut changed = one.clone();
        change(&mut changed);
        changed
    };
    vec![
        ("version", with(&|header| header.version = 2)),
        ("suite", with(&|header| header.suite = 2)),
        ("kind", with(&|header| header.kind = kind)),
        ("agency", with(&|header| header.agency = agency)),
        ("stream", with(&|header| header.stream = stream)),
        ("author", with(&|header| header.author = author)),
        ("chain", with(&|header| header.chain = chain)),
        ("n", with(&|header| header.n = n + 1)),
        ("prev", with(&|header| header.prev = prev)),
        ("epoch", with(&|header| header.epoch = epoch)),
        ("roster", with(&|header| header.roster = roster)),
        ("salt", with(&|header| header.salt = salt)),
        ("commitment", with(&|header| header.commitment = commitment)),
        ("len", with(&|header| header.len += 1)),
    ]
}

#[test]
fn no_header_field_can_be_exchanged_whoever_signs_it_anew() {
    let mut rng = Seeded::new(2);
    let (mut tried, mut resigned) = (0, 0);
    for _ in 0..20 {
        for kind in [Kind::Change, Kind::Register] {
            let (envelope, key, by) = sealed(&mut rng, kind);
            let (other, ..) = sealed(&mut rng, kind);
            let member = signer(&mut rng);
            assert!(seal::open(&envelope, &key).is_ok());
            let bytes = envelope.encode();
            let rest = &bytes[satchel_wire::envelope::HEADER_LEN..];
            for (field, header) in swapped(envelope.header(), other.header()) {
                if header == *envelope.header() {
                    // A register has no predecessor to exchange.
                    continue;
                }
                tried += 1;
                let forged = [&header.to_bytes(), rest].concat();
                let read = Envelope::decode(&forged).and_then(Envelope::verify);
                assert!(read.is_err(), "{field}");
                // Its author may sign what they like, and so may a colleague who knows the key: it
                // is never the same words in another place.
                for author in [&by, &member] {
                    let body = envelope.body().to_vec();
                    let Ok(signed) = Envelope::sign(header.clone(), body, author.pair()) else {
                        continue;
                    };
                    if signed.header() == envelope.header() {
                        // `author` and `len` are what they have to be again.
                        assert!(matches!(field, "author" | "len"), "{field}");
                        continue;
                    }
                    resigned += 1;
                    assert!(seal::open(&signed, &key).is_err(), "{field}");
                }
            }
        }
    }
    println!("{tried} headers exchanged, {resigned} signed anew, 0 accepted");
    assert!(tried >= 500 && resigned >= 500);
}

#[test]
fn no_flipped_bit_or_exchanged_name_of_a_grant_opens() {
    let mut rng = Seeded::new(3);
    let reader = Opener::from_seed(&Secret(random(&mut rng)));
    let key = Secret(random(&mut rng));
    let (agency, stream) = (AgencyId(random(&mut rng)), StreamId(random(&mut rng)));
    let (epoch, name) = (EpochId(random(&mut rng)), ProfileId(random(&mut rng)));
    let given = grant::grant(agency, stream, epoch, &key, name, reader.public()).unwrap();
    let fits = seal::epoch_commitment(&key);
    assert!(grant::accept(agency, &given, &fits, &reader).is_ok());
    // Where a bit lies in the lattice makes no difference: one in each byte, another each time.
    for byte in 0..given.sealed.len() {
        let mut bad = given.clone();
        bad.sealed[byte] ^= 1 << (byte % 8);
        assert!(
            grant::accept(agency, &bad, &fits, &reader).is_err(),
            "{byte}"
        );
    }
    let others = [
        Grant {
            stream: StreamId(random(&mut rng)),
            ..given.clone()
        },
        Grant {
            epoch: EpochId(random(&mut rng)),
            ..given.clone()
        },
        Grant {
            recipient: ProfileId(random(&mut rng)),
            ..given.clone()
        },
    ];
    for other in others {
        assert!(grant::accept(agency, &other, &fits, &reader).is_err());
    }
    assert!(grant::accept(AgencyId([1; 32]), &given, &fits, &reader).is_err());
}

/// What one of two keys makes of a ciphertext's tag: `r` and `s` of Poly1305 (RFC 8439, 2.5).
struct Mac {
    r: BigUint,
    s: BigUint,
}

/// The prime of Poly1305, 2^130 - 5.
fn p() -> BigUint {
    (BigUint::from(1_u8) << 130) - 5_u8
}

impl Mac {
    fn of(key: &[u8; 32]) -> Self {
        let mut block = [0; 32];
        ChaCha20::new(key.into(), &[0; 12].into()).apply_keystream(&mut block);
        for i in [3, 7, 11, 15] {
            block[i] &= 15;
        }
        for i in [4, 8, 12] {
            block[i] &= 252;
        }
        Self {
            r: BigUint::from_bytes_le(&block[..16]),
            s: BigUint::from_bytes_le(&block[16..]),
        }
    }

    /// The polynomial over all blocks, modulo p.
    fn over(&self, blocks: &[[u8; 16]]) -> BigUint {
        blocks.iter().fold(BigUint::ZERO, |sum, block| {
            let block = BigUint::from_bytes_le(block) + (BigUint::from(1_u8) << 128);
            (sum + block) * &self.r % p()
        })
    }

    fn tag(&self, blocks: &[[u8; 16]]) -> [u8; 16] {
        let tag: BigUint = (self.over(blocks) + &self.s) % (BigUint::from(1_u8) << 128);
        let mut bytes = tag.to_bytes_le();
        bytes.resize(16, 0);
        bytes.try_into().unwrap()
    }
}

fn blocks_of(aad: &[u8], body: &[u8]) -> Vec<[u8; 16]> {
    let mut bytes = aad.to_vec();
    bytes.resize(aad.len().next_multiple_of(16), 0);
    bytes.extend_from_slice(body);
    bytes.resize(bytes.len().next_multiple_of(16), 0);
    bytes.extend_from_slice(&(aad.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&(body.len() as u64).to_le_bytes());
    bytes
        .chunks(16)
        .map(|block| block.try_into().unwrap())
        .collect()
}

/// A ciphertext with its tag that opens under both keys, after Len, Grubbs and Ristenpart
/// ('Partitioning Oracle Attacks', 2021): the tag is linear in any one block.
fn opens_under_both(keys: [&[u8; 32]; 2], aad: &[u8], len: usize, rng: &mut Seeded) -> Vec<u8> {
    let [one, two] = keys.map(Mac::of);
    loop {
        let mut body = vec![0; len];
        satchel_core::io::Rng::fill(rng, &mut body);
        let free = len / 16 - 1;
        body[free * 16..(free + 1) * 16].fill(0);
        let blocks = blocks_of(aad, &body);
        let from_end = blocks.len() - (aad.len().div_ceil(16) + free);
        let power = |mac: &Mac| mac.r.modpow(&BigUint::from(from_end), &p());
        // h2 - h1 = (rest2 - rest1) + x * (r2^e - r1^e) has to be s1 - s2 modulo 2^128.
        let minus = |a: BigUint, b: BigUint| (a + p() - b % p()) % p();
        let slope = minus(power(&two), power(&one));
        let rest = minus(two.over(&blocks), one.over(&blocks));
        let difference = minus(one.s.clone() % p(), two.s.clone());
        let inverse = slope.modpow(&(p() - 2_u8), &p());
        let x = minus(difference, rest) * inverse % p();
        // `x` is on top of the block's own 2^128, which `over` has counted already.
        if x.bits() > 128 {
            continue;
        }
        let mut block = x.to_bytes_le();
        block.resize(16, 0);
        body[free * 16..(free + 1) * 16].copy_from_slice(&block);
        let blocks = blocks_of(aad, &body);
        if one.tag(&blocks) == two.tag(&blocks) {
            return [body.as_slice(), &one.tag(&blocks)].concat();
        }
    }
}

/// The envelope's own key and commitment, as docs/PROTOCOL.md says.
fn envelope_key(header: &Header, key: &Secret) -> ([u8; 32], [u8; 32]) {
    let mut out = [0; 64];
    let label: &[u8] = b"satchel/envelope-key/1";
    hkdf(
        &key.0,
        &header.salt,
        &[label, &header.key_context()],
        &mut out,
    );
    (out[..32].try_into().unwrap(), out[32..].try_into().unwrap())
}

#[test]
fn a_ciphertext_that_opens_under_two_keys_is_opened_under_one_at_most() {
    let mut rng = Seeded::new(4);
    for turn in 0..20 {
        let by = signer(&mut rng);
        let keys = [Secret(random(&mut rng)), Secret(random(&mut rng))];
        let mut header = header(&mut rng);
        header.kind = Kind::Change;
        header.epoch = EpochId(random(&mut rng));
        header.salt = random(&mut rng);
        header.author = by.public();
        header.len = 256 + 16;
        let own = [0, 1].map(|i| envelope_key(&header, &keys[i]));
        // The attacker commits to either, or to neither.
        header.commitment = match turn % 3 {
            2 => random(&mut rng),
            i => own[i].1,
        };
        let aad = header.to_bytes();
        let body = opens_under_both([&own[0].0, &own[1].0], &aad, 256, &mut rng);
        // Without the commitment it is real: ring opens it under both.
        for (key, _) in &own {
            let cipher = LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).unwrap());
            let nonce = Nonce::assume_unique_for_key([0; 12]);
            let mut text = body.clone();
            assert!(
                cipher
                    .open_in_place(nonce, Aad::from(&aad), &mut text)
                    .is_ok()
            );
        }
        let signed = Envelope::sign(header.clone(), body, by.pair()).unwrap();
        assert_eq!(signed.header(), &header);
        for (i, key) in keys.iter().enumerate() {
            let opened = seal::open(&signed, key);
            if turn % 3 == i {
                assert!(opened.is_ok());
            } else {
                assert_eq!(opened, Err(SealError::Key));
            }
        }
    }
}
