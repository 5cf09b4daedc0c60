//! The personal part of a row before it is sealed: a version byte, then texts with their lengths.
//! Fields of later versions are skipped; invalid bytes are an error, never a panic.

use super::error::{Error, Result};
use crate::domain::bank_data::{AccountDetails, Address, Credentials, Profile, TransactionDetails};
use crate::domain::person::{Business, NumberKind};
use crate::domain::secret::Secret;
use zeroize::Zeroizing;

const VERSION: u8 = 1;

pub(crate) type Plain = Zeroizing<Vec<u8>>;

struct Out(Plain);

impl Out {
    fn new() -> Self {
        Self(Zeroizing::new(vec![VERSION]))
    }

    fn number(mut self, n: usize) -> Self {
        let mut n = n as u64;
        while n >= 128 {
            self.0.push(n as u8 | 128);
            n >>= 7;
        }
        self.0.push(n as u8);
        self
    }

    fn text(self, secret: &Secret) -> Self {
        let bytes = secret.expose().as_bytes();
        let mut out = self.number(bytes.len());
        out.0.extend_from_slice(bytes);
        out
    }

    fn maybe(self, secret: Option<&Secret>) -> Self {
        match secret {
            None => self.number(0),
            Some(secret) => self.number(1).text(secret),
        }
    }

    fn list(self, list: &[Secret]) -> Self {
        list.iter()
            .fold(self.number(list.len()), |out, s| out.text(s))
    }
}

struct In<'a>(&'a [u8]);

impl<'a> In<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self> {
        match bytes.split_first() {
            Some((&VERSION, rest)) => Ok(Self(rest)),
            _ => Err(Error::Unreadable),
        }
    }

    fn number(&mut self) -> Result<usize> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first().ok_or(Error::Unreadable)?;
            self.0 = rest;
            n |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return usize::try_from(n).map_err(|_| Error::Unreadable);
            }
        }
        Err(Error::Unreadable)
    }

    fn text(&mut self) -> Result<Secret> {
        let length = self.number()?;
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(Error::Unreadable)?;
        self.0 = rest;
        std::str::from_utf8(bytes)
            .map(Secret::from)
            .map_err(|_| Error::Unreadable)
    }

    fn maybe(&mut self) -> Result<Option<Secret>> {
        if self.number()? == 0 {
            Ok(None)
        } else {
            self.text().map(Some)
        }
    }

    fn list(&mut self) -> Result<Vec<Secret>> {
        let count = self.number()?;
        // a count that the bytes cannot hold is garbage, not a reason to reserve memory
        if count > self.0.len() {
            return Err(Error::Unreadable);
        }
        (0..count).map(|_| self.text()).collect()
    }
}

pub(crate) fn write_list(list: &[Secret]) -> Plain {
    Out::new().list(list).0
}

pub(crate) fn read_list(bytes: &[u8]) -> Result<Vec<Secret>> {
    In::new(bytes)?.list()
}

pub(crate) fn write_profile(p: &Profile) -> Plain {
    let out = Out::new()
        .text(&p.full_name)
        .text(&p.first_name)
        .text(&p.middle_name)
        .text(&p.last_name);
    let out = out
        .list(&p.phones)
        .list(&p.emails)
        .number(p.addresses.len());
    p.addresses
        .iter()
        .fold(out, |out, a| {
            out.text(&a.line1)
                .maybe(a.line2.as_ref())
                .maybe(a.line3.as_ref())
                .text(&a.postcode)
                .text(&a.city)
                .text(&a.state)
                .text(&a.country)
                .text(&a.country_code)
                .text(&a.formatted)
        })
        .0
}

pub(crate) fn read_profile(bytes: &[u8]) -> Result<Profile> {
    let mut from = In::new(bytes)?;
    let mut profile = Profile {
        full_name: from.text()?,
        first_name: from.text()?,
        middle_name: from.text()?,
        last_name: from.text()?,
        phones: from.list()?,
        emails: from.list()?,
        addresses: vec![],
    };
    for _ in 0..from.number()? {
        profile.addresses.push(Address {
            line1: from.text()?,
            line2: from.maybe()?,
            line3: from.maybe()?,
            postcode: from.text()?,
            city: from.text()?,
            state: from.text()?,
            country: from.text()?,
            country_code: from.text()?,
            formatted: from.text()?,
        });
    }
    Ok(profile)
}

pub(crate) fn write_account(a: &AccountDetails) -> Plain {
    Out::new()
        .text(&a.name)
        .text(&a.number)
        .text(&a.holder)
        .text(&a.product)
        .text(&a.rest)
        .0
}

pub(crate) fn read_account(bytes: &[u8]) -> Result<AccountDetails> {
    let mut from = In::new(bytes)?;
    Ok(AccountDetails {
        name: from.text()?,
        number: from.text()?,
        holder: from.text()?,
        product: from.text()?,
        rest: from.text()?,
    })
}

pub(crate) fn write_transaction(t: &TransactionDetails) -> Plain {
    Out::new()
        .text(&t.description)
        .text(&t.reference)
        .text(&t.rest)
        .0
}

pub(crate) fn read_transaction(bytes: &[u8]) -> Result<TransactionDetails> {
    let mut from = In::new(bytes)?;
    Ok(TransactionDetails {
        description: from.text()?,
        reference: from.text()?,
        rest: from.text()?,
    })
}

pub(crate) fn write_credentials(c: &Credentials) -> Plain {
    let out = Out::new().text(&c.login).text(&c.password);
    out.maybe(c.security_code.as_ref())
        .maybe(c.secondary_login.as_ref())
        .0
}

pub(crate) fn read_credentials(bytes: &[u8]) -> Result<Credentials> {
    let mut from = In::new(bytes)?;
    Ok(Credentials {
        login: from.text()?,
        password: from.text()?,
        security_code: from.maybe()?,
        secondary_login: from.maybe()?,
    })
}

pub(crate) fn write_business(b: &Business) -> Plain {
    let kind = Secret::new(b.kind.map_or("", NumberKind::word));
    Out::new()
        .text(&b.name)
        .text(&b.number)
        .text(&kind)
        .text(&b.rest)
        .0
}

pub(crate) fn read_business(bytes: &[u8]) -> Result<Business> {
    let mut from = In::new(bytes)?;
    let (name, number, kind, rest) = (from.text()?, from.text()?, from.text()?, from.text()?);
    Ok(Business {
        name,
        number,
        kind: NumberKind::parse(kind.expose()),
        rest,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn profile() -> Profile {
        Profile {
            full_name: "Max Wentworth-Smith".into(),
            phones: vec!["0405 345 991".into(), "".into()],
            emails: vec!["max@example.test".into()],
            addresses: vec![Address {
                line1: "91 Fisher Road".into(),
                line2: Some("".into()),
                ..Address::default()
            }],
            ..Profile::default()
        }
    }

    #[test]
    fn records_come_back() {
        assert_eq!(read_profile(&write_profile(&profile())).unwrap(), profile());
        let c = Credentials {
            login: "g".into(),
            password: "ü".into(),
            security_code: None,
            secondary_login: Some("".into()),
        };
        assert_eq!(read_credentials(&write_credentials(&c)).unwrap(), c);
        let t = TransactionDetails {
            description: "x".repeat(300).as_str().into(),
            ..Default::default()
        };
        assert_eq!(read_transaction(&write_transaction(&t)).unwrap(), t);
        let a = AccountDetails {
            number: "600000114210017".into(),
            ..Default::default()
        };
        assert_eq!(read_account(&write_account(&a)).unwrap(), a);
        let b = Business {
            name: "Hooli".into(),
            kind: Some(NumberKind::Acn),
            ..Business::default()
        };
        assert_eq!(read_business(&write_business(&b)).unwrap(), b);
        let list = vec!["1234".into(), "".into()];
        assert_eq!(read_list(&write_list(&list)).unwrap(), list);
    }

    #[test]
    fn a_field_a_later_version_appends_is_passed_over() {
        let mut bytes = write_account(&AccountDetails::default()).to_vec();
        bytes.extend_from_slice(b"\x03new");
        assert!(read_account(&bytes).is_ok());
    }

    proptest! {
        #[test]
        fn garbage_is_refused_or_read_but_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_profile(&bytes);
            let _ = read_list(&bytes);
            let mut ours = vec![VERSION];
            ours.extend_from_slice(&bytes);
            let _ = read_profile(&ours);
            let _ = read_list(&ours);
            let _ = read_credentials(&ours);
        }

        #[test]
        fn a_cut_record_is_refused(at in 0usize..60) {
            let whole = write_profile(&profile());
            if at < whole.len() {
                prop_assert!(read_profile(&whole[..at]).is_err());
            }
        }
    }
}
