//! `import FILE|-`: documents in the API's own shapes.

use crate::cli::context::Context;
use crate::cli::exit::Failure;

/// Reads the documents.
pub async fn run(_ctx: &mut Context, _file: &str) -> Result<(), Failure> {
    Err(Failure::Absent("import"))
}
