//! Text that must not be printed by accident: passwords, answers, personal data from a bank.

use zeroize::Zeroizing;

/// Has no `Display` and no way into a document; its `Debug` prints dots. Wiped when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// For sealing, the bank, masking and the audited reveal only; `tests/architecture.rs` lists who may call it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("••••••")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_dots_whatever_is_inside() {
        assert_eq!(format!("{:?}", Secret::new("hooli2016")), "••••••");
        assert_eq!(format!("{:?}", Secret::new("")), "••••••");
    }
}
