//! The proof of a deletion, read again and checked against the file as it is now.

use crate::domain::certificate::{Certificate, Check};
use crate::domain::ids::UserId;
use crate::ops::{Error, Ops, Result};
use crate::store::{ERASED, ReadTxn};

impl Ops {
    /// The certificate of a job or a sequence, with its digest. There is none before the deletion is proven.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) async fn certificate(&self, id: &str) -> Result<(Certificate, Vec<u8>)> {
        let asked = id.to_owned();
        let found: Result<_> = self
            .store
            .read(move |rd: &ReadTxn<'_>| Ok(rd.certificate(&asked)?))
            .await;
        let (certificate, mac, _) = found?.ok_or_else(|| Error::NotFound {
            kind: "certificate",
            id: id.to_owned(),
        })?;
        Ok((certificate, mac))
    }

    /// Whether a certificate still holds: its digest, the destroyed keys, and the rows, which are gone or came
    /// later under another key.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) async fn check_certificate(&self, id: &str) -> Result<Vec<Check>> {
        let asked = id.to_owned();
        self.store
            .read(move |rd: &ReadTxn<'_>| {
                let Some((certificate, _, digest)) = rd.certificate(&asked)? else {
                    return Err(Error::NotFound {
                        kind: "certificate",
                        id: asked,
                    });
                };
                let seen = if digest {
                    "as it was written"
                } else {
                    "not what was written"
                };
                let mut checks = vec![Check {
                    what: "digest",
                    holds: digest,
                    seen: seen.into(),
                }];
                for (bank, slot) in &certificate.keys {
                    let holds = rd.key_gone(*slot)?;
                    let state = if holds { "empty" } else { "holds a key" };
                    checks.push(Check {
                        what: "data key",
                        holds,
                        seen: format!("slot {slot} of {bank} is {state}"),
                    });
                }
                for id in &certificate.purges {
                    let seen = match rd.certificate(id)? {
                        Some((.., true)) => "as it was written",
                        Some((.., false)) => "not what was written",
                        None => "not there any more",
                    };
                    let holds = seen == "as it was written";
                    checks.push(Check {
                        what: "purge",
                        holds,
                        seen: format!("certificate {id} is {seen}"),
                    });
                }
                if let Some(user) = &certificate.user {
                    checks.push(rows(rd, &certificate, user)?);
                }
                Ok(checks)
            })
            .await
    }
}

/// What is stored now was sealed under a key made after the old one was destroyed, or there is nothing.
fn rows(rd: &ReadTxn<'_>, certificate: &Certificate, user: &UserId) -> Result<Check> {
    let what = "rows";
    if !rd.user_exists(user)? {
        return Ok(Check {
            what,
            holds: true,
            seen: "the user is gone, with every row".into(),
        });
    }
    let keys = rd.key_slots(user)?;
    let here = |bank: &crate::domain::ids::InstitutionId| {
        certificate
            .institution
            .as_ref()
            .is_none_or(|own| own == bank)
    };
    let old = keys
        .iter()
        .any(|(bank, slot)| here(bank) && certificate.keys.contains(&(bank.clone(), *slot)));
    let stored: u64 = match &certificate.institution {
        Some(bank) => rd
            .purge_counts(user, bank)?
            .rows()
            .iter()
            .map(|(_, count)| count)
            .sum(),
        None => rd
            .left_of(user)?
            .iter()
            .take(ERASED)
            .map(|(_, count)| count)
            .sum(),
    };
    let newer = keys.iter().any(|(bank, _)| here(bank));
    Ok(match (stored, old, newer) {
        (0, ..) => Check {
            what,
            holds: true,
            seen: "none".into(),
        },
        (n, true, _) => Check {
            what,
            holds: false,
            seen: format!("{n}, sealed under the old key"),
        },
        (n, false, true) => Check {
            what,
            holds: true,
            seen: format!("{n}, all newer, under a key made since"),
        },
        // nothing sealed: what a user links anew before anything was fetched
        (n, false, false) if certificate.institution.is_none() => Check {
            what,
            holds: true,
            seen: format!("{n}, none of them fetched data"),
        },
        (n, false, false) => Check {
            what,
            holds: false,
            seen: format!("{n} without a key"),
        },
    })
}
