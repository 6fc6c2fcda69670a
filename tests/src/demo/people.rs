//! The people whom the demo agency works with: twenty who are told of one by one, and as many others
//! as wanted, put together from lists. All are invented, their telephone numbers lie in the range kept
//! for fiction. Knows nothing of how a case is stored.

use std::collections::BTreeSet;

use jiff::{ToSpan as _, civil::date};
use satchel_core::rng::Seeded;

/// What a person came for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// After prison or jail.
    Reentry,
    /// Care at home.
    HomeHealth,
    /// Families and their children.
    ChildWelfare,
    /// A place to live.
    Housing,
}

impl Program {
    /// As it stands in the case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reentry => "Re-entry",
            Self::HomeHealth => "Home health",
            Self::ChildWelfare => "Child welfare",
            Self::Housing => "Housing",
        }
    }
}

/// One person.
pub struct Person {
    /// Given name.
    pub given: &'static str,
    /// Family name.
    pub family: &'static str,
    /// Date of birth.
    pub born: String,
    /// What they came for.
    pub program: Program,
    /// Telephone.
    pub phone: String,
    /// Address.
    pub address: String,
    /// Language they prefer.
    pub language: &'static str,
    /// How pressing it is.
    pub acuity: &'static str,
    /// In one or two sentences.
    pub summary: &'static str,
    /// What is theirs alone: one goes into each of the first notes.
    pub details: &'static [&'static str],
}

use Program::{ChildWelfare, HomeHealth, Housing, Reentry};

macro_rules! person {
    ($given:literal $family:literal, $born:literal, $program:ident, $phone:literal, $address:literal,
     $language:literal, $acuity:literal, $summary:literal, $details:expr) => {
        Person {
            given: $given,
            family: $family,
            born: $born.into(),
            program: $program,
            phone: $phone.into(),
            address: $address.into(),
            language: $language,
            acuity: $acuity,
            summary: $summary,
            details: &$details,
        }
    };
}

/// How many are told of one by one.
pub const TOLD: usize = 20;

/// `count` people: those told of one by one first.
pub fn cast(count: usize, rng: &mut Seeded) -> Vec<Person> {
    let mut cast: Vec<Person> = told().into();
    let mut names: BTreeSet<_> = cast.iter().map(|one| (one.given, one.family)).collect();
    while cast.len() < count
        && let Some(other) = somebody(cast.len(), rng)
    {
        // No two of one name: the app would ask whether they are the same person.
        if names.insert((other.given, other.family)) {
            cast.push(other);
        }
    }
    cast.truncate(count);
    cast
}

fn somebody(place: usize, rng: &mut Seeded) -> Option<Person> {
    let program = one(&[Reentry, HomeHealth, ChildWelfare, Housing], rng)?;
    let youngest = if program == HomeHealth { 55 } else { 19 };
    let days = (youngest * 365 + rng.below(30 * 365)) as i64;
    let summaries = match program {
        Reentry => &REENTRY,
        HomeHealth => &HOME_HEALTH,
        ChildWelfare => &CHILD_WELFARE,
        Housing => &HOUSING,
    };
    Some(Person {
        given: one(&GIVEN, rng)?,
        family: one(&FAMILY, rng)?,
        born: (date(2026, 6, 1) - days.days()).to_string(),
        program,
        phone: format!("555-01{:02}", (place * 7) % 100),
        address: format!("{} {}", 2 + rng.below(180), one(&STREETS, rng)?),
        language: one(&LANGUAGES, rng)?,
        acuity: one(&["High", "Medium", "Medium", "Low", "Low"], rng)?,
        summary: one(summaries, rng)?,
        details: &[],
    })
}

fn one<T: Copy>(of: &[T], rng: &mut Seeded) -> Option<T> {
    of.get(rng.below(of.len() as u64) as usize).copied()
}

const GIVEN: [&str; 36] = [
    "Aaliyah",
    "Abel",
    "Adriana",
    "Alma",
    "Anton",
    "Beatriz",
    "Carlos",
    "Chidi",
    "Clara",
    "Darnell",
    "Dolores",
    "Elias",
    "Esperanza",
    "Ezra",
    "Farid",
    "Gloria",
    "Hana",
    "Ibrahim",
    "Irene",
    "Jamal",
    "Jerome",
    "Josefina",
    "Kofi",
    "Leila",
    "Luther",
    "Mabel",
    "Naomi",
    "Omar",
    "Pearl",
    "Quyen",
    "Rafael",
    "Ruth",
    "Sergei",
    "Terrence",
    "Winifred",
    "Zoran",
];
const FAMILY: [&str; 36] = [
    "Abara",
    "Aguilar",
    "Baxter",
    "Bianchi",
    "Castellanos",
    "Dawit",
    "Delacroix",
    "Dogan",
    "Espinoza",
    "Farrow",
    "Fonseca",
    "Gebre",
    "Hollis",
    "Huang",
    "Ivanova",
    "Jefferson",
    "Kamau",
    "Kaplan",
    "Lacey",
    "Lozano",
    "Mbeki",
    "McAllister",
    "Navarro",
    "O'Brien",
    "Okoye",
    "Pacheco",
    "Pham",
    "Quinn",
    "Radovan",
    "Salazar",
    "Sesay",
    "Thibault",
    "Ueda",
    "Vasquez",
    "Whitaker",
    "Zielinski",
];
const STREETS: [&str; 12] = [
    "Harbor Street",
    "Mill Road",
    "Chandler Court",
    "Granary Street",
    "Linden Avenue",
    "Signal Hill",
    "Tanner Street",
    "Ropewalk",
    "Dock Street",
    "Orchard Road",
    "Pilot Lane",
    "Quay Street",
];
const LANGUAGES: [&str; 8] = [
    "English",
    "English",
    "English",
    "English",
    "Spanish",
    "Spanish",
    "Vietnamese",
    "Haitian Creole",
];
const REENTRY: [&str; 6] = [
    "Released in summer; lives in a shared house and looks for steady work.",
    "On parole until next year. Wants to see the children again, by way of the family court.",
    "Out after six years. Needs papers first: birth certificate, state ID, a bank account.",
    "Probation with a treatment order. Keeps every meeting; the bus is the weak point.",
    "Returned to the parents' house. The curfew and the night shift do not go together.",
    "Released early for good conduct. Has a trade, no tools and no van.",
];
const HOME_HEALTH: [&str; 6] = [
    "Heart failure, alone on the third floor. Nurse twice a week.",
    "Recovering from a fall; the daughter manages until the weekend, then nobody.",
    "Lung disease and oxygen at home. Three hospital stays since spring.",
    "Early dementia. The husband does the medicines and is tired himself.",
    "Diabetic foot, dressings every other day. Does not want to leave the house.",
    "Back home after a stroke. Learns to dress with one hand.",
];
const CHILD_WELFARE: [&str; 6] = [
    "Family support after a report from daycare. Two small children, a lot of goodwill.",
    "Kinship care: the grandmother has three grandchildren and needs the papers for it.",
    "Reunification plan, visits twice a week. Court looks at it in spring.",
    "Teenage mother in a host family. School until noon, the baby in daycare.",
    "Safety plan after a domestic incident. The father lives elsewhere for now.",
    "Voluntary help: father alone with twins, evening shifts.",
];
const HOUSING: [&str; 6] = [
    "Evicted in fall; sleeps on a friend's couch with one bag.",
    "Voucher in hand, no landlord yet. A dog that must come along.",
    "Family of five in two motel rooms. The school bus stops far away.",
    "Arrears paid off for the most part; the landlord wants a guarantor.",
    "In a car since September. Works full time, cannot save a deposit.",
    "Leaves the shelter next month for a room of his own, with help to furnish it.",
];

fn told() -> [Person; TOLD] {
    [
        person!("Marcus" "Whitfield", "1987-03-14", Reentry, "555-0112", "41 Harbor Street, Apt 3", "English", "High",
        "Released in September after four years. Living with his sister; supervision until next summer.",
        ["His sister says he may stay until spring, but the lease allows only two adults.",
         "State ID came in the mail; the birth certificate is still missing.",
         "He starts at the fish market on Monday, four mornings a week from five o'clock."]),
        person!("Fatima" "Rahman", "1994-11-02", Housing, "555-0127", "Saint Brigid Shelter, room 12", "Bengali", "High",
        "Mother of two in shelter since August. Voucher approved, looking for a two-bedroom flat.",
        ["The voucher runs out in nine weeks unless we ask for an extension before the first.",
         "Older boy changes schools if they move across the river, so she would rather stay on this side.",
         "Viewed a flat on Linden Avenue: dry, second floor, the landlord has taken vouchers before."]),
        person!("Eleanor" "Kowalczyk", "1941-06-30", HomeHealth, "555-0133", "8 Pilot Lane", "Polish", "Medium",
        "Lives alone after a hip operation. Nurse twice a week, meals from the parish.",
        ["The wound is closed and dry; the nurse took out the last of the stitches.",
         "She had put the walker away in the closet because visitors trip over it. We found it a place by the door.",
         "Her son calls from Chicago on Sundays and wants to be told when the visits end."]),
        person!("Andre" "Baptiste", "1979-01-22", Reentry, "555-0141", "210 Mill Road, room 4", "Haitian Creole", "Medium",
        "Transitional housing after eighteen months inside. Welding certificate; wants work before winter.",
        ["The welding certificate lapsed in March; the college waives the test fee with our letter.",
         "He pays off court fees at thirty dollars a month and has not missed one.",
         "His house manager praises how he keeps the kitchen, and so far there is no trouble with curfew."]),
        person!("Mei" "Chen", "1990-08-17", ChildWelfare, "555-0148", "77 Granary Street, Apt 9", "Mandarin", "Medium",
        "Voluntary family support after a school report. Two children, seven and four.",
        ["The seven-year-old was on time at school on all days but one in the past two weeks.",
         "Her shift now begins at six, so the neighbor takes the children to the bus.",
         "The four-year-old speaks more than in October and showed me the counting book."]),
        person!("Tomás" "Herrera", "1965-12-05", Housing, "555-0154", "Behind the ferry terminal", "Spanish", "High",
        "On the street for about two years. Veteran; papers for the benefit claim are incomplete.",
        ["Discharge papers were lost with his backpack in June; we asked the archive for a copy.",
         "He will not go to the big shelter, but would take a room with a door that locks.",
         "His cough is worse at night. The street clinic has seen him and gave him an inhaler."]),
        person!("Priscilla" "Oduya", "1958-04-09", HomeHealth, "555-0160", "19 Chandler Court", "English", "High",
        "Diabetes and poor sight. Daughter helps in the evening; insulin by visiting nurse.",
        ["Morning values were over 200 on three of seven days, always after the late dinner.",
         "The daughter works nights from December on and cannot come in the evening.",
         "We marked the pens with large yellow tape: one turn for the morning, two for the night."]),
        person!("Joseph" "Lindqvist", "1972-09-27", Housing, "555-0166", "305 Cooper Street, Apt 1B", "English", "Low",
        "Housed since July. Pays rent by himself; we look in once a month until the new year.",
        ["Rent is paid through the month, and he keeps the receipts in the blue folder as agreed.",
         "The heating failed for two nights; the landlord sent somebody on the third day.",
         "He has a dog now. The lease allows one, we checked the clause together."]),
        person!("Amina" "Yusuf", "1999-02-11", ChildWelfare, "555-0171", "52 Tanner Street, Apt 6", "Somali", "High",
        "Baby born in October, kinship plan with the grandmother. Weekly home visits.",
        ["The baby gained 180 grams since the last visit; the nurse is content.",
         "The crib has come and stands in the grandmother's room, away from the radiator.",
         "She sleeps little and cried when we talked about the father. No thoughts of harming herself when asked."]),
        person!("Darnell" "Pruitt", "1996-07-19", Reentry, "555-0175", "14 Bell Street", "English", "Medium",
        "Eight months after release. Evening classes for his diploma; one child, visits on Saturdays.",
        ["He passed the reading part of the diploma and wants to try mathematics in January.",
         "Saturday visits with his daughter have begun, two hours at the family center.",
         "The bus pass was blocked because of the old address; fixed at the counter in ten minutes."]),
        person!("Ingrid" "Solheim", "1936-10-03", HomeHealth, "555-0179", "6 Lighthouse Row", "English", "Medium",
        "Heart failure, wishes to stay in her house. Weighs herself daily, nurse on Mondays.",
        ["Weight up by two kilos within four days; the clinic doubled the water pill for the weekend.",
         "The stairs are too much now. The bed is to move into the front room next week.",
         "She has written down what she wants and does not want at the end; a copy is with her doctor."]),
        person!("Rashid" "Karimi", "1983-05-25", Housing, "555-0182", "Motel Bayview, room 31", "Dari", "Medium",
        "Family of five in a motel after a fire. Insurance claim open, three children in school.",
        ["The fire report is here; the insurer wants a list of what was lost, with rough values.",
         "The school gave coats and books for all three, and the youngest has stopped wetting the bed.",
         "The motel is paid until the twentieth. The fund can carry one week more, not two."]),
        person!("Lucía" "Benítez", "1988-12-29", ChildWelfare, "555-0186", "118 Foundry Street, Apt 2", "Spanish", "High",
        "Two boys in foster care since July. Reunification plan; court review in January.",
        ["Both boys ran to her at the visit. The younger asked three times when he can go home.",
         "Eleven of twelve parenting sessions are done, and the last one is booked.",
         "The apartment passed the safety check but for the bedroom window, which does not lock."]),
        person!("Samuel" "Adeyemi", "1969-03-08", Reentry, "555-0189", "Grace House, 90 Dock Street", "English", "Low",
        "Long sentence, released on age. Quiet and punctual; learns to use a telephone and a bank card.",
        ["We practiced the bank machine twice, and he drew forty dollars without my help.",
         "He asks for large print in everything; the reading glasses from the clinic are too weak.",
         "He found the choir at the church on Dock Street and sings there on Thursdays."]),
        person!("Nadia" "Petrenko", "1977-08-08", HomeHealth, "555-0191", "27 Signal Hill, Apt 5", "Ukrainian", "Medium",
        "Multiple sclerosis, uses a wheelchair outside. Attendant five mornings a week.",
        ["The attendant was changed without notice, and the new one did not know the lift.",
         "The ramp at the side door is approved; the carpenter measures on Wednesday.",
         "She wants to go back to the library work, three hours a day, if transport can be had."]),
        person!("Calvin" "Brightwater", "1981-06-16", Housing, "555-0193", "63 Orchard Road, Apt 4", "English", "Medium",
        "Notice to quit over two months' arrears. Hours cut at the warehouse; hearing in December.",
        ["Arrears are 1,840 dollars. The landlord would take half now and the rest over six months.",
         "The hearing is on the ninth at half past nine, and legal aid will stand with him.",
         "The warehouse confirmed in writing that his hours go up again after the holidays."]),
        person!("Grace" "Nakamura", "2001-01-30", ChildWelfare, "555-0194", "15 Weaver's Yard", "English", "Low",
        "Aged out of foster care, with a one-year-old. Support with daycare and papers.",
        ["Daycare has a place from the first of the month, five days, subsidy approved.",
         "Her former foster mother still comes by on Fridays and is glad to be asked.",
         "She lost the wallet with both cards; the replacements were ordered from the office."]),
        person!("Viktor" "Ilić", "1955-02-20", HomeHealth, "555-0195", "33 Ropewalk, ground floor", "Serbian", "Low",
        "Stroke in spring, speech much better. Therapy once a week; wife is the main carer.",
        ["He told the whole story of the fishing boat with hardly a pause.",
         "His wife is tired. She agreed to one afternoon a week of respite care.",
         "The right hand opens jars again but tires when he writes."]),
        person!("Tanisha" "Monroe", "1992-10-12", Reentry, "555-0197", "Hope House, 12 Quay Street", "English", "High",
        "Released in October into a recovery house. Sober seven weeks; wants contact with her son.",
        ["She called on Sunday instead of using, and spent the night at her sponsor's.",
         "The first letter to her son was sent through the lawyer, and she read it to me.",
         "The recovery house moved her to the second phase: her own key, and curfew at ten."]),
        person!("Hassan" "El-Amin", "1974-11-11", Housing, "555-0199", "2 Customs Place, Apt 12", "Arabic", "Medium",
        "Needs a flat without stairs after losing a leg. On the list for the new building on Pier Road.",
        ["Number fourteen on the list for Pier Road; twelve ground-floor flats are being let first.",
         "His brother carries him up the stairs when the lift is out, and it was out twice this week.",
         "The fitting for the prosthesis is on the sixteenth, with transport booked both ways."]),
    ]
}
