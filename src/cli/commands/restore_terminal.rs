//! `restore-terminal`: what the dashboard does at its end, for one that was killed before it could.

use crate::cli::exit::Failure;
use crate::tui::terminal::restore;

pub(crate) fn run() -> Result<(), Failure> {
    let terminal = restore::given().ok_or_else(|| {
        let nowhere = "there is no terminal to put right";
        Failure::Usage(format!(
            "{nowhere}; run this in the terminal that was left in disorder"
        ))
    })?;
    let restored = terminal.and_then(|terminal| restore::put_right(&terminal));
    restored.map_err(|cause| Failure::File {
        what: "the terminal cannot be put right".into(),
        cause,
    })
}
