//! Quarter hours, marks and refusals of what a tablet tells of its worker's time.

use super::*;

const MIN: u64 = 60_000;
const NOW: Millis = Millis(1_700_000_000_000 / QUARTER_MS * QUARTER_MS);
const SALT: [u8; 16] = [7; 16];
const CASE: StreamId = StreamId([1; StreamId::LEN]);
const OTHER: StreamId = StreamId([2; StreamId::LEN]);

/// Minutes from now.
fn span(from: u64, to: u64) -> Span {
    Span {
        from: NOW.plus(from * MIN),
        to: NOW.plus(to * MIN),
    }
}

fn taken(stream: StreamId, record: &str, from: u64, to: u64) -> Taken<'_> {
    Taken {
        stream,
        record,
        span: span(from, to),
    }
}

#[test]
fn a_block_holds_every_quarter_hour_that_is_touched() {
    for (from, to, told) in [
        (0, 15, Some((0, 15))),
        (1, 14, Some((0, 15))),
        (14, 16, Some((0, 30))),
        (15, 30, Some((15, 30))),
        (20, 61, Some((15, 75))),
        (20, 20, None),
        (20, 10, None),
    ] {
        let block = Block::of(&SALT, &taken(CASE, "a", from, to));
        let told = told.map(|(from, to)| span(from, to));
        assert_eq!(block.map(|block| block.span()), told, "{from}-{to}");
    }
}

#[test]
fn eight_weeks_are_told_and_nothing_that_is_over() {
    let end = u64::from(AHEAD) * 15;
    let told = |from: u64, to: u64| !Busy::of(SALT, NOW, [taken(CASE, "a", from, to)]).is_empty();
    assert!(told(0, 1) && told(end - 1, end + 60));
    assert!(!told(end, end + 60));
    let over = Taken {
        span: Span {
            from: Millis(0),
            to: NOW,
        },
        ..taken(CASE, "a", 0, 0)
    };
    assert!(Busy::of(SALT, NOW, [over]).is_empty());
    // However long something lasts, its block is bounded, and what is written can be read.
    let endless = Busy::of(SALT, NOW, [taken(CASE, "a", 5, 10 * end)]);
    assert_eq!(endless.blocks[0].span(), span(0, end));
    assert_eq!(Busy::decode(&endless.encode()), Ok(endless));
}

#[test]
fn only_time_that_nobody_here_can_explain_is_elsewhere() {
    // Ana is in `a` and `b`, back to back at an odd minute, and in a case that is not read here.
    let all = [
        taken(CASE, "a", 60, 80),
        taken(CASE, "b", 80, 100),
        taken(OTHER, "x", 62, 78),
    ];
    let [a, b, x] = all;
    let told = Busy::of(SALT, NOW, all);
    let shadow = span(60, 90);
    for (known, near, found) in [
        (vec![a, b], vec![a.span, b.span], vec![shadow]),
        (vec![a, b, x], vec![a.span, b.span], vec![]),
        (vec![a, b], vec![b.span], vec![shadow]),
        (vec![a, b], vec![span(90, 95)], vec![]),
        (vec![], vec![], vec![]),
    ] {
        assert_eq!(told.elsewhere(&near, &known), found, "{near:?} {known:?}");
    }
}

#[test]
fn what_has_moved_here_is_known_by_its_mark_and_not_by_its_time() {
    let told = Busy::of(SALT, NOW, [taken(CASE, "a", 60, 120)]);
    let moved = taken(CASE, "a", 600, 660);
    assert_eq!(told.elsewhere(&[span(60, 120)], &[moved]), []);
    let namesake = taken(OTHER, "a", 60, 120);
    assert_eq!(
        told.elsewhere(&[span(60, 120)], &[namesake]),
        [span(60, 120)],
        "another case's record is another appointment"
    );
}

#[test]
fn it_is_written_anew_when_the_future_is_another_and_not_when_time_passes() {
    let far = u64::from(AHEAD) * 15 + 60;
    let (a, b, c) = (
        taken(CASE, "a", 60, 120),
        taken(CASE, "b", 180, 240),
        taken(CASE, "c", far, far + 60),
    );
    let told = Busy::of(SALT, NOW, [a, b, c]);
    for (minutes, taken, still) in [
        (0, vec![c, b, a], true),
        (74, vec![a, b, c], true),
        (75, vec![a, b, c], false),
        (125, vec![a, b], true),
        (0, vec![a, c], false),
        (240, vec![b], true),
        (0, vec![a, taken_later(b)], false),
    ] {
        let now = NOW.plus(minutes * MIN);
        assert_eq!(
            told.still_says(now, taken.clone()),
            still,
            "{minutes} {taken:?}"
        );
    }
}

fn taken_later(one: Taken<'_>) -> Taken<'_> {
    let later = |at: Millis| at.plus(15 * MIN);
    let Span { from, to } = one.span;
    Taken {
        span: Span {
            from: later(from),
            to: later(to),
        },
        ..one
    }
}

#[test]
fn what_is_told_names_nothing_and_looks_like_any_other() {
    let told = Busy::of(SALT, NOW, [taken(CASE, "a-record-id", 60, 120)]);
    let bytes = told.encode();
    let holds = |part: &[u8]| bytes.windows(part.len()).any(|some| some == part);
    assert!(!holds(CASE.as_bytes()) && !holds(b"a-record-id"));
    assert_eq!(bytes.len(), Busy::of(SALT, NOW, []).encode().len());
    let again = Busy::of([8; 16], NOW, [taken(CASE, "a-record-id", 60, 120)]);
    assert_ne!(told.blocks[0].mark, again.blocks[0].mark);
}

#[test]
fn what_no_tablet_would_have_written_is_refused() {
    let good = Busy::of(
        SALT,
        NOW,
        [taken(CASE, "a", 0, 60), taken(CASE, "b", 60, 90)],
    );
    assert_eq!(Busy::decode(&good.encode()).as_ref(), Ok(&good));
    let with = |change: &dyn Fn(&mut Busy)| {
        let mut bad = good.clone();
        change(&mut bad);
        Busy::decode(&bad.encode())
    };
    type Spoil<'a> = (&'static str, &'a dyn Fn(&mut Busy));
    let refused: [Spoil<'_>; 8] = [
        ("out of order", &|b| b.blocks.reverse()),
        ("twice the same", &|b| b.blocks[1] = b.blocks[0]),
        ("empty", &|b| b.blocks[0].quarters = 0),
        ("longer than eight weeks", &|b| {
            b.blocks[0].quarters = AHEAD + 1
        }),
        ("over", &|b| b.at += 4),
        ("too far ahead", &|b| {
            b.blocks[1].from = b.at + u32::from(AHEAD)
        }),
        ("beyond all time", &|b| b.blocks[1].from = u32::MAX),
        ("too many", &|b| {
            let first = b.blocks[0];
            b.blocks = (0..=BLOCKS_MAX as u32)
                .map(|i| Block {
                    from: first.from + i,
                    ..first
                })
                .collect();
        }),
    ];
    for (name, change) in refused {
        assert_eq!(with(change), Err(BadBody), "{name}");
    }
    let mut long = good.encode();
    long.push(1);
    assert_eq!(Busy::decode(&long), Err(BadBody));
    assert_eq!(Busy::decode(&good.encode()[..10]), Err(BadBody));
    assert_eq!(Busy::decode(&[]), Err(BadBody));
}
