//! Exact counts of labels in a world, scattered over its connections without remembering anything.

use crate::connector::sandbox::rng::key;
use crate::domain::connection::Label;

/// How many of 3,012 have a label that is not Active.
const SHARES: [(Label, u64); 6] = [
    (Label::Invalid, 60),
    (Label::Failed, 22),
    (Label::Deleted, 40),
    (Label::PreInit, 9),
    (Label::Pending, 6),
    (Label::Init, 3),
];

const OF: u64 = 3012;

#[derive(Clone, Debug)]
pub(crate) struct Quota {
    all: u64,
    seed: u64,
    counts: [(Label, u64); 6],
    half_bits: u32,
}

impl Quota {
    pub(crate) fn new(all: u64, seed: u64) -> Self {
        // One of each as long as one stays active; the shares are what most worlds go by.
        let mut left = all.saturating_sub(1);
        let counts = SHARES.map(|(label, share)| {
            let wanted = u64::try_from(
                (u128::from(all) * u128::from(share) + u128::from(OF / 2)) / u128::from(OF),
            );
            let count = wanted
                .expect("a share is smaller than the whole")
                .max(1)
                .min(left);
            left -= count;
            (label, count)
        });
        let bits = u64::BITS - all.leading_zeros();
        Self {
            all,
            seed,
            counts,
            half_bits: bits.div_ceil(2).max(1),
        }
    }

    /// The label of a connection and its place among those with that label, from 0.
    pub(crate) fn of(&self, connection: u64) -> (Label, u64) {
        let mut rank = self.scatter(connection);
        for (label, count) in self.counts {
            if rank < count {
                return (label, rank);
            }
            rank -= count;
        }
        (Label::Active, rank)
    }

    pub(crate) fn active(&self) -> u64 {
        self.all - self.counts.iter().map(|(_, count)| count).sum::<u64>()
    }

    /// A permutation of the connections: a small Feistel network, walked until it lands inside.
    fn scatter(&self, connection: u64) -> u64 {
        let mask = (1_u64 << self.half_bits) - 1;
        let mut number = connection;
        loop {
            let (mut left, mut right) = (number >> self.half_bits & mask, number & mask);
            for round in 0..4 {
                (left, right) = (
                    right,
                    left ^ (key(&[self.seed, round, right, 0x7175_6f74]) & mask),
                );
            }
            number = left << self.half_bits | right;
            if number < self.all {
                return number;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn counts(all: u64) -> BTreeMap<&'static str, u64> {
        let quota = Quota::new(all, 7);
        let mut counts = BTreeMap::new();
        let mut places = std::collections::BTreeSet::new();
        for connection in 0..all {
            let (label, place) = quota.of(connection);
            *counts.entry(label.word()).or_insert(0) += 1;
            assert!(
                places.insert((label, place)),
                "two connections at one place"
            );
        }
        counts
    }

    #[test]
    fn the_usual_world_has_the_usual_counts() {
        let counts = counts(3012);
        for (label, share) in SHARES {
            assert_eq!(counts[label.word()], share, "{label}");
        }
        assert_eq!(counts["active"], 2872);
    }

    #[test]
    fn small_worlds_have_one_of_each_and_tiny_ones_what_fits() {
        assert_eq!(counts(20).len(), 7);
        assert_eq!(counts(7).len(), 7);
        assert_eq!(counts(1).get("active"), Some(&1));
        assert_eq!(counts(0).len(), 0);
        assert_eq!(counts(3).values().sum::<u64>(), 3);
    }
}
