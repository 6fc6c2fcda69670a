//! The invite's link: everything a new tablet needs to claim, in the part of the address that
//! browsers never send. Whoever holds it can join, once.

use data_encoding::BASE64URL_NOPAD;
use satchel_wire::{
    AgencyId, EnvelopeId, Millis, RelayKey, Role, StaffId, StreamId, link::SetupLink,
};
use serde::{Deserialize, Serialize};

use crate::{api::Failure, keys::Secret};

const JOIN: &str = "#join=";
const SETUP: &str = "#setup=";
const LINK_LEN_MAX: usize = 2048;

/// What an invite's link carries.
#[derive(Clone, Serialize, Deserialize)]
pub struct InviteLink {
    /// The agency.
    pub agency: AgencyId,
    /// The relay to claim at: another key is refused.
    pub relay: RelayKey,
    /// The stream with the names of the agency and its staff.
    pub directory: StreamId,
    /// The inviter's statement: a roster without it is incomplete.
    pub roster: EnvelopeId,
    /// Who is invited.
    pub staff: StaffId,
    /// As what.
    pub role: Role,
    /// Until when, by the relay's clock.
    pub expires_at: Millis,
    /// Seed of the invite's keys.
    pub seed: Secret,
}

impl InviteLink {
    /// The link at the address of a relay.
    pub fn encode(&self, url: &str) -> String {
        let bytes = postcard::to_stdvec(self).unwrap_or_default();
        format!(
            "{}/{JOIN}{}",
            url.trim_end_matches('/'),
            BASE64URL_NOPAD.encode(&bytes)
        )
    }

    /// Reads a link: the relay's address and the invite.
    ///
    /// # Errors
    /// [`Failure::BadLink`].
    pub fn parse(link: &str) -> Result<(String, Self), Failure> {
        let (url, payload) = split(link, JOIN)?;
        let bytes = BASE64URL_NOPAD
            .decode(payload.as_bytes())
            .map_err(|_| Failure::BadLink)?;
        match postcard::take_from_bytes(&bytes) {
            Ok((invite, [])) => Ok((url, invite)),
            _ => Err(Failure::BadLink),
        }
    }
}

/// Reads a relay's set-up link: its address, key and one-time token.
///
/// # Errors
/// [`Failure::BadLink`].
pub fn parse_setup(link: &str) -> Result<(String, SetupLink), Failure> {
    let (url, payload) = split(link, SETUP)?;
    SetupLink::parse(payload)
        .map(|setup| (url, setup))
        .map_err(|_| Failure::BadLink)
}

fn split<'a>(link: &'a str, mark: &str) -> Result<(String, &'a str), Failure> {
    let (url, payload) = link.trim().split_once(mark).ok_or(Failure::BadLink)?;
    if link.len() > LINK_LEN_MAX {
        return Err(Failure::BadLink);
    }
    Ok((check_address(url)?, payload))
}

/// A relay's address without slashes at its end.
///
/// # Errors
/// [`Failure::BadLink`].
pub fn check_address(url: &str) -> Result<String, Failure> {
    let url = url.trim();
    let address = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    if url.len() > LINK_LEN_MAX || address.is_none_or(|host| host.trim_matches('/').is_empty()) {
        return Err(Failure::BadLink);
    }
    Ok(url.trim_end_matches('/').to_owned())
}
