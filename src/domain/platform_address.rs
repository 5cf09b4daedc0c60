//! The address of a platform: how it is written, which machine it is of, and which environment its name tells.

/// What is between `//` and the next `/`.
pub(crate) fn host(address: &str) -> &str {
    let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// The host without its port, lower case; without the brackets of an IPv6 address.
fn host_name(address: &str) -> String {
    let host = host(address).to_ascii_lowercase();
    match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        Some((host, _)) => host.to_owned(),
        None => host.split(':').next().unwrap_or_default().to_owned(),
    }
}

/// Whether an address is of this machine: the only ones that are asked without TLS. One with a user name is not: what is
/// before the `@` only looks like a host.
pub(crate) fn is_loopback(address: &str) -> bool {
    if host(address).contains('@') {
        return false;
    }
    let name = host_name(address);
    let parts: Vec<&str> = name.split('.').collect();
    let is_number = |part: &&str| part.parse::<u8>().is_ok();
    matches!(name.as_str(), "localhost" | "::1")
        || parts.len() == 4 && parts[0] == "127" && parts.iter().all(is_number)
}

/// Whether nobody on the way can read what is sent to an address: https, or http that stays on this machine.
pub(crate) fn is_private(address: &str) -> bool {
    let Some((scheme, _)) = address.split_once("://") else {
        return false;
    };
    match scheme.to_ascii_lowercase().as_str() {
        "https" => !host(address).is_empty() && !host(address).contains('@'),
        "http" => is_loopback(address),
        _ => false,
    }
}

/// The word for the environment of an address: that it is a real one unless its name says something else.
pub(crate) fn environment(address: &str) -> &'static str {
    if is_loopback(address) {
        return "LOCAL";
    }
    let name = host_name(address);
    let parts: Vec<&str> = name.split(['.', '-']).collect();
    for (words, environment) in [
        (&["sandbox"][..], "SANDBOX"),
        (&["staging", "stage", "uat", "preprod"], "STAGING"),
        (&["test", "testing", "qa"], "TEST"),
        (&["dev", "develop", "development"], "DEV"),
    ] {
        if words.iter().any(|word| parts.contains(word)) {
            return environment;
        }
    }
    "PROD"
}

/// An address as it is kept, or what is wrong with it.
pub(crate) fn address(given: &str) -> Result<String, String> {
    let text = given.trim().trim_end_matches('/');
    let wrong = |why: &str| Err(format!("the address of the platform {why}"));
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return wrong("has blanks in it");
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return wrong("has to begin with https://, like https://au-api.example.com");
    };
    let named = rest.split('/').next().unwrap_or_default();
    if named.is_empty() {
        return wrong("names no host");
    }
    if named.contains('@') {
        return wrong("holds a user name or password; give the key at the prompt");
    }
    if rest.contains(['?', '#']) {
        return wrong("has a query; only scheme, host and path belong there");
    }
    match scheme.to_ascii_lowercase().as_str() {
        _ if is_private(text) => {}
        "http" => return wrong("has to begin with https://; http is for this machine only"),
        _ => return wrong("has to begin with https://"),
    }
    let (scheme, named) = (scheme.to_ascii_lowercase(), named.to_ascii_lowercase());
    let path = &rest[named.len()..];
    Ok(format!("{scheme}://{named}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_are_addresses() {
        for (given, kept) in [
            ("https://AU-API.example.com/", "https://au-api.example.com"),
            ("https://h.example/v3/", "https://h.example/v3"),
            ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
            ("http://localhost:1", "http://localhost:1"),
            ("http://[::1]:9", "http://[::1]:9"),
        ] {
            assert_eq!(address(given).as_deref(), Ok(kept), "{given}");
        }
        for refused in [
            "http://api.example.com",
            "http://127.0.0.1.example.com",
            "api.example.com",
            "ftp://x.example",
            "https://",
            "https://key@h.example",
            "https://h.example/?k=1",
            "https://h .example",
        ] {
            assert!(address(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn an_address_is_of_production_unless_its_name_says_otherwise() {
        for (address, environment_of) in [
            ("https://au-api.example.com", "PROD"),
            ("https://sandbox.api.example.com", "SANDBOX"),
            ("https://api-staging.example.com", "STAGING"),
            ("https://latest.example.com", "PROD"),
            ("https://uat.example.com:8443/x", "STAGING"),
            ("http://127.0.0.1:8787", "LOCAL"),
        ] {
            assert_eq!(environment(address), environment_of, "{address}");
        }
    }
}
