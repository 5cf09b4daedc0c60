//! What a browser, a proxy or a careless client may send: hosts, origins, targets, methods and malformed heads, over raw
//! sockets.

use super::Api;
use crate::harness::Dice;
use crate::settings;

fn asked(api: &Api, lines: &str) -> (u16, String) {
    api.raw(format!("{lines}\r\n\r\n").as_bytes())
}

#[test]
fn only_the_three_exact_hosts_are_answered() {
    let api = Api::new();
    let port = api.host().rsplit_once(':').unwrap().1.to_owned();
    for host in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
    ] {
        let (status, said) = asked(
            &api,
            &format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close"),
        );
        assert_eq!(status, 200, "{host}: {said}");
    }
    let other = port.parse::<u16>().unwrap() ^ 1;
    for host in [
        "127.0.0.1".into(),
        format!("127.0.0.1:{other}"),
        format!("127.0.0.1:0{port}"),
        format!("127.0.0.1.evil.test:{port}"),
        format!("localhost.:{port}"),
        format!("localhost.evil.test:{port}"),
        format!("evil.test:{port}"),
        format!("127.1:{port}"),
        format!("0x7f000001:{port}"),
        format!("2130706433:{port}"),
        format!("0.0.0.0:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        "127.0.0.1:evil".into(),
        format!("a@127.0.0.1:{port}"),
        format!("127.0.0.1:{port}/"),
        format!("127.0.0.1:{port}, 127.0.0.1:{port}"),
        format!("127.0.0.1:{port}#"),
        " ".into(),
    ] {
        let (status, said) = asked(&api, &format!("GET /healthz HTTP/1.1\r\nHost: {host}"));
        assert!(matches!(status, 400 | 421), "{host}: {said}");
        assert!(!said.to_lowercase().contains("access-control"), "{said}");
    }
    let own = format!("Host: 127.0.0.1:{port}");
    for lines in [
        "GET /healthz HTTP/1.1".to_owned(),
        "GET /healthz HTTP/1.0".to_owned(),
        format!("GET /healthz HTTP/1.1\r\n{own}\r\n{own}"),
        format!("GET /healthz HTTP/1.1\r\n{own}\r\nHost: evil.test"),
        format!("GET http://evil.test/healthz HTTP/1.1\r\n{own}"),
        format!("GET http://localhost:{port}/healthz HTTP/1.1\r\n{own}"),
        format!("GET https://127.0.0.1:{port}/healthz HTTP/1.1\r\n{own}"),
        format!("CONNECT evil.test:443 HTTP/1.1\r\n{own}"),
        format!("OPTIONS * HTTP/1.1\r\n{own}"),
    ] {
        let (status, said) = asked(&api, &lines);
        assert!(matches!(status, 400 | 421), "{lines}: {said}");
    }
    let target = format!("GET http://127.0.0.1:{port}/healthz HTTP/1.1\r\n{own}");
    assert_eq!(asked(&api, &target).0, 200);
}

#[test]
fn no_other_site_is_answered_and_none_is_told_that_it_may_ask() {
    let api = Api::new();
    let host = api.host().to_owned();
    let port = host.rsplit_once(':').unwrap().1;
    for (origin, want) in [
        (format!("http://{host}"), 200),
        ("null".into(), 403),
        ("http://evil.test".into(), 403),
        (format!("http://evil.test:{port}"), 403),
        ("http://localhost:1".into(), 403),
        (format!("https://{host}"), 403),
        (format!("http://{host}.evil.test"), 403),
        (format!("http://{host}\r\nOrigin: http://{host}"), 403),
    ] {
        let lines = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}");
        let (status, said) = asked(&api, &lines);
        assert_eq!(status, want, "{origin}: {said}");
        assert!(!said.to_lowercase().contains("access-control"), "{said}");
    }
    let lines = format!(
        "OPTIONS /users HTTP/1.1\r\nHost: {host}\r\nOrigin: http://evil.test\r\nAccess-Control-Request-Method: POST"
    );
    let (status, said) = asked(&api, &lines);
    assert!(
        status == 403 && !said.to_lowercase().contains("access-control"),
        "{said}"
    );
}

#[test]
fn the_base_of_links_is_the_host_that_was_used_or_the_configured_one() {
    let api = Api::new();
    let port = api.host().rsplit_once(':').unwrap().1.to_owned();
    let (_, said) = asked(
        &api,
        &format!("GET /public/connectors HTTP/1.1\r\nHost: localhost:{port}"),
    );
    assert!(
        said.contains(&format!("http://localhost:{port}/connectors/AU00000/web")),
        "{said:.300}"
    );
    let desk = crate::harness::Desk::empty(0.0);
    let api = Api::on(desk, &["--base-url", "https://api.example.test/"]);
    let address = api.get("/connectors/AU00000/web").with(200)["links"]["self"].clone();
    assert_eq!(address, "https://api.example.test/connectors/AU00000/web");
    let lines = "GET /healthz HTTP/1.1\r\nHost: api.example.test";
    assert_eq!(asked(&api, lines).0, 200, "a proxy passes the name on");
}

#[test]
fn a_method_that_a_path_has_not_is_405_and_a_path_that_is_none_404() {
    let api = Api::new();
    let host = api.host().to_owned();
    for (method, path, want, allow) in [
        ("TRACE", "/users", 405, "POST"),
        ("PUT", "/users", 405, "POST"),
        ("PATCH", "/users/u", 405, "GET,HEAD,POST,DELETE"),
        ("GET", "/token", 405, "POST"),
        ("BREW", "/healthz", 405, "GET,HEAD"),
        ("OPTIONS", "/users", 405, "POST"),
        ("GET", "/", 404, ""),
        ("GET", "/users/u/connections/c/nothing", 404, ""),
        ("GET", "/openapi", 404, ""),
        ("POST", "//users", 404, ""),
    ] {
        let lines = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close");
        let (status, said) = asked(&api, &lines);
        assert_eq!(status, want, "{method} {path}: {said}");
        let allowed = said.lines().find_map(|line| line.strip_prefix("allow: "));
        let sorted = |text: &str| {
            let mut all: Vec<String> = text.split(',').map(str::to_owned).collect();
            all.sort();
            all
        };
        assert_eq!(
            sorted(allowed.unwrap_or_default()),
            sorted(allow),
            "{method} {path}"
        );
    }
    let nothing = api.get("/nothing").error();
    assert_eq!(
        nothing,
        super::refused(
            404,
            "resource-not-found",
            "Route not found for this API version."
        )
    );
}

#[test]
fn malformed_requests_are_refused_and_the_next_good_one_is_answered() {
    let api = Api::new();
    let host = api.host().to_owned();
    let head = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n");
    let post = format!("POST /token HTTP/1.1\r\nHost: {host}\r\n");
    for (name, bytes) in [
        ("another version", b"GET / HTTP/9.9\r\n\r\n".to_vec()),
        (
            "two lengths",
            format!("{post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab").into_bytes(),
        ),
        (
            "a length and chunks",
            format!("{post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                .into_bytes(),
        ),
        (
            "a bad chunk",
            format!("{post}Transfer-Encoding: chunked\r\n\r\nxyz\r\n").into_bytes(),
        ),
        (
            "a negative length",
            format!("{post}Content-Length: -1\r\n\r\n").into_bytes(),
        ),
        (
            "a blank in a name",
            format!("{head}Bad Name: x\r\n\r\n").into_bytes(),
        ),
        ("a zero byte", format!("{head}X: a\0b\r\n\r\n").into_bytes()),
        ("no head", vec![0; 256]),
        (
            "a hello of TLS",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        ),
        (
            "the beginning of HTTP/2",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        ),
        (
            "no path",
            format!("GET  HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes(),
        ),
    ] {
        let (status, said) = api.raw(&bytes);
        assert!(
            matches!(status, 0 | 400 | 401 | 405 | 421 | 505),
            "{name}: {said}"
        );
        assert_eq!(
            api.send("GET", "/healthz", &[], None).status,
            200,
            "after {name}"
        );
    }
}

/// Requests that are good or nearly so; mutations of them are tried.
fn bases(api: &Api) -> Vec<Vec<u8>> {
    let (host, token) = (api.host(), &api.token);
    let head = format!("Host: {host}\r\nAuthorization: Bearer {token}\r\n");
    let with_body = |line: &str, body: &str| {
        let length = body.len();
        format!(
            "{line} HTTP/1.1\r\n{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
    [
        format!("GET /users/u/connections?filter=status.eq('active') HTTP/1.1\r\n{head}\r\n"),
        format!("GET /users/u/transactions?limit=5&next=00 HTTP/1.1\r\n{head}\r\n"),
        format!("GET http://{host}/connectors HTTP/1.1\r\n{head}\r\n"),
        with_body("POST /users", r#"{"email": "a@b.test", "businessAddress": {"suburb": "x"}}"#),
        with_body(
            "POST /users/u/connections",
            r#"{"loginId": "a", "password": "b", "institution": {"id": "AU00000"}}"#,
        ),
        with_body("POST /jobs/j/mfa", r#"{"mfa-response": ["1"]}"#),
        format!("POST /token HTTP/1.1\r\nHost: {host}\r\nbasiq-version: 3.0\r\nAuthorization: Basic x\r\nContent-Length: 3\r\n\r\na=b"),
        format!("POST /token HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
        format!("DELETE /users/u/connections/c HTTP/1.1\r\n{head}Origin: http://{host}\r\n\r\n"),
    ]
    .map(String::into_bytes)
    .into()
}

fn mutated(mut bytes: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let odd: [&[u8]; 8] = [
        b"\0",
        b"\r\n",
        b"%00",
        b"'",
        b"\xff\xfe",
        b"[[[[",
        b":",
        b"HTTP/1.1",
    ];
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len() as u64) as usize;
        match dice.below(4) {
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => bytes.truncate(at.max(1)),
            2 => {
                let part = odd[dice.below(odd.len() as u64) as usize];
                bytes.splice(at..at, part.iter().copied());
            }
            _ => {
                let part: Vec<u8> = bytes[at..].iter().take(40).copied().collect();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

/// Sends so many mutations; none may be answered as a fault of ours, and the server answers the next good request.
fn torture(count: u64) {
    let api = Api::new();
    let (mut dice, bases) = (settings::dice(60), bases(&api));
    for n in 0..count {
        let base = bases[dice.below(bases.len() as u64) as usize].clone();
        let bytes = mutated(base, &mut dice);
        let (status, said) = api.raw(&bytes);
        let shown = String::from_utf8_lossy(&bytes);
        assert!(status < 500, "request {n}: {shown}\nanswer: {said}");
        if n % 50 == 0 {
            assert_eq!(api.get("/connectors").status, 200, "after request {n}");
        }
    }
    api.desk.healthy();
}

#[test]
fn no_mutation_of_a_request_is_a_fault_of_ours() {
    torture(300);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn http_malformed_long() {
    torture(20_000);
    settings::figure(
        "20000 malformed requests: none was a fault of ours, the server went on answering",
    );
}
