//! Who signed in, as a document of its own (docs/domain.md 15.7): the profile of a connection, under the connection's id.

use super::{connection, link, over};
use crate::domain::records::IdentityWhole;
use serde_json::{Value, json};

pub(crate) fn identity(base: &str, whole: &IdentityWhole) -> Value {
    let row = &whole.row;
    let (user, id) = (row.user.as_str(), row.id.as_str());
    let job = match &whole.job {
        Some(job) => link::job(base, job.as_str()),
        // an imported one has no job here; the reference's own example shows the connection too
        None => link::connection(base, user, id),
    };
    let own = json!({
        "type": "identity",
        "id": id,
        "created": row.created.rfc3339(),
        "updated": row.last_used.rfc3339(),
        "connectionID": id,
        "institutionID": row.institution.as_str(),
        "source": row.method.word(),
        "links": {"self": format!("{}/identities/{id}", link::user(base, user)), "job": job},
    });
    let mut profile = connection::profile(&whole.profile);
    if let Some(addresses) = profile["physicalAddresses"].as_array_mut() {
        addresses.iter_mut().for_each(texts_only);
    }
    match profile {
        Value::Object(profile) => over(profile, own),
        _ => own,
    }
}

/// A line that an address lacks is null in a profile and an empty text here, as the reference has both.
fn texts_only(address: &mut Value) {
    let fields = address.as_object_mut().into_iter().flatten();
    for (_, value) in fields.filter(|(_, value)| value.is_null()) {
        *value = "".into();
    }
}
