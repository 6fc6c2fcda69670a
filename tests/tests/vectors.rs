//! docs/PROTOCOL.md is true: the vectors in it are what this code writes and reads.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use satchel_core::{
    keys::{Opener, Secret, Signer},
    kit::Sheet,
    rng::Seeded,
    seal, words,
};
use satchel_wire::{
    AgencyId, Certificate, ChainId, ClientFrame, Cursor, Cursors, Envelope, EnvelopeId, EpochId,
    Grant, Header, Kind, Millis, ProfileId, RelayKey, Role, Roster, Scope, SetupToken, StaffId,
    Statement, StreamId, Verified,
    bundle::{Head, Held, Maker, Part, Reader, Stretch, Writer, grant_tag},
    control::Reached,
    frame::PROTOCOL,
    link::SetupLink,
    stream_id,
};
use serde_bytes::ByteBuf;

fn bytes<const N: usize>(first: u8) -> [u8; N] {
    std::array::from_fn(|i| first.wrapping_add(i as u8))
}

/// Every vector by name, in the order of the document.
fn vectors() -> Vec<(&'static str, Vec<u8>)> {
    let signer = Signer::from_seed(&Secret(bytes(0x00))).unwrap();
    let agency = AgencyId(bytes(0x20));
    let stream = stream_id(agency, signer.public(), bytes(0x40));
    let header = |kind| {
        let mut header = Header::control(agency, stream, ProfileId::ZERO, EnvelopeId(bytes(0x60)));
        header.kind = kind;
        header.after(ChainId(bytes(0x80)), 1, EnvelopeId::ZERO)
    };
    let control =
        Envelope::sign(header(Kind::Control), b"statement".to_vec(), signer.pair()).unwrap();
    let key = Secret(bytes(0xa0));
    let mut rng = Seeded::new(1);
    let epoch = EpochId(bytes(0xc0));
    let change = seal::seal(
        header(Kind::Change),
        epoch,
        &key,
        b"body",
        &signer,
        &mut rng,
    )
    .unwrap();
    let opened = seal::open(&change, &key).unwrap();
    assert!(opened.starts_with(b"body"));
    let reached = Reached {
        chain: ChainId(bytes(0x80)),
        n: 300,
        id: EnvelopeId(bytes(0x60)),
    };
    let revoke = Statement::Revoke {
        key: ProfileId(bytes(0x30)),
        stands: vec![EnvelopeId(bytes(0x60))],
    };
    let parent = seal::seal_parent(&key, epoch, &Secret(bytes(0xb0))).unwrap();
    let rotate = Statement::Rotate {
        parents: vec![epoch],
        members: vec![signer.public(), ProfileId(bytes(0x20))],
        removed: vec![ProfileId(bytes(0x30))],
        frontier: vec![reached],
        commitment: seal::epoch_commitment(&key),
        keys: vec![ByteBuf::from(parent)],
    };
    let rule = Statement::Rule {
        upto: reached,
        stands: true,
        over: vec![EnvelopeId(bytes(0x60))],
    };
    for statement in [&revoke, &rotate, &rule] {
        let envelope =
            Envelope::sign(header(Kind::Control), statement.encode(), signer.pair()).unwrap();
        assert_eq!(Statement::from_envelope(&envelope).as_ref(), Ok(statement));
    }
    let cursor = Cursor::default().next(control.id()).next(change.id());
    let cursors = Cursors {
        streams: [(stream, cursor)].into(),
        grants: 3,
    };
    let hello = ClientFrame::Hello {
        protocol: PROTOCOL,
        agency,
        profile: signer.public(),
        signature: bytes::<64>(0xc0).to_vec(),
    };
    let pull = ClientFrame::Pull {
        id: 7,
        scope: Scope::All(cursors.clone()),
    };
    let setup = SetupLink {
        relay: RelayKey(bytes(0x01)),
        token: SetupToken(bytes(0x02)),
    };
    let recovery = ClientFrame::Pull {
        id: 7,
        scope: Scope::Recovery(cursors.clone()),
    };
    let certificate = Certificate {
        profile: signer.public(),
        staff: StaffId(bytes(0x60)),
        role: Role::Worker,
        transport: bytes(0x80),
        hpke: Opener::from_seed(&key).public().to_vec(),
    };
    let compared = words::comparison(agency, ProfileId(bytes(0xe0)), &certificate);
    let written = words::write(&Sheet::Recovery.mark(Secret(bytes(0xa0))));
    vec![
        ("ed25519.public", signer.public().0.to_vec()),
        ("agency-log", Roster::log(agency).0.to_vec()),
        ("stream", stream.0.to_vec()),
        ("epoch.commitment", seal::epoch_commitment(&key).to_vec()),
        ("control.header", control.header().to_bytes()),
        ("control.id", control.id().0.to_vec()),
        ("control.envelope", control.encode()),
        ("change.salt", change.header().salt.to_vec()),
        ("change.commitment", change.header().commitment.to_vec()),
        ("change.id", change.id().0.to_vec()),
        ("change.envelope", change.encode()),
        ("statement.revoke", revoke.encode()),
        ("statement.rotate", rotate.encode()),
        ("statement.rule", rule.encode()),
        ("cursor.h", cursor.h.to_vec()),
        ("fingerprint", cursors.fingerprint().to_vec()),
        ("frame.hello", hello.encode()),
        ("frame.pull", pull.encode()),
        ("frame.recovery", recovery.encode()),
        ("comparison.en", compared.en.join(" ").into_bytes()),
        ("comparison.es", compared.es.join(" ").into_bytes()),
        ("recovery-sheet.en", written.en.join(" ").into_bytes()),
        ("setup-link", setup.encode().into_bytes()),
        ("bundle", bundle(agency, stream, &signer, &change)),
        (
            "x-wing.public.sha256",
            satchel_wire::envelope::sha256(&[Opener::from_seed(&key).public()]).to_vec(),
        ),
    ]
}

/// A file of a tablet with one envelope, of what was held before it, and a grant.
fn bundle(agency: AgencyId, stream: StreamId, signer: &Signer, change: &Verified) -> Vec<u8> {
    let mut writer = Writer::new(bytes(0x11));
    let head = Head {
        agency,
        maker: Maker::Tablet(signer.public()),
        at: Millis(1_000),
        since: None,
    };
    let end = Reached {
        chain: ChainId(bytes(0x80)),
        n: 1,
        id: change.id(),
    };
    let epoch = change.header().epoch;
    let held = Held {
        ends: vec![(signer.public(), vec![end])],
        registers: vec![(signer.public(), ChainId(bytes(0x70)), 2)],
        grants: vec![grant_tag(stream, epoch, signer.public())],
    };
    let parts = [
        Part::Head(head),
        Part::Held(vec![(stream, held)]),
        Part::Stretch(Stretch {
            stream,
            envelopes: vec![(Millis(0), ByteBuf::from(change.encode()))],
            registers: Vec::new(),
        }),
        Part::Grants(vec![Grant {
            stream,
            epoch,
            recipient: signer.public(),
            sealed: vec![1, 2, 3],
        }]),
    ];
    let mut file = Vec::new();
    for part in &parts {
        file.extend(writer.part(part).unwrap());
    }
    let sign = |message: &[u8]| signer.pair().sign(message).as_ref().to_vec();
    file.extend(writer.close(sign).unwrap());
    let mut reader = Reader::default();
    reader.feed(&file);
    let read: Vec<Part> = std::iter::from_fn(|| reader.take())
        .map(|found| found.unwrap().part)
        .collect();
    assert_eq!(read.get(..4), Some(&parts[..]));
    let Some(Part::Close(close)) = read.last() else {
        panic!("no end")
    };
    assert!(close.is_by(&Maker::Tablet(signer.public())));
    file
}

#[test]
fn the_protocol_document_has_these_vectors() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/PROTOCOL.md");
    let document = std::fs::read_to_string(path).unwrap();
    let mut expected = String::new();
    for (name, bytes) in vectors() {
        writeln!(expected, "{name} = {}", HEXLOWER.encode(&bytes)).unwrap();
    }
    if let Ok(out) = std::env::var("SATCHEL_PRINT_VECTORS") {
        std::fs::write(out, &expected).unwrap();
    }
    assert!(
        document.contains(&expected),
        "docs/PROTOCOL.md should hold:\n{expected}"
    );
}

#[test]
fn the_written_envelopes_read_back() {
    for (name, bytes) in vectors()
        .iter()
        .filter(|(name, _)| name.ends_with(".envelope"))
    {
        let envelope = Envelope::decode(bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(&envelope.encode(), bytes);
        envelope.verify().unwrap_or_else(|e| panic!("{name}: {e}"));
    }
}
