//! The core as a browser's worker sees it: one class, plain JavaScript objects in and out. Owns the
//! translation (bytes are `Uint8Array`, times are numbers) and the browser's randomness; decides
//! nothing. A panic inside traps and leaves the instance unusable: the worker is then thrown away.

#![cfg(target_arch = "wasm32")]

use satchel_core::{
    Config,
    io::{Device, Input, Rng},
    vault,
};
use satchel_wire::Millis;
use serde::Serialize;
use serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::prelude::*;

/// The state machine of one profile.
#[wasm_bindgen]
pub struct Engine {
    inner: satchel_core::Engine,
    rng: BrowserRng,
}

#[wasm_bindgen]
impl Engine {
    /// An engine that has read nothing yet: feed it `start`.
    ///
    /// # Errors
    /// When `device` is not one.
    #[wasm_bindgen(constructor)]
    pub fn new(device: JsValue) -> Result<Engine, JsError> {
        let device: Device = from_value(device)?;
        Ok(Self {
            inner: satchel_core::Engine::new(device, Config::default()),
            rng: BrowserRng,
        })
    }

    /// Takes one input at `now` (milliseconds since the Unix epoch); returns the effects, in order.
    ///
    /// # Errors
    /// When `input` is not one.
    pub fn handle(&mut self, now: f64, input: JsValue) -> Result<JsValue, JsError> {
        let input: Input = from_value(input)?;
        let effects = self.inner.handle(millis(now), input, &mut self.rng);
        Ok(effects.serialize(&PLAIN)?)
    }

    /// When a tick is due, in milliseconds since the Unix epoch.
    pub fn deadline(&self) -> Option<f64> {
        // Exact until the year 287396.
        #[expect(clippy::cast_precision_loss, reason = "times fit")]
        self.inner.deadline().map(|at| at.0 as f64)
    }
}

/// The work that the cheapest vault costs, for the host to take the time of it: `None` when there is
/// no memory for it.
#[wasm_bindgen]
pub fn stretch_floor(passphrase: &str, salt: &[u8]) -> Option<Vec<u8>> {
    vault::stretch(passphrase, vault::Cost::FLOOR, salt).map(|key| key.0.to_vec())
}

/// Objects instead of maps, numbers instead of bigints, null instead of nothing; bytes stay bytes.
const PLAIN: Serializer = Serializer::json_compatible().serialize_bytes_as_arrays(false);

/// A clock before 1970 is taken as 1970: `as` saturates.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates"
)]
fn millis(now: f64) -> Millis {
    Millis(now as u64)
}

/// What the browser calls `crypto.getRandomValues`.
struct BrowserRng;

impl Rng for BrowserRng {
    fn fill(&mut self, out: &mut [u8]) {
        if getrandom::fill(out).is_err() {
            // Going on with predictable keys is worse than not going on.
            wasm_bindgen::throw_str("this browser has no randomness");
        }
    }
}
