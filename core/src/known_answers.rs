//! The primitives that this crate is built on give the answers that their specifications publish. A
//! new version of a dependency, or another target, that computes something else fails here.

use std::convert::Infallible;

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use data_encoding::HEXLOWER;
use hpke::{
    Deserializable as _, Kem as _, OpModeR, Serializable as _,
    aead::ChaCha20Poly1305,
    kdf::HkdfSha256,
    kem::{X25519HkdfSha256, XWing},
    rand_core::{TryCryptoRng, TryRng},
    single_shot_open,
};
use ring::signature::{ED25519, UnparsedPublicKey};
use satchel_wire::envelope::sha256;

use crate::{
    keys::{Secret, Signer, hkdf},
    vault::{Cost, stretch},
};

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret(hex(text).try_into().unwrap())
}

/// RFC 9106, section 5.3.
#[test]
fn argon2id() {
    let params = ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(AssociatedData::new(&[4; 12]).unwrap())
        .build()
        .unwrap();
    let argon = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params);
    let mut tag = [0; 32];
    let done = argon
        .unwrap()
        .hash_password_into(&[1; 32], &[2; 16], &mut tag);
    assert!(done.is_ok());
    let expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
    assert_eq!(HEXLOWER.encode(&tag), expected);
}

/// As the vault uses it: 64 MiB and two passes by the reference implementation's own test, and the
/// floor, which the browser's build is held to as well.
#[test]
fn argon2id_as_the_vault_uses_it() {
    let cost = |mib: u32| Cost {
        memory_kib: mib * 1024,
        passes: 2,
    };
    for (mib, expected) in [
        (
            64,
            "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
        ),
        (
            19,
            "3cbd356a63f2794bb11bb1f4bc8af95fea87919bd69c79860465c562f87ccf61",
        ),
    ] {
        let key = stretch("password", cost(mib), b"somesalt").unwrap();
        assert_eq!(HEXLOWER.encode(&key.0), expected, "{mib} MiB");
    }
}

/// RFC 8032, section 7.1, the first three.
#[test]
fn ed25519() {
    for (seed, public, message, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ] {
        let signer = Signer::from_seed(&secret(seed)).unwrap();
        assert_eq!(HEXLOWER.encode(signer.public().as_bytes()), public);
        let message = hex(message);
        let signed = signer.pair().sign(&message);
        assert_eq!(HEXLOWER.encode(signed.as_ref()), signature);
        let key = UnparsedPublicKey::new(&ED25519, hex(public));
        assert!(key.verify(&message, &hex(signature)).is_ok());
        assert!(key.verify(b"another", &hex(signature)).is_err());
    }
}

/// RFC 5869, appendix A.1.
#[test]
fn hkdf_sha256() {
    let mut out = [0; 42];
    let (salt, info) = (
        hex("000102030405060708090a0b0c"),
        hex("f0f1f2f3f4f5f6f7f8f9"),
    );
    hkdf(&[0x0b; 22], &salt, &[&info], &mut out);
    let expected =
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
    assert_eq!(HEXLOWER.encode(&out), expected);
}

/// RFC 9180, appendix A.2.1: base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305, sequence number 0.
#[test]
fn hpke_base_mode() {
    type Dh = X25519HkdfSha256;
    let private = "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb";
    let private = <Dh as hpke::Kem>::PrivateKey::from_bytes(&hex(private)).unwrap();
    let public = "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a";
    let derived = Dh::sk_to_pk(&private).to_bytes();
    assert_eq!(HEXLOWER.encode(&derived), public);
    let encapped = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a";
    let encapped = <Dh as hpke::Kem>::EncappedKey::from_bytes(&hex(encapped)).unwrap();
    let plain = single_shot_open::<ChaCha20Poly1305, HkdfSha256, Dh>(
        &OpModeR::Base,
        &private,
        &encapped,
        &hex("4f6465206f6e2061204772656369616e2055726e"),
        &hex("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"),
        b"Count-0",
    )
    .unwrap();
    assert_eq!(plain, b"Beauty is truth, truth beauty");
}

/// Gives out what it was given, for an encapsulation with known randomness.
struct Fixed(Vec<u8>);

impl TryRng for Fixed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("encapsulation asks for bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("encapsulation asks for bytes")
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        let rest = self.0.split_off(to.len());
        to.copy_from_slice(&self.0);
        self.0 = rest;
        Ok(())
    }
}

impl TryCryptoRng for Fixed {}

/// draft-connolly-cfrg-xwing-kem, appendix C, the first two: public key and ciphertext by their
/// SHA-256, the shared secret as it is.
#[test]
fn x_wing() {
    for (seed, randomness, public, encapped, shared) in [
        (
            "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26",
            "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2",
            "2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb",
            "17cd532d657e44c897ca6583e548a5424fc70bf54f99515a4d2bcf99e3469f33",
            "d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384",
        ),
        (
            "badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea",
            "17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdefaee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d",
            "c42ba5f8430d7d2c83739338203819f090e8303ce9c8b02107c272bfa5376916",
            "1661ea86d608a1924ba30840cb0a65f13ae051e3aec9cf0f064efc0bc92f2154",
            "f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150",
        ),
    ] {
        let private = <XWing as hpke::Kem>::PrivateKey::from_bytes(&hex(seed)).unwrap();
        let key = XWing::sk_to_pk(&private);
        assert_eq!(HEXLOWER.encode(&sha256(&[&key.to_bytes()])), public);
        let mut rng = Fixed(hex(randomness));
        let (ours, ciphertext) = XWing::encap_with_rng(&key, None, &mut rng).unwrap();
        assert_eq!(
            HEXLOWER.encode(&sha256(&[&ciphertext.to_bytes()])),
            encapped
        );
        assert_eq!(HEXLOWER.encode(&ours.0), shared);
        let theirs = XWing::decap(&private, None, &ciphertext).unwrap();
        assert_eq!(HEXLOWER.encode(&theirs.0), shared);
    }
}
