//! TLS with a certificate made for the test: answered to who trusts it, and to nobody in the clear.

use super::{said, serve};
use crate::harness::{Desk, kill};
use crate::platform::{board, typed};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

/// Writes a certificate for `localhost` and its key; answers the certificate.
fn certificate(desk: &Desk, name: &str) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(desk.path(&format!("{name}.pem")), made.cert.pem()).unwrap();
    let key = desk.path(&format!("{name}.key"));
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    made.cert.der().clone()
}

fn client(trusted: &CertificateDer<'static>) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = config.with_root_certificates(roots);
    Arc::new(config.with_no_client_auth())
}

/// What a server says over TLS to one request for its health, or why it is not believed.
fn asked(port: &str, config: Arc<ClientConfig>) -> std::io::Result<String> {
    let name = ServerName::try_from("localhost").unwrap();
    let tls = ClientConnection::new(config, name).unwrap();
    let socket = TcpStream::connect(format!("127.0.0.1:{port}"))?;
    let mut stream = StreamOwned::new(tls, socket);
    let head =
        format!("GET /healthz HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    let mut bytes = vec![];
    stream.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[test]
fn it_answers_over_tls_to_who_trusts_its_certificate_and_not_in_the_clear() {
    let desk = Desk::empty(0.0);
    let (own, other) = (certificate(&desk, "own"), certificate(&desk, "other"));
    let words = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--tls-cert",
        "own.pem",
        "--tls-key",
        "own.key",
    ];
    let (mut child, url) = serve(&desk, &words);
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let port = url.rsplit_once(':').unwrap().1;
    let answer = asked(port, client(&own)).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let untrusted = asked(port, client(&other)).unwrap_err();
    assert!(untrusted.to_string().contains("ertificate"), "{untrusted}");
    let mut plain = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    let head = format!("GET /healthz HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
    plain.write_all(head.as_bytes()).unwrap();
    let (status, answer) = said(plain);
    assert_eq!(status, 0, "in the clear it says nothing of HTTP: {answer}");
    kill(&mut child);
}

#[test]
fn with_tls_it_listens_on_every_address_and_a_wrong_key_is_refused() {
    let desk = Desk::empty(0.0);
    certificate(&desk, "own");
    certificate(&desk, "other");
    let open = |cert: &'static str, key: &'static str| {
        vec![
            "serve",
            "--listen",
            "0.0.0.0:0",
            "--tls-cert",
            cert,
            "--tls-key",
            key,
        ]
    };
    for (cert, key) in [
        ("own.pem", "other.key"),
        ("own.key", "own.key"),
        ("none.pem", "own.key"),
    ] {
        let done = desk.run(&open(cert, key));
        assert_eq!(done.exit, 9, "{cert} {key}: {done:?}");
        assert!(
            done.err.contains(cert) || done.err.contains(key),
            "{done:?}"
        );
    }
    assert_eq!(desk.run(&["serve", "--listen", "0.0.0.0:0"]).exit, 9);
    let (mut child, url) = serve(&desk, &open("own.pem", "own.key"));
    assert!(url.starts_with("https://0.0.0.0:"), "{url}");
    kill(&mut child);
}

#[test]
fn signing_in_at_a_server_whose_certificate_nobody_signed_is_refused() {
    let desk = Desk::empty(0.0);
    certificate(&desk, "own");
    let words = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--tls-cert",
        "own.pem",
        "--tls-key",
        "own.key",
    ];
    let (mut child, url) = serve(&desk, &words);
    let board = board();
    for name in ["127.0.0.1", "localhost"] {
        let url = url.replace("127.0.0.1", name);
        let login = ["live", "login", &url, "--api-key-stdin", "--json"];
        let done = typed(&board, &login, "k");
        assert_eq!(
            (done.exit, &done.document()["code"]),
            (6, &"unreachable".into()),
            "{done:?}"
        );
        assert!(
            done.err.contains("certificate") || done.out.contains("certificate"),
            "{done:?}"
        );
    }
    assert!(board.run(&["live", "status"]).exit != 0);
    kill(&mut child);
}
