//! Forms that come with the app, in words of our own. A file is never changed once it was in an app
//! that people use: assessments name it by its digest. A new version is a new file beside the old one.

/// The files, the newest version of each form first.
const OWN: [&str; 5] = [
    include_str!("data/intake-1.json"),
    include_str!("data/needs-1.json"),
    include_str!("data/home-visit-1.json"),
    include_str!("data/re-entry-1.json"),
    include_str!("data/safety-1.json"),
];

/// The texts of the forms that come with the app.
pub fn own() -> &'static [&'static str] {
    &OWN
}
