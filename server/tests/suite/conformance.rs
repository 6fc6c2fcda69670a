//! What every store has to do, whatever it is made of. A new store adds one line to `stores!`.

use std::ops::ControlFlow;

use satchel_server::{
    Identity, SqliteStore,
    store::{SetupHash, Store, StoreError},
};
use satchel_wire::{
    AgencyId, Cursor, EpochId, Grant, Incarnation, Millis, ProfileId, RelayKey, SetupToken,
    StreamId,
};

use crate::common::Agency;

macro_rules! stores {
    ($($name:ident: $open:expr;)*) => {$(
        mod $name {
            use super::*;
            #[test]
            fn keeps_its_identity() { super::keeps_its_identity(&mut $open) }
            #[test]
            fn numbers_each_stream_densely() { super::numbers_each_stream_densely(&mut $open) }
            #[test]
            fn writes_all_or_nothing() { super::writes_all_or_nothing(&mut $open) }
            #[test]
            fn keeps_the_latest_register() { super::keeps_the_latest_register(&mut $open) }
            #[test]
            fn numbers_grants_upwards() { super::numbers_grants_upwards(&mut $open) }
            #[test]
            fn lists_readers() { super::lists_readers(&mut $open) }
            #[test]
            fn uses_a_token_up() { super::uses_a_token_up(&mut $open) }
        }
    )*};
}

stores! {
    memory: SqliteStore::open_in_memory().unwrap();
    file: {
        let dir = tempfile::tempdir().unwrap();
        // Kept until the test ends by leaking it: the store holds no directory.
        let path = dir.keep().join("satchel.db");
        SqliteStore::open(&path).unwrap()
    };
}

const STREAM: StreamId = StreamId([2; 16]);

fn begun(store: &mut impl Store, agency: AgencyId, streams: &[StreamId]) {
    store
        .write(|write| {
            streams
                .iter()
                .try_for_each(|stream| write.begin(*stream, agency))
        })
        .unwrap();
}

fn keeps_its_identity(store: &mut impl Store) {
    assert!(store.read(|read| read.identity()).unwrap().is_none());
    let identity = Identity {
        seed: [1; 32],
        incarnation: Incarnation([2; 16]),
    };
    store.write(|write| write.keep_identity(identity)).unwrap();
    assert!(store.read(|read| read.identity()).unwrap() == Some(identity));
}

fn numbers_each_stream_densely(store: &mut impl Store) {
    let agency = Agency::new("a", RelayKey::ZERO);
    let other = StreamId([3; 16]);
    begun(store, agency.id, &[STREAM, other]);
    let mut expected = Cursor::default();
    let mut chain = agency.worker.chain(agency.id, STREAM, "c");
    let mut aside = agency.worker.chain(agency.id, other, "c");
    for n in 1..=20_u8 {
        let envelope = chain.write(EpochId([1; 32]), &[n]);
        let place = store
            .write(|write| write.append(&envelope, Millis(n.into())))
            .unwrap();
        expected = expected.next(envelope.id());
        assert_eq!(place, expected);
        let between = aside.write(EpochId([1; 32]), &[n]);
        store
            .write(|write| write.append(&between, Millis(0)))
            .unwrap();
        store
            .read(|read| {
                let found = read.place(envelope.id())?.unwrap();
                assert_eq!((found.stream, found.cursor), (STREAM, expected));
                assert_eq!(read.h(STREAM, expected.seq)?, Some(expected.h));
                let head = read.chain(STREAM, agency.worker.id(), chain.chain)?;
                assert_eq!(head, Some((n.into(), envelope.id())));
                Ok(())
            })
            .unwrap();
    }
    store
        .read(|read| {
            let head = read.stream(STREAM)?.unwrap();
            assert_eq!((head.agency, head.head), (agency.id, expected));
            assert_eq!(read.h(STREAM, 0)?, Some([0; 32]));
            assert_eq!(read.h(STREAM, 21)?, None);
            let mut seen = Vec::new();
            read.log(STREAM, 5, 15, &mut |row| {
                seen.push((row.seq, row.at.0));
                if row.seq == 12 {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })?;
            assert_eq!(seen, (6..=12).map(|n| (n, n)).collect::<Vec<_>>());
            Ok(())
        })
        .unwrap();
}

fn writes_all_or_nothing(store: &mut impl Store) {
    let agency = Agency::new("a", RelayKey::ZERO);
    begun(store, agency.id, &[STREAM]);
    let mut chain = agency.worker.chain(agency.id, STREAM, "c");
    let (kept, lost) = (
        chain.write(EpochId([1; 32]), b"1"),
        chain.write(EpochId([1; 32]), b"2"),
    );
    let failed: Result<(), _> = store.write(|write| {
        write.append(&kept, Millis(0))?;
        write.append(&lost, Millis(0))?;
        write.keep_setup(SetupHash([1; 32]), Millis(0))?;
        Err(StoreError::Damaged("by a test"))
    });
    assert!(failed.is_err());
    store
        .read(|read| {
            assert_eq!(read.stream(STREAM)?.unwrap().head, Cursor::default());
            assert!(read.place(kept.id())?.is_none());
            assert!(!read.has_setup(SetupHash([1; 32]))?);
            Ok(())
        })
        .unwrap();
    let place = store.write(|write| write.append(&kept, Millis(0))).unwrap();
    assert_eq!(place.seq, 1);
    let unbegun = agency
        .worker
        .chain(agency.id, StreamId([9; 16]), "c")
        .write(EpochId([1; 32]), b"");
    assert!(
        store
            .write(|write| write.append(&unbegun, Millis(0)))
            .is_err()
    );
}

fn keeps_the_latest_register(store: &mut impl Store) {
    let agency = Agency::new("a", RelayKey::ZERO);
    begun(store, agency.id, &[STREAM]);
    let mut slot = agency.worker.chain(agency.id, STREAM, "slot");
    let mut other = agency.worker.chain(agency.id, STREAM, "other slot");
    let written = [
        slot.register(EpochId([1; 32]), 1, b"first"),
        other.register(EpochId([1; 32]), 1, b"other"),
        slot.register(EpochId([1; 32]), 4, b"second"),
    ];
    for (register, number) in written.iter().zip(1..) {
        let kept = store.write(|write| write.keep_register(register));
        assert_eq!(kept.unwrap(), number);
    }
    store
        .read(|read| {
            assert_eq!(read.stream(STREAM)?.unwrap().head.registers, 3);
            let found = read.register(STREAM, agency.worker.id(), slot.chain)?;
            assert_eq!(found, Some((4, written[2].id())));
            for (after, expected) in [(0, vec![2, 3]), (2, vec![3]), (3, vec![])] {
                let mut numbers = Vec::new();
                read.registers(STREAM, after, 3, &mut |number, bytes| {
                    assert_eq!(
                        bytes,
                        written[usize::try_from(number).unwrap() - 1].encode()
                    );
                    numbers.push(number);
                    ControlFlow::Continue(())
                })?;
                assert_eq!(numbers, expected);
            }
            Ok(())
        })
        .unwrap();
}

fn numbers_grants_upwards(store: &mut impl Store) {
    let grant = |recipient: u8, sealed: u8| Grant {
        stream: STREAM,
        epoch: EpochId([1; 32]),
        recipient: ProfileId([recipient; 32]),
        sealed: vec![sealed; 1168],
    };
    for (given, last) in [
        (grant(1, 1), 1),
        (grant(2, 1), 2),
        (grant(1, 1), 2), // the very same: nothing new
        (grant(1, 2), 3), // given anew: a new number
        (grant(1, 3), 4),
    ] {
        store.write(|write| write.keep_grant(&given)).unwrap();
        assert_eq!(store.read(|read| read.last_grant(None)).unwrap(), last);
    }
    store
        .read(|read| {
            assert_eq!(read.grant_numbers(ProfileId([1; 32]), 0)?, vec![4]);
            assert_eq!(
                read.grant_numbers(ProfileId([1; 32]), 4)?,
                Vec::<u64>::new()
            );
            assert_eq!(read.last_grant(Some(ProfileId([2; 32])))?, 2);
            assert_eq!(read.last_grant(Some(ProfileId([3; 32])))?, 0);
            assert_eq!(read.grant(4)?, Some(grant(1, 3)));
            assert_eq!(read.grant(1)?, None);
            Ok(())
        })
        .unwrap();
}

fn lists_readers(store: &mut impl Store) {
    let (here, there) = (AgencyId([1; 32]), AgencyId([2; 32]));
    let (a, b, c) = (StreamId([1; 16]), StreamId([2; 16]), StreamId([3; 16]));
    begun(store, here, &[a, b]);
    begun(store, there, &[c]);
    let (one, two) = (ProfileId([1; 32]), ProfileId([2; 32]));
    store
        .write(|write| {
            for (stream, name) in [(a, one), (a, one), (b, two), (c, one)] {
                write.admit(stream, name)?;
            }
            Ok(())
        })
        .unwrap();
    let streams = |store: &dyn Fn(&[ProfileId]) -> Vec<StreamId>, names: &[ProfileId]| store(names);
    let list = |names: &[ProfileId]| {
        store
            .read(|read| Ok(read.streams_of(here, names)?.into_keys().collect()))
            .unwrap()
    };
    assert_eq!(streams(&list, &[one]), vec![a]);
    assert_eq!(streams(&list, &[one, two]), vec![a, b]);
    assert_eq!(streams(&list, &[]), vec![]);
    let all = store.read(|read| read.all_streams(here)).unwrap();
    assert_eq!(all.into_keys().collect::<Vec<_>>(), [a, b]);
    store.write(|write| write.dismiss(a, one)).unwrap();
    let left = store.read(|read| read.streams_of(here, &[one])).unwrap();
    assert!(left.is_empty());
}

fn uses_a_token_up(store: &mut impl Store) {
    let token = SetupHash::from(SetupToken([3; 16]));
    assert!(!store.write(|write| write.take_setup(token)).unwrap());
    store
        .write(|write| write.keep_setup(token, Millis(1)))
        .unwrap();
    assert!(store.read(|read| read.has_setup(token)).unwrap());
    assert!(store.write(|write| write.take_setup(token)).unwrap());
    assert!(!store.write(|write| write.take_setup(token)).unwrap());
}
