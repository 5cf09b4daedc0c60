//! The commands of docs/tutorial.md, word by word and in their order, in a home of their own.

use super::settings;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

/// The blocks of the page that begin with this fence, in their order.
fn blocks<'a>(page: &'a str, fence: &str) -> Vec<&'a str> {
    let opening = format!("\n```{fence}\n");
    let parts = page.split(opening.as_str()).skip(1);
    parts
        .map(|part| part.split_once("```").unwrap().0)
        .collect()
}

fn there(program: &str) -> bool {
    let asked = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}

#[test]
fn the_tutorial_does_what_it_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tutorial.md");
    let page = fs::read_to_string(page).unwrap();
    // the program is installed already: the one that was built for the tests
    assert_eq!(
        blocks(&page, "sh install"),
        ["cargo install --locked --path .\n"]
    );
    let commands = blocks(&page, "sh");
    let fences = page.lines().filter(|line| line.starts_with("```")).count();
    let texts = blocks(&page, "text");
    assert_eq!(
        fences,
        2 * (1 + commands.len() + texts.len()),
        "a block of another kind"
    );
    assert!(commands.len() >= 10, "{commands:#?}");
    if !there("curl") || !there("bash") {
        settings::figure("!! NOT CHECKED: the tutorial needs curl and bash");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name);
    fs::create_dir_all(path("bin")).unwrap();
    std::os::unix::fs::symlink(settings::program(), path("bin/switchboard")).unwrap();
    // banks that answer at once; nothing else is set
    fs::create_dir_all(path(".config/switchboard")).unwrap();
    let config = "[sandbox]\nspeed = 0.0\n[jobs]\ncredential_pause = \"100ms\"\n";
    fs::write(path(".config/switchboard/config.toml"), config).unwrap();
    // the port of the page may be in use here
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let script = commands
        .concat()
        .replace("127.0.0.1:8787", &format!("127.0.0.1:{free}"));
    // the server that the page starts has no end of its own; where it ended already there is nothing to kill
    let whole = format!("trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{script}");
    fs::write(path("tutorial.sh"), whole).unwrap();
    let done = Command::new("bash")
        .args(["-euo", "pipefail", "tutorial.sh"])
        .current_dir(home.path())
        .env_clear()
        .env("HOME", home.path())
        .env(
            "PATH",
            format!("{}:/usr/local/bin:/usr/bin:/bin", path("bin").display()),
        )
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&done.stdout);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{printed}\n{said}");
    // what the page shows is printed, in that order
    let mut rest = printed.as_ref();
    for line in texts.iter().flat_map(|text| text.lines()) {
        let found = rest.find(line);
        let at = found
            .unwrap_or_else(|| panic!("{line:?} is not printed, or too early:\n{printed}\n{said}"));
        rest = &rest[at + line.len()..];
    }
}
