//! Which of several removals hold when they put each other's authors out. Owns the rule for rosters
//! and streams alike: a removal by somebody whom another one that holds has put out does not hold;
//! where they go round in a circle, all of them do, since to be let in again costs less than to have
//! stayed in.

use std::collections::BTreeSet;

/// The removals that hold. `puts_out(one, other)` tells whether `one` takes the ground from `other`:
/// it removes the other's author, and does not name the other among what stands.
///
/// This is the grounded extension of an argumentation framework (Dung 1995), with what it leaves
/// undecided taken as holding. It depends on the set alone, not on its order.
pub fn hold<Id: Ord + Copy>(
    all: impl Iterator<Item = Id>,
    puts_out: impl Fn(&Id, &Id) -> bool,
) -> BTreeSet<Id> {
    let all: BTreeSet<Id> = all.collect();
    let mut hold: BTreeSet<Id> = BTreeSet::new();
    let mut out: BTreeSet<Id> = BTreeSet::new();
    loop {
        let open: Vec<Id> = all
            .iter()
            .filter(|id| !hold.contains(*id) && !out.contains(*id))
            .copied()
            .collect();
        let beaten = |id: &Id| hold.iter().any(|one| puts_out(one, id));
        let fallen: Vec<Id> = open.iter().filter(|id| beaten(id)).copied().collect();
        let free = |id: &&Id| !open.iter().any(|one| puts_out(one, id)) && !beaten(id);
        let risen: Vec<Id> = open.iter().filter(free).copied().collect();
        if fallen.is_empty() && risen.is_empty() {
            hold.extend(open);
            return hold;
        }
        out.extend(fallen);
        hold.extend(risen);
    }
}

#[cfg(test)]
mod tests {
    use super::hold;

    #[test]
    fn who_is_out_puts_nobody_out_and_circles_put_out_all() {
        type Row = (&'static [(u8, u8)], &'static [u8]);
        let table: [Row; 6] = [
            (&[], &[1, 2, 3]),
            (&[(1, 2)], &[1, 3]),
            // What 2 did counts for nothing, since 1 put it out.
            (&[(1, 2), (2, 3)], &[1, 3]),
            (&[(1, 2), (2, 1)], &[1, 2, 3]),
            (&[(1, 2), (2, 1), (2, 3)], &[1, 2, 3]),
            (&[(3, 1), (1, 2), (2, 1)], &[2, 3]),
        ];
        for (attacks, expected) in table {
            let found = hold([1, 2, 3].into_iter(), |a, b| attacks.contains(&(*a, *b)));
            assert_eq!(
                found.into_iter().collect::<Vec<_>>(),
                expected,
                "{attacks:?}"
            );
        }
    }
}
