//! Where it listens, in every spelling, and hosts and origins in hundreds of variants.

use super::{Api, serve};
use crate::harness::{Desk, kill};
use std::collections::BTreeSet;
use std::fs;

/// The addresses a process listens on, as the system lists them.
fn listening(port: u16) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        for line in fs::read_to_string(table)
            .unwrap_or_default()
            .lines()
            .skip(1)
        {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (address, at) = words[1].split_once(':').unwrap();
            // 0A is the state of a socket that listens
            if words[3] == "0A" && at == format!("{port:04X}") {
                found.insert(address.to_owned());
            }
        }
    }
    found
}

#[test]
fn of_twelve_spellings_only_loopback_as_a_number_is_listened_on() {
    let desk = Desk::empty(0.0);
    for (spelling, exit) in [
        ("0.0.0.0:0", 9),
        ("[::]:0", 9),
        ("0:0", 9),
        ("*:0", 9),
        (":8787", 9),
        ("localhost:0", 9),
        ("127.1:0", 9),
        ("0x7f000001:0", 9),
        ("2130706433:0", 9),
        ("[::ffff:127.0.0.1]:0", 9),
        ("127.0.0.1.evil.test:0", 9),
        ("192.0.2.1:0", 9),
        ("127.0.0.1", 2),
        ("127.0.0.1:70000", 2),
    ] {
        let done = desk.run(&["serve", "--listen", spelling]);
        assert_eq!(done.exit, exit, "{spelling}: {done:?}");
        assert!(!done.err.is_empty(), "{spelling}");
    }
    let (mut child, url) = serve(&desk, &["serve", "--listen", "127.0.0.1:0"]);
    let port = url.rsplit_once(':').unwrap().1.parse().unwrap();
    // 127.0.0.1 in the order of the machine's bytes
    assert_eq!(listening(port), BTreeSet::from(["0100007F".to_owned()]));
    kill(&mut child);
}

/// Hosts that are none of ours, for a port.
fn hosts(port: u16) -> Vec<String> {
    let names = [
        "evil.test",
        "127.0.0.1.evil.test",
        "localhost.evil.test",
        "evil.127.0.0.1",
        "127.0.0.1.",
        "localhost.",
        "local host",
        "127.0.0.2",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "2130706433",
        "0",
        "0.0.0.0",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::1%25lo]",
        "[0:0:0:0:0:0:0:2]",
        "127.0.0.1@evil.test",
        "evil.test@127.0.0.1",
        "127.0.0.1#evil.test",
        "127.0.0.1/evil.test",
        "127.0.0.1%00",
        "127.0.0.1,evil.test",
        "localhost%2eevil.test",
        "xn--localhost",
        "127.0.0.1;evil.test",
        "ip6-localhost",
    ];
    let ports = [
        format!(":{port}"),
        String::new(),
        format!(":{}", port ^ 1),
        format!(":0{port}"),
        ":evil".to_owned(),
    ];
    let mut all: Vec<String> = names
        .iter()
        .flat_map(|name| ports.iter().map(move |port| format!("{name}{port}")))
        .collect();
    for own in ["127.0.0.1", "localhost", "[::1]"] {
        all.extend(ports.iter().skip(1).map(|port| format!("{own}{port}")));
    }
    all
}

fn origins(port: u16) -> Vec<String> {
    let own = format!("127.0.0.1:{port}");
    let mut all = vec!["null".into(), "*".into(), "file://".into(), own.clone()];
    for scheme in ["http", "https", "ws", "HTTP+x", "chrome-extension"] {
        for host in [
            "evil.test",
            "127.0.0.1.evil.test",
            "127.0.0.1",
            "localhost",
            "evil.test@127.0.0.1",
        ] {
            all.push(format!("{scheme}://{host}:{}", port ^ 1));
            all.push(format!("{scheme}://{host}.evil.test:{port}"));
        }
    }
    all.push(format!("http://{own}/"));
    all.push(format!("https://{own}"));
    all
}

#[test]
fn of_two_hundred_hosts_and_origins_none_that_is_not_ours_is_answered() {
    let api = Api::new();
    let host = api.host().to_owned();
    let port: u16 = host.rsplit_once(':').unwrap().1.parse().unwrap();
    let (hosts, origins) = (hosts(port), origins(port));
    assert!(
        hosts.len() + origins.len() >= 200,
        "{}",
        hosts.len() + origins.len()
    );
    let asked = |lines: &str| {
        let request = format!("GET /healthz HTTP/1.1\r\n{lines}\r\nConnection: close\r\n\r\n");
        api.raw(request.as_bytes())
    };
    for host in hosts {
        let (status, said) = asked(&format!("Host: {host}"));
        assert!(matches!(status, 400 | 421), "{host}: {said}");
        assert!(!said.to_lowercase().contains("access-control"), "{said}");
    }
    for origin in origins {
        let (status, said) = asked(&format!("Host: {host}\r\nOrigin: {origin}"));
        assert!(matches!(status, 400 | 403), "{origin}: {said}");
        assert!(!said.to_lowercase().contains("access-control"), "{said}");
    }
    for own in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
    ] {
        assert_eq!(asked(&format!("Host: {own}")).0, 200, "{own}");
    }
}
