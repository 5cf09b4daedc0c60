//! Reads the certificate of a deletion and checks it against the file as it is now.

use crate::domain::certificate::{Certificate, Check};
use crate::domain::ids::UserId;
use crate::ops::{Ops, Result, not_found};
use crate::store::{ERASED, ReadTxn};

impl Ops {
    /// None before the deletion is proven.
    pub(crate) async fn certificate(&self, id: &str) -> Result<(Certificate, Vec<u8>)> {
        let asked = id.to_owned();
        let found = self.read(move |rd| Ok(rd.certificate(&asked)?)).await?;
        let (certificate, mac, _) = found.ok_or_else(|| not_found("certificate", id))?;
        Ok((certificate, mac))
    }

    /// Whether a certificate still holds: digest, destroyed keys, and rows, which are gone or came later under a new key.
    pub(crate) async fn check_certificate(&self, id: &str) -> Result<Vec<Check>> {
        let asked = id.to_owned();
        self.read(move |rd| {
            let (certificate, _, digest) = rd
                .certificate(&asked)?
                .ok_or_else(|| not_found("certificate", &asked))?;
            let written = |holds| {
                if holds {
                    "as it was written"
                } else {
                    "not what was written"
                }
            };
            let check = |what, holds, seen| Check { what, holds, seen };
            let mut checks = vec![check("digest", digest, written(digest).into())];
            let (proves, said) = certificate.search();
            checks.push(check("search", proves, said));
            for (bank, slot) in &certificate.keys {
                let holds = rd.key_gone(*slot)?;
                let state = if holds { "empty" } else { "holds a key" };
                let seen = format!("slot {slot} of {bank} is {state}");
                checks.push(check("data key", holds, seen));
            }
            for id in &certificate.purges {
                let (holds, seen) = match rd.certificate(id)? {
                    Some((.., digest)) => (digest, written(digest)),
                    None => (false, "not there any more"),
                };
                checks.push(check("purge", holds, format!("certificate {id} is {seen}")));
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
    let check = |holds, seen: String| {
        Ok(Check {
            what: "rows",
            holds,
            seen,
        })
    };
    if !rd.user_exists(user)? {
        return check(true, "the user is gone, with every row".into());
    }
    let keys = rd.key_slots(user, None)?;
    let keys: Vec<_> = keys.held.into_iter().chain(keys.absent).collect();
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
    match (stored, old, newer) {
        (0, ..) => check(true, "none".into()),
        (n, true, _) => check(false, format!("{n}, sealed under the old key")),
        (n, false, true) => check(true, format!("{n}, all newer, under a key made since")),
        // nothing is sealed: a user can link again before anything was fetched
        (n, false, false) if certificate.institution.is_none() => {
            check(true, format!("{n}, none of them fetched data"))
        }
        (n, false, false) => check(false, format!("{n} without a key")),
    }
}
