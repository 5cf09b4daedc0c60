//! The rooms of the house, one row each: what a room may name. A new door changes a row here and ARCHITECTURE.md.

/// A room, or a part of one with a row of its own.
pub(crate) struct Room {
    /// Its folder or file under `src`, without the ending.
    pub(crate) name: &'static str,
    /// The rooms it may name besides itself.
    pub(crate) rooms: &'static [&'static str],
    /// The crates it may name; of the standard library, what touches the world.
    pub(crate) crates: &'static [&'static str],
}

/// Every room. A part stands before the room it is in.
pub(crate) const ROOMS: &[Room] = &[
    Room {
        name: "domain",
        rooms: &[],
        crates: &[
            "chrono",
            "chrono_tz",
            "strsim",
            "thiserror",
            "unicode_segmentation",
            "unicode_width",
            "zeroize",
        ],
    },
    Room {
        name: "clock",
        rooms: &["domain"],
        crates: &["rustix", "std::fs", "uuid"],
    },
    Room {
        name: "config",
        rooms: &["domain"],
        crates: &["rustix", "std::env", "std::fs", "thiserror", "toml"],
    },
    Room {
        name: "vault",
        rooms: &["domain"],
        crates: &[
            "base64",
            "chacha20poly1305",
            "getrandom",
            "hkdf",
            "hmac",
            "rustix",
            "sha2",
            "std::fs",
            "std::process",
            "thiserror",
            "zeroize",
        ],
    },
    Room {
        name: "store",
        rooms: &["domain", "clock", "vault"],
        crates: &[
            "aho_corasick",
            "regex",
            "rusqlite",
            "rustix",
            "serde",
            "serde_json",
            "std::fs",
            "std::process",
            "std::thread",
            "thiserror",
            "tokio",
            "zeroize",
        ],
    },
    Room {
        name: "connector/sandbox",
        rooms: &["domain", "connector"],
        crates: &["chrono", "futures", "serde", "serde_json", "tokio", "toml"],
    },
    Room {
        name: "connector",
        rooms: &["domain"],
        crates: &["futures"],
    },
    Room {
        name: "world",
        rooms: &["domain", "connector", "connector/sandbox"],
        crates: &["futures", "uuid"],
    },
    Room {
        name: "wire",
        rooms: &["domain"],
        crates: &["serde", "serde_json", "thiserror", "utoipa"],
    },
    Room {
        name: "http_client",
        rooms: &[],
        crates: &["reqwest", "rustls", "std::net", "thiserror"],
    },
    Room {
        name: "engine",
        rooms: &["domain", "clock", "connector", "store"],
        crates: &["thiserror", "tokio", "tokio_util"],
    },
    Room {
        name: "live",
        rooms: &["domain", "http_client", "ops", "wire"],
        crates: &["futures", "reqwest", "thiserror", "tokio", "zeroize"],
    },
    Room {
        name: "ops",
        rooms: &[
            "domain",
            "clock",
            "engine",
            "http_client",
            "store",
            "wire",
            "world",
        ],
        crates: &["futures", "std::thread", "thiserror", "tokio"],
    },
    Room {
        name: "documents",
        rooms: &["domain", "ops", "wire"],
        crates: &["serde", "serde_json"],
    },
    Room {
        name: "tui/runtime",
        rooms: &["domain", "clock", "ops", "store", "tui"],
        crates: &["futures", "ratatui", "tokio"],
    },
    Room {
        name: "tui",
        rooms: &["domain"],
        crates: &[
            "crossterm",
            "nucleo_matcher",
            "ratatui",
            "rustix",
            "std::fs",
            "std::process",
            "std::thread",
            "thiserror",
            "tokio",
            "toml",
            "unicode_segmentation",
            "unicode_width",
        ],
    },
    Room {
        name: "server",
        rooms: &["documents", "domain", "ops", "wire"],
        crates: &[
            "axum",
            "futures",
            "hmac",
            "http_body_util",
            "hyper",
            "hyper_util",
            "jsonwebtoken",
            "maud",
            "prometheus_client",
            "rustls",
            "serde",
            "serde_json",
            "serde_urlencoded",
            "sha2",
            "std::net",
            "thiserror",
            "tokio",
            "tokio_rustls",
            "tokio_util",
            "tower",
            "tower_http",
            "utoipa",
            "utoipa_axum",
        ],
    },
    Room {
        name: "cli",
        rooms: &[
            "domain",
            "clock",
            "config",
            "connector",
            "connector/sandbox",
            "documents",
            "engine",
            "live",
            "ops",
            "server",
            "store",
            "tui",
            "tui/runtime",
            "vault",
            "wire",
            "world",
        ],
        crates: &[
            "clap",
            "clap_complete",
            "clap_mangen",
            "csv",
            "futures",
            "rustix",
            "serde",
            "serde_json",
            "sha2",
            "signal_hook",
            "std::env",
            "std::fs",
            "std::process",
            "std::thread",
            "thiserror",
            "toml",
            "tokio",
            "tokio_util",
            "unicode_width",
            "uuid",
            "zeroize",
        ],
    },
    Room {
        name: "main",
        rooms: &[],
        crates: &["std::process", "switchboard"],
    },
    Room {
        name: "lib",
        rooms: &[],
        crates: &[],
    },
];

/// What the crates column speaks of. A crate that is in Cargo.toml and not here fails a test.
pub(crate) const CRATES: &[&str] = &[
    "aho_corasick",
    "axum",
    "base64",
    "chacha20poly1305",
    "chrono",
    "chrono_tz",
    "clap",
    "clap_complete",
    "clap_mangen",
    "crossterm",
    "csv",
    "futures",
    "getrandom",
    "hkdf",
    "hmac",
    "http_body_util",
    "hyper",
    "hyper_util",
    "jsonwebtoken",
    "maud",
    "nucleo_matcher",
    "prometheus_client",
    "ratatui",
    "regex",
    "reqwest",
    "rusqlite",
    "rustix",
    "rustls",
    "serde",
    "serde_json",
    "serde_urlencoded",
    "sha2",
    "signal_hook",
    "strsim",
    "switchboard",
    "thiserror",
    "tokio",
    "tokio_rustls",
    "tokio_util",
    "toml",
    "tower",
    "tower_http",
    "unicode_segmentation",
    "unicode_width",
    "utoipa",
    "utoipa_axum",
    "uuid",
    "zeroize",
];

/// What of the standard library touches the world outside a room.
pub(crate) const WORLDLY: &[&str] = &["env", "fs", "net", "process", "thread"];

/// Rows of the crates column that are narrower than a room: where in it the crate may be named.
pub(crate) const NARROWER: &[(&str, &str, &[&str])] = &[
    (
        "store",
        "serde_json",
        &[
            "src/store/codec.rs",
            "src/store/certificates.rs",
            "src/store/purge/waiting_values.rs",
        ],
    ),
    (
        "connector/sandbox",
        "serde_json",
        &["src/connector/sandbox/money_flows.rs"],
    ),
    ("vault", "base64", &["src/vault/webhook_secret.rs"]),
    ("tui", "std::fs", &["src/tui/terminal/mod.rs"]),
    // where it was started, what was typed, and a folder that will be removed; never a variable
    (
        "cli",
        "std::env",
        &["src/cli/mod.rs", "src/cli/commands/dashboard.rs"],
    ),
    ("cli", "sha2", &["src/cli/cursor.rs"]),
    (
        "cli",
        "signal_hook",
        &["src/cli/system_limits.rs", "src/cli/hidden_signals.rs"],
    ),
    ("server", "hmac", &["src/server/signer.rs"]),
    ("server", "sha2", &["src/server/signer.rs"]),
    ("server", "rustls", &["src/server/tls.rs"]),
];

/// Who may call `Secret::expose`, and what for. Masking happens in `domain/mask`, once, so that no pane,
/// document or log can forget it.
pub(crate) const EXPOSE: &[(&str, &str)] = &[
    ("src/domain/mask/mod.rs", "makes the masked form"),
    (
        "src/domain/person.rs",
        "sees whether what was given reads, before it is sealed",
    ),
    (
        "src/domain/handling.rs",
        "sees whether a note can be kept, before it is sealed",
    ),
    (
        "src/domain/webhook.rs",
        "sees whether the text of a test message can be sent, before it is sealed",
    ),
    ("src/vault/codec.rs", "seals"),
    ("src/vault/digest.rs", "digests contacts and credentials"),
    ("src/vault/api_key.rs", "digests a key of the HTTP API"),
    (
        "src/domain/auth_link.rs",
        "writes the address of an auth link, which is made to be shown",
    ),
    (
        "src/vault/link_code.rs",
        "compares the code of an auth link",
    ),
    (
        "src/store/import/deferred_documents.rs",
        "seals what waits for its owner",
    ),
    ("src/wire/stream.rs", "reads a kept document again"),
    (
        "src/wire/write/",
        "writes the answers of the HTTP API, which are not masked for a token of the application",
    ),
    (
        "src/cli/commands/apikey.rs",
        "shows a new key of the HTTP API, once",
    ),
    (
        "src/wire/remote.rs",
        "writes a user's answer into the body that goes to the platform",
    ),
    (
        "src/live/client.rs",
        "lets a call to the platform in with its key or token",
    ),
    (
        "src/wire/source.rs",
        "reads a document that was handed in, before it is sealed",
    ),
    (
        "src/wire/kept.rs",
        "merges kept fields, and reads whose a document is that waits",
    ),
    (
        "src/store/connections/profiles.rs",
        "sees whether a contact is whole, so that it can be found",
    ),
    ("src/store/purge/", "looks for what must be gone"),
    (
        "src/connector/sandbox/",
        "is the bank, which knows its own people",
    ),
    (
        "src/world/personal_values.rs",
        "lists the made-up values that the tests look for",
    ),
];

/// Files longer than [`LONGEST`] lines without their tests, and why they are one.
pub(crate) const LONG: &[(&str, &str)] = &[];

/// How long a file is at most.
pub(crate) const LONGEST: usize = 400;
