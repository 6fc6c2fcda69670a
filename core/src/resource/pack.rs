//! A directory in few pieces of bounded size, each under the hash of its bytes. Owns the rule that a
//! new edition shares with the former the pieces in which nothing has changed: where a piece ends
//! depends on what is in it, so that a service more or less moves one boundary and not all.

use data_encoding::HEXLOWER;
use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};
use satchel_wire::envelope::sha256;

use super::{SERVICES_MAX, Service};

/// The most bytes of a piece: with what surrounds it, it fits into one envelope.
pub const PART_LEN_MAX: usize = 180 * 1024;
/// The most pieces of a directory.
pub const PARTS_MAX: usize = 96;
/// Of a piece once unpacked, in bytes.
const PLAIN_LEN_MAX: usize = 2 * 1024 * 1024;
/// A piece that is at least as long, unpacked, ends at the next service whose hash says so.
const PLAIN_LEN_MIN: usize = 96 * 1024;
const PLAIN_LEN_AIM: usize = 320 * 1024;
/// One of so many services may end a piece.
const ENDS_ONE_OF: u8 = 32;

/// A piece and its name.
pub type Part = (String, Vec<u8>);

/// The name of a piece.
pub fn name(part: &[u8]) -> String {
    HEXLOWER.encode(&sha256(&[part]))
}

fn packed(plain: &[Vec<u8>]) -> Vec<u8> {
    compress_to_vec(&plain.concat(), 8)
}

/// The pieces of a directory, in its order by ids. None where they would be too many.
pub fn pack(services: &[Service]) -> Option<Vec<Part>> {
    let mut sorted: Vec<&Service> = services.iter().collect();
    sorted.sort_by(|a, b| a.id.cmp(&b.id));
    let mut parts = Vec::new();
    let mut group: Vec<Vec<u8>> = Vec::new();
    let mut len = 0;
    for service in sorted {
        let plain = postcard::to_stdvec(service).ok()?;
        len += plain.len();
        let ends = sha256(&[service.id.as_bytes()])
            .first()
            .map(|b| b % ENDS_ONE_OF)
            == Some(0);
        group.push(plain);
        if (ends && len >= PLAIN_LEN_MIN) || len >= PLAIN_LEN_AIM {
            close(&mut parts, &std::mem::take(&mut group));
            len = 0;
        }
    }
    close(&mut parts, &group);
    (parts.len() <= PARTS_MAX).then_some(parts)
}

/// Ends a piece; one that would be too long is cut in two.
fn close(parts: &mut Vec<Part>, group: &[Vec<u8>]) {
    if group.is_empty() {
        return;
    }
    let part = packed(group);
    if part.len() <= PART_LEN_MAX || group.len() == 1 {
        parts.push((name(&part), part));
        return;
    }
    let (left, right) = group.split_at(group.len() / 2);
    close(parts, left);
    close(parts, right);
}

/// The services of a piece; none where it is not one that this app can read.
pub fn unpack(part: &[u8]) -> Option<Vec<Service>> {
    let plain = decompress_to_vec_with_limit(part, PLAIN_LEN_MAX).ok()?;
    let mut rest = plain.as_slice();
    let mut services = Vec::new();
    while !rest.is_empty() {
        let (service, after) = postcard::take_from_bytes(rest).ok()?;
        services.push(service);
        if services.len() > SERVICES_MAX {
            return None;
        }
        rest = after;
    }
    Some(services)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn service(n: usize) -> Service {
        // Words that do not pack well.
        let noise = |at: usize| HEXLOWER.encode(&sha256(&[format!("{n}/{at}").as_bytes()]));
        Service {
            id: format!("s{n:05}"),
            name: format!("Service {n}"),
            description: (0..10).map(noise).collect(),
            ..Service::default()
        }
    }

    #[test]
    fn what_is_packed_comes_out_and_pieces_are_bounded() {
        let services: Vec<Service> = (0..3_000).map(service).collect();
        let parts = pack(&services).unwrap();
        assert!(parts.len() > 5);
        let mut out = Vec::new();
        for (name, part) in &parts {
            assert!(part.len() <= PART_LEN_MAX);
            assert_eq!(*name, super::name(part));
            out.extend(unpack(part).unwrap());
        }
        assert_eq!(out, services);
        assert_eq!(pack(&[]).unwrap(), []);
    }

    #[test]
    fn a_new_edition_shares_the_pieces_in_which_nothing_changed() {
        let mut services: Vec<Service> = (0..3_000).map(service).collect();
        let names = |services: &[Service]| -> BTreeSet<String> {
            let parts = pack(services).unwrap();
            parts.into_iter().map(|(name, _)| name).collect()
        };
        let before = names(&services);
        services.remove(1_500);
        services[10].name = "Another".into();
        let after = names(&services);
        assert!(after.difference(&before).count() <= 4, "most are the same");
    }

    #[test]
    fn bytes_that_are_no_piece_are_refused() {
        for bytes in [&b""[..], b"rubbish", &compress_to_vec(&[255; 40], 1)] {
            assert!(unpack(bytes).is_none_or(|all| all.is_empty()));
        }
        // A bomb is not blown up.
        assert_eq!(
            unpack(&compress_to_vec(&vec![0; 64 * 1024 * 1024], 9)),
            None
        );
    }
}
