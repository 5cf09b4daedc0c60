//! What a mouse told, in the notation that every terminal with a mouse has (1006).

/// How many rows one notch of the wheel moves.
const NOTCH: isize = 3;

/// Columns and rows from the upper left corner, which is 0, 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mouse {
    pub(crate) deed: Deed,
    pub(crate) x: u16,
    pub(crate) y: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// The left button went down.
    Press,
    /// Rows downwards.
    Wheel(isize),
}

impl Mouse {
    /// From what stands between `ESC [` and the last byte. Other buttons, releases, and whatever comes with a key held
    /// mean nothing: with Shift the terminal itself selects text.
    pub(super) fn read(read: &[u8], end: u8) -> Option<Self> {
        let text = std::str::from_utf8(read.strip_prefix(b"<")?).ok()?;
        let mut numbers = text.split(';').map(str::parse::<u16>);
        let (button, x, y) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let deed = match (button.ok()?, end) {
            (0, b'M') => Deed::Press,
            (64, b'M') => Deed::Wheel(-NOTCH),
            (65, b'M') => Deed::Wheel(NOTCH),
            _ => return None,
        };
        let (x, y) = (x.ok()?.checked_sub(1)?, y.ok()?.checked_sub(1)?);
        Some(Self { deed, x, y })
    }
}
