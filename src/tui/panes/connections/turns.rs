//! Goes through a long set in parts, so that one reading after a commit stays short whatever the number of marks.

/// How far a set was gone through since something changed.
#[derive(Clone, Debug)]
pub(crate) struct Turns<T> {
    /// The last one of the part before.
    after: Option<T>,
    left: usize,
    again: bool,
}

impl<T> Default for Turns<T> {
    fn default() -> Self {
        Self {
            after: None,
            left: 0,
            again: false,
        }
    }
}

impl<T: Ord + Clone> Turns<T> {
    /// Something changed: all are gone through once more, from where it stands.
    pub(crate) fn again(&mut self) {
        self.again = true;
    }

    /// Whether some were not gone through since.
    pub(crate) fn waits(&self) -> bool {
        self.left > 0
    }

    /// The next part, in no order; behind the last one comes the first.
    pub(crate) fn next<'a>(&mut self, all: impl Iterator<Item = &'a T>, most: usize) -> Vec<T>
    where
        T: 'a,
    {
        let all: Vec<&T> = all.collect();
        if std::mem::take(&mut self.again) || self.left == 0 {
            self.left = all.len();
        }
        let wanted = self.left.min(most).min(all.len());
        let (before, behind): (Vec<&T>, Vec<&T>) = all
            .into_iter()
            .partition(|it| self.after.as_ref().is_some_and(|after| *it <= after));
        let mut part = least(behind, wanted);
        let wraps = least(before, wanted - part.len());
        if let Some(last) = wraps.iter().max().or(part.iter().max()) {
            self.after = Some((*last).clone());
        }
        part.extend(wraps);
        self.left = match part.len() {
            0 => 0,
            read => self.left - read,
        };
        part.into_iter().cloned().collect()
    }
}

/// The least of these, at most so many.
fn least<T: Ord>(mut all: Vec<&T>, most: usize) -> Vec<&T> {
    if most > 0 && all.len() > most {
        all.select_nth_unstable(most - 1);
    }
    all.truncate(most);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn all_are_gone_through_in_parts_and_then_it_rests() {
        let all: BTreeSet<u32> = (0..10).collect();
        let mut turns = Turns::default();
        let mut seen = BTreeSet::new();
        for part in [4, 4, 2] {
            let next = turns.next(all.iter(), 4);
            assert_eq!(next.len(), part);
            seen.extend(next);
        }
        assert_eq!(seen, all);
        assert!(!turns.waits());
        // a reading for another reason begins anew
        assert_eq!(turns.next(all.iter(), 4).len(), 4);
        assert!(turns.waits());
    }

    #[test]
    fn a_change_in_between_starts_over_and_the_ends_meet() {
        let all: BTreeSet<u32> = (0..10).collect();
        let mut turns = Turns::default();
        turns.next(all.iter(), 6);
        turns.again();
        let mut seen = BTreeSet::new();
        let mut parts = 0;
        loop {
            seen.extend(turns.next(all.iter(), 6));
            parts += 1;
            if !turns.waits() {
                break;
            }
        }
        assert_eq!((seen, parts), (all, 2));
    }

    #[test]
    fn a_set_that_shrinks_ends_it() {
        let mut turns = Turns::default();
        turns.next((0..10).collect::<BTreeSet<u32>>().iter(), 4);
        assert!(turns.next(BTreeSet::<u32>::new().iter(), 4).is_empty());
        assert!(!turns.waits());
        let few: BTreeSet<u32> = [1, 2].into();
        let next: BTreeSet<u32> = turns.next(few.iter(), 4).into_iter().collect();
        assert_eq!((next, turns.waits()), (few, false));
    }
}
