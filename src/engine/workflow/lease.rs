//! Work under a lease that is renewed while it lasts.

use std::time::Duration;

/// Renews the lease every third of it while the work lasts. Whether it was kept is seen when the work is written.
pub(crate) async fn keep_lease<T, R: Future>(
    work: impl Future<Output = T>,
    lease: Duration,
    renew: impl Fn() -> R,
) -> T {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            // the renewal is due by the clock; no event announces it
            () = tokio::time::sleep(lease / 3) => {}
        }
        tokio::select! {
            done = &mut work => return done,
            _ = renew() => {}
        }
    }
}
