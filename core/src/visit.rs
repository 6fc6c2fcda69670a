//! What belongs to a visit besides its record: what to look after, by the setting of the case. Owns the
//! app's own lists, as codes that the views put into words.

/// What is looked after on every visit.
const ALWAYS: [&str; 5] = ["safety", "needs", "services", "consents", "questions"];

/// What is looked after in a setting, before what always is.
const BY_SETTING: &[(&str, &[&str])] = &[
    (
        "child_welfare",
        &[
            "child_seen",
            "child_alone",
            "sleeping_place",
            "food",
            "caregiver",
            "school",
        ],
    ),
    (
        "corrections",
        &[
            "id_papers",
            "conditions",
            "housing_plan",
            "work_plan",
            "supply",
            "warm_handoff",
        ],
    ),
    (
        "home_health",
        &["falls", "pain", "equipment", "food", "caregiver"],
    ),
    ("hospice", &["pain", "comfort", "caregiver", "wishes"]),
    (
        "hospital",
        &["discharge", "supply", "equipment", "follow_up"],
    ),
    ("nursing", &["care_plan", "falls", "rights"]),
    ("insurance", &["coverage", "authorisations", "follow_up"]),
    ("school", &["attendance", "supports", "caregiver"]),
    ("veterans", &["benefits", "housing_plan", "pain"]),
    ("legal", &["hearing", "papers", "rights"]),
];

/// What to look after on a visit of a case in this setting; what is always looked after where it has none.
///
/// ```
/// let codes = satchel_core::visit::checklist("child_welfare");
/// assert_eq!(codes.first(), Some(&"child_seen"));
/// assert!(codes.contains(&"safety"));
/// ```
pub fn checklist(setting: &str) -> Vec<&'static str> {
    let own = BY_SETTING.iter().find(|(code, _)| *code == setting);
    let own = own.map_or(&[][..], |(_, codes)| codes);
    own.iter().chain(&ALWAYS).copied().collect()
}
