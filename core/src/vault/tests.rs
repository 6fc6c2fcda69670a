//! A vault opens with its passphrase, on its tablet, as it was written, and not otherwise.

use super::*;
use crate::rng::Seeded;

const PASSPHRASE: &str = "green river stone";
const PROFILE: ProfileId = ProfileId([1; 32]);

fn device(n: u8) -> Device {
    Device {
        secret: vec![n; 32],
        transport: vec![0; 32],
    }
}

fn secrets() -> Secrets {
    let mut rng = Seeded::new(4);
    Secrets {
        signing: Secret::random(&mut rng),
        opening: Secret::random(&mut rng),
        storage: Secret::random(&mut rng),
        invite: None,
        founding: None,
    }
}

fn closed(passphrase: &str, cost: Cost) -> Result<Vec<u8>, Failure> {
    let mut rng = Seeded::new(5);
    close(&secrets(), PROFILE, passphrase, &device(1), cost, &mut rng)
}

fn opened(bytes: &[u8], passphrase: &str, on: u8) -> Result<Secret, Failure> {
    open(bytes, passphrase, &device(on), Cost::TRIVIAL).map(|secrets| secrets.signing.clone())
}

#[test]
fn opens_with_its_passphrase_on_its_tablet_alone() {
    let bytes = closed(PASSPHRASE, Cost::TRIVIAL).unwrap();
    assert!(opened(&bytes, PASSPHRASE, 1) == Ok(secrets().signing.clone()));
    for (passphrase, on) in [("green river stonE", 1), (PASSPHRASE, 2), ("", 1)] {
        assert!(opened(&bytes, passphrase, on) == Err(Failure::WrongPassphrase));
    }
}

#[test]
fn a_passphrase_has_fifteen_characters_of_any_kind() {
    for (passphrase, long_enough) in [
        ("fourteen chars", false),
        ("fifteen charact", true),
        ("               ", true),
        // Characters, not bytes.
        ("ñññññññññññññññ", true),
        ("ññññññññññññññ", false),
    ] {
        let expected = if long_enough {
            Ok(())
        } else {
            Err(Failure::ShortPassphrase { min: 15 })
        };
        assert_eq!(check_passphrase(passphrase), expected, "{passphrase}");
        assert_eq!(
            closed(passphrase, Cost::TRIVIAL).is_ok(),
            long_enough,
            "{passphrase}"
        );
    }
}

#[test]
fn a_vault_out_of_bounds_is_refused_without_the_work() {
    let mut closed: Closed =
        postcard::from_bytes(&closed(PASSPHRASE, Cost::TRIVIAL).unwrap()).unwrap();
    for (memory_kib, passes) in [
        (19 * 1024 - 1, 2),
        (19 * 1024, 1),
        (64 * 1024 + 1, 3),
        (64 * 1024, 4),
        // 4 TiB, and a pass for each second of a century: had it been tried, this would not end.
        (u32::MAX, u32::MAX),
    ] {
        closed.cost = Cost { memory_kib, passes };
        let bytes = postcard::to_stdvec(&closed).unwrap();
        let refused = open(&bytes, PASSPHRASE, &device(1), Cost::FLOOR);
        assert!(refused.err() == Some(Failure::Damaged), "{:?}", closed.cost);
    }
}

#[test]
fn the_bounds_themselves_open_and_their_header_is_authenticated() {
    for (cost, other) in [(Cost::FLOOR, Cost::CEILING), (Cost::CEILING, Cost::FLOOR)] {
        let bytes = closed(PASSPHRASE, cost).unwrap();
        assert!(open(&bytes, PASSPHRASE, &device(1), Cost::FLOOR).is_ok());
        let mut changed: Closed = postcard::from_bytes(&bytes).unwrap();
        changed.cost = other;
        let bytes = postcard::to_stdvec(&changed).unwrap();
        let refused = open(&bytes, PASSPHRASE, &device(1), Cost::FLOOR);
        assert!(refused.err() == Some(Failure::WrongPassphrase));
    }
}

#[test]
fn no_changed_byte_opens() {
    let bytes = closed(PASSPHRASE, Cost::TRIVIAL).unwrap();
    for i in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[i] ^= 1;
        assert!(opened(&changed, PASSPHRASE, 1).is_err(), "byte {i}");
    }
}
