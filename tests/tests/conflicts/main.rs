//! What two people's work means together, through real engines and a real relay: each of the table's
//! conflicts, how it is settled, and ten thousand days apart.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is missing fails the test; the lints' own exception ends at the test's function"
)]

mod addenda;
mod busy;
mod days;
mod held_back;
mod own_table;
mod table;
