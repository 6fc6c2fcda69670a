//! What two people's work means together, through real engines and a real relay: each of the table's
//! conflicts, how it is settled, and ten thousand days apart.

mod days;
mod table;
mod team;
