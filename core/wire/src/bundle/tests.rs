//! A bundle with any byte changed loses the part in which that is and nothing else.

use ring::signature::{Ed25519KeyPair, KeyPair as _};

use super::*;
use crate::ids::EnvelopeId;

fn key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

fn maker() -> Maker {
    Maker::Relay {
        key: RelayKey(key().public_key().as_ref().try_into().unwrap()),
        incarnation: Incarnation([3; 16]),
    }
}

fn parts() -> Vec<Part> {
    let end = Reached {
        chain: ChainId([5; 16]),
        n: 300,
        id: EnvelopeId([6; 32]),
    };
    let held = Held {
        ends: vec![(ProfileId([4; 32]), vec![end])],
        registers: vec![(ProfileId([4; 32]), ChainId([9; 16]), 2)],
        grants: vec![[1; 8]],
    };
    let stretch = |fill: u8| Stretch {
        stream: StreamId([fill; 16]),
        envelopes: vec![(Millis(fill.into()), ByteBuf::from(vec![fill; 40]))],
        registers: vec![ByteBuf::from(vec![fill; 20])],
    };
    vec![
        Part::Head(Head {
            agency: AgencyId([1; 32]),
            maker: maker(),
            at: Millis(1_790_000_000_000),
            since: None,
        }),
        Part::Held(vec![(StreamId([1; 16]), held)]),
        Part::Stretch(stretch(1)),
        // A mark inside of a part is no part.
        Part::Stretch(Stretch {
            registers: vec![ByteBuf::from(MARK.to_vec())],
            ..stretch(2)
        }),
        Part::Grants(vec![Grant {
            stream: StreamId([1; 16]),
            epoch: EpochId([2; 32]),
            recipient: ProfileId([4; 32]),
            sealed: vec![8; 30],
        }]),
    ]
}

/// The file, and where each part of it begins.
fn file() -> (Vec<u8>, Vec<usize>) {
    let mut writer = Writer::new([0xbb; 16]);
    let (mut bytes, mut starts) = (Vec::new(), Vec::new());
    for part in parts() {
        starts.push(bytes.len());
        bytes.extend(writer.part(&part).unwrap());
    }
    starts.push(bytes.len());
    let sign = |message: &[u8]| key().sign(message).as_ref().to_vec();
    bytes.extend(writer.close(sign).unwrap());
    (bytes, starts)
}

fn read(bytes: &[u8], piece: usize) -> Vec<Result<Found, BundleError>> {
    let mut reader = Reader::default();
    let mut found = Vec::new();
    for piece in bytes.chunks(piece) {
        reader.feed(piece);
        while let Some(next) = reader.take() {
            found.push(next);
        }
    }
    reader.finish();
    while let Some(next) = reader.take() {
        found.push(next);
    }
    found
}

fn whole(found: &[Result<Found, BundleError>]) -> Vec<u32> {
    found.iter().flatten().map(|found| found.index).collect()
}

#[test]
fn what_was_written_is_read_in_pieces_of_any_size() {
    let (bytes, _) = file();
    for piece in [1, 7, 64, 1000, bytes.len()] {
        let found: Vec<Found> = read(&bytes, piece)
            .into_iter()
            .map(Result::unwrap)
            .collect();
        let all: Vec<Part> = found.iter().map(|one| one.part.clone()).collect();
        let (last, others) = all.split_last().unwrap();
        assert_eq!(others, parts());
        let Part::Close(close) = last else {
            panic!("no end")
        };
        assert!(close.is_by(&maker()));
        for one in found.iter().take(others.len()) {
            assert!(close.lists(one.index, &one.digest));
        }
    }
}

#[test]
fn any_changed_byte_costs_its_own_part_and_no_other() {
    let (bytes, starts) = file();
    let all: Vec<u32> = (0..starts.len() as u32).collect();
    for at in 0..bytes.len() {
        let hit = starts.iter().filter(|start| **start <= at).count() as u32 - 1;
        for flip in [1, 0x80, 0xff] {
            let mut bad = bytes.clone();
            bad[at] ^= flip;
            let found = read(&bad, 50);
            let left: Vec<u32> = all.iter().copied().filter(|index| *index != hit).collect();
            assert_eq!(whole(&found), left, "byte {at}");
            let told: Vec<_> = found.iter().filter(|one| one.is_err()).collect();
            assert_eq!(told, [&Err(BundleError::Damaged)], "byte {at}");
        }
    }
}

#[test]
fn what_is_cut_off_or_put_in_between_is_left_out() {
    let (bytes, starts) = file();
    for len in 1..bytes.len() {
        let found = read(&bytes[..len], 50);
        let kept = starts.iter().filter(|start| **start <= len).count() - 1;
        assert_eq!(whole(&found).len(), kept);
        let clean = starts.contains(&len);
        assert_eq!(found.iter().any(Result::is_err), !clean, "{len}");
        let (before, after) = bytes.split_at(len);
        let widened = [before, b"junk", after].concat();
        let expected = if clean {
            starts.len()
        } else {
            starts.len() - 1
        };
        assert_eq!(whole(&read(&widened, 50)).len(), expected, "{len}");
    }
}

#[test]
fn another_bundles_part_is_told_by_the_end() {
    let (bytes, _) = file();
    let mut other = Writer::new([0xbb; 16]);
    let foreign = other.part(&Part::Grants(Vec::new())).unwrap();
    let found = read(&[foreign, bytes].concat(), 4096);
    let mut ends = found.iter().flatten().filter_map(|one| match &one.part {
        Part::Close(close) => Some(close.clone()),
        _ => None,
    });
    let close = ends.next_back().unwrap();
    let first = found[0].as_ref().unwrap();
    assert!(!close.lists(first.index, &first.digest));
    let mut forged = close;
    forged.parts[0] = first.digest;
    assert!(!forged.is_by(&maker()));
}

#[test]
fn a_hostile_file_costs_little() {
    // Each mark announces half a megabyte that is not there as such.
    let mut header = MARK.to_vec();
    header.push(VERSION);
    header.extend([0; 20]);
    header.extend((PART_LEN_MAX as u32).to_be_bytes());
    header.extend([0; 32]);
    let bytes = header.repeat(40_000);
    let found = read(&bytes, 64 * 1024);
    assert_eq!(found, [Err(BundleError::TooDamaged)]);
}

#[test]
fn a_newer_version_is_named() {
    let payload = b"whatever it says";
    let mut bytes = MARK.to_vec();
    bytes.push(2);
    bytes.extend([1; 16]);
    bytes.extend(0_u32.to_be_bytes());
    bytes.extend((payload.len() as u32).to_be_bytes());
    bytes.extend(digest_of(&[1; 16], 2, 0, payload));
    bytes.extend(payload);
    assert_eq!(read(&bytes, 10), [Err(BundleError::Version(2))]);
}

#[test]
fn parts_are_filled_and_never_too_long() {
    let mut filler = Filler::default();
    let mut full = Vec::new();
    for at in 0..400_u64 {
        let stream = StreamId([(at / 150) as u8; 16]);
        let len = if at == 77 { 240 * 1024 + 335 } else { 3_000 };
        full.extend(filler.envelope(stream, Millis(at), &vec![1; len]));
    }
    full.extend(filler.rest());
    let mut order = Vec::new();
    let mut writer = Writer::new([1; 16]);
    for part in &full {
        assert!(writer.part(part).unwrap().len() <= PART_LEN_TARGET + PART_HEADER_LEN + 2048);
        let Part::Stretch(stretch) = part else {
            panic!("no stretch")
        };
        order.extend(stretch.envelopes.iter().map(|(at, _)| at.0));
    }
    assert_eq!(order, (0..400).collect::<Vec<_>>());
    // Of several kinds by turns nothing is left behind.
    let grant = |fill: u8| Grant {
        stream: StreamId::ZERO,
        epoch: EpochId::ZERO,
        recipient: ProfileId::ZERO,
        sealed: vec![fill; 9],
    };
    let mut turns = Vec::new();
    for turn in 0..4 {
        turns.extend(filler.envelope(StreamId([turn; 16]), Millis(0), &[turn]));
        turns.extend(filler.register(StreamId([turn; 16]), &[turn]));
        turns.extend(filler.grant(grant(turn)));
        turns.extend(filler.grant(grant(turn)));
    }
    turns.extend(filler.rest());
    assert_eq!((turns.len(), filler.rest()), (8, None));
    let held = Held {
        ends: (0..9_000)
            .map(|at: u32| {
                let mut author = ProfileId::ZERO;
                author.0[..4].copy_from_slice(&at.to_be_bytes());
                let end = Reached {
                    chain: ChainId([1; 16]),
                    n: u64::MAX,
                    id: EnvelopeId([2; 32]),
                };
                (author, vec![end; 3])
            })
            .collect(),
        ..Held::default()
    };
    assert_eq!(filler.held(StreamId::ZERO, held), None);
    let part = filler.rest().unwrap();
    assert!(writer.part(&part).unwrap().len() < PART_LEN_MAX);
}
