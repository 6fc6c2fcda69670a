//! The text after `#setup=` in a set-up link: which relay, and the one-time permission to begin an
//! agency on it. Owns the one form of that text; a fragment never reaches a server's logs. It
//! authorises storage on that relay and nothing else.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use crate::{
    envelope::WireError,
    ids::{RelayKey, SetupToken},
};

/// What a fresh relay shows its operator once.
///
/// ```
/// use satchel_wire::{RelayKey, SetupToken, link::SetupLink};
///
/// let link = SetupLink { relay: RelayKey([1; 32]), token: SetupToken([2; 16]) };
/// let url = link.under("https://relay.example");
/// let payload = url.strip_prefix("https://relay.example/#setup=").unwrap();
/// assert_eq!(SetupLink::parse(payload), Ok(link));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupLink {
    /// The relay's key: a device speaks to no other under this link.
    pub relay: RelayKey,
    /// Used up by the founding of an agency.
    pub token: SetupToken,
}

impl SetupLink {
    /// The payload: base64url without padding.
    pub fn encode(&self) -> String {
        BASE64URL_NOPAD.encode(&postcard::to_stdvec(self).unwrap_or_default())
    }

    /// The whole link below the public address of the app, for example `https://relay.example`.
    pub fn under(&self, public_url: &str) -> String {
        format!(
            "{}/#setup={}",
            public_url.trim_end_matches('/'),
            self.encode()
        )
    }

    /// Reads a payload.
    ///
    /// # Errors
    /// [`WireError::Malformed`] when it is not exactly what [`Self::encode`] writes.
    pub fn parse(payload: &str) -> Result<Self, WireError> {
        let bytes = BASE64URL_NOPAD
            .decode(payload.as_bytes())
            .map_err(|_| WireError::Malformed)?;
        match postcard::take_from_bytes::<Self>(&bytes) {
            Ok((link, [])) => Ok(link),
            Ok(_) | Err(_) => Err(WireError::Malformed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_exactly_a_payload_is_refused() {
        let link = SetupLink {
            relay: RelayKey([7; 32]),
            token: SetupToken([9; 16]),
        };
        let payload = link.encode();
        assert_eq!(payload.len(), 64);
        for bad in [
            "",
            "=",
            "AAAA",
            &payload[1..],
            &format!("{payload}AAAA"),
            &format!("{payload}="),
        ] {
            assert_eq!(SetupLink::parse(bad), Err(WireError::Malformed), "{bad}");
        }
    }
}
