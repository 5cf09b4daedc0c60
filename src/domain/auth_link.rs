//! The one link that a user may have to the consent page (docs/domain.md 8).

use super::ids::UserId;
use super::moment::Moment;
use super::secret::Secret;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuthLink {
    pub(crate) id: String,
    pub(crate) user: UserId,
    /// Made from the id by the master key and stored nowhere: whoever has only the database cannot open the page.
    /// None when the master key is missing.
    pub(crate) code: Option<Secret>,
    /// Of a link that a platform made: its whole address there. None for one to the page of this program.
    pub(crate) address: Option<Secret>,
    /// Where it was sent to; none when the master key is missing.
    pub(crate) mobile: Option<Secret>,
    pub(crate) created: Moment,
    pub(crate) expires: Moment,
}

impl AuthLink {
    pub(crate) fn lapsed(&self, now: Moment) -> bool {
        self.expires <= now
    }

    /// The public address below that of the server: what it is known by, and the code that opens it. Of a link that a
    /// platform made: the whole address. None when the master key is missing.
    pub(crate) fn path(&self) -> Option<String> {
        if let Some(address) = &self.address {
            return Some(address.expose().to_owned());
        }
        let code = self.code.as_ref()?;
        Some(format!("/connect/{}.{}", self.id, code.expose()))
    }
}

/// Where a link leads, for people; `path` as [`AuthLink::path`] gives it.
pub(crate) fn words(path: Option<&str>) -> String {
    match path {
        Some(path) if path.starts_with('/') => {
            format!("{path} (below the address of `switchboard serve`)")
        }
        Some(address) => address.to_owned(),
        None => "cannot be written: the master key is missing".into(),
    }
}

/// The id and the code in the last part of a public address.
pub(crate) fn parts(last: &str) -> Option<(String, Secret)> {
    let (id, code) = last.rsplit_once('.')?;
    Some((id.to_owned(), code.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_apart_as_it_was_made() {
        let link = AuthLink {
            id: "a.b".into(),
            user: "u".into(),
            code: Some("00ff".into()),
            address: None,
            mobile: None,
            created: Moment(0),
            expires: Moment(10),
        };
        let path = link.path().unwrap();
        let (id, code) = parts(path.rsplit_once('/').unwrap().1).unwrap();
        assert_eq!((id.as_str(), code.expose()), ("a.b", "00ff"));
        assert!(parts("ab").is_none());
        assert!(link.lapsed(Moment(10)) && !link.lapsed(Moment(9)));
        let closed = AuthLink { code: None, ..link };
        assert_eq!(closed.path(), None);
        let there = AuthLink {
            address: Some("https://connect.example.test/a".into()),
            ..closed
        };
        let path = there.path();
        assert_eq!(words(path.as_deref()), "https://connect.example.test/a");
    }
}
