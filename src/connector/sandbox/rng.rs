//! Reproducible random numbers, derived from a key. Anybody can compute them, so they are not for secrets.

/// The finisher of splitmix64.
pub(crate) fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The order of the parts matters.
pub(crate) fn key(parts: &[u64]) -> u64 {
    parts
        .iter()
        .fold(0x51_7c_c1_b7_27_22_0a_95, |acc, part| mix(acc ^ mix(*part)))
}

pub(crate) fn text(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |acc, byte| {
        (acc ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mix(hash)
}

#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(key: u64) -> Self {
        Self(key)
    }

    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        scale(self.roll(), end)
    }

    /// Both included.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        span(self.roll(), least, most)
    }

    /// True `share` times in a thousand.
    pub(crate) fn per_mille(&mut self, share: u64) -> bool {
        self.below(1000) < share
    }

    /// One of `items`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let at = self.below(items.len() as u64);
        &items[usize::try_from(at).expect("an index under a length")]
    }
}

pub(crate) fn scale(dice: u64, end: u64) -> u64 {
    u64::try_from((u128::from(dice) * u128::from(end)) >> 64)
        .expect("a product of a fraction stays under its factor")
}

/// Both included.
pub(crate) fn span(dice: u64, least: i64, most: i64) -> i64 {
    let width = most.saturating_sub(least).max(0).unsigned_abs();
    least.saturating_add_unsigned(scale(dice, width.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dice_are_the_same_on_every_machine() {
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        let mut chance = Chance::new(7);
        let first: Vec<u64> = (0..3).map(|_| chance.below(1000)).collect();
        let mut again = Chance::new(7);
        assert_eq!(first, (0..3).map(|_| again.below(1000)).collect::<Vec<_>>());
        assert_ne!(key(&[1, 2]), key(&[2, 1]));
        assert_ne!(text("guest-1"), text("guest-2"));
    }

    #[test]
    fn numbers_stay_in_their_bounds_and_reach_them() {
        let mut chance = Chance::new(1);
        let seen: std::collections::BTreeSet<i64> =
            (0..200).map(|_| chance.between(-2, 2)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [-2, -1, 0, 1, 2]);
        assert_eq!(span(u64::MAX, 5, 5), 5);
        assert_eq!(scale(u64::MAX, 0), 0);
    }
}
