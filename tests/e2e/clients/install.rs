//! Installs a client with the versions that `tests/clients/` pins, once, into a folder of its own under `target`.

use super::{not_checked, told};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What pip and npm say when nobody answers: no network, or a registry that is down.
const UNREACHED: [&str; 12] = [
    "NewConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "NameResolutionError",
    "Max retries exceeded",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
];

/// The folder of `tests/clients/` about one client.
pub(super) fn about(client: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/clients")
        .join(client)
}

/// A Python with the packages of a client.
pub(super) struct Python {
    packages: PathBuf,
}

impl Python {
    /// None when it cannot be had, which has been said.
    pub(super) fn with(client: &str) -> Option<Self> {
        let here = "import sys, pip; assert sys.version_info >= (3, 11); print(sys.version)";
        let python = version("python3", &["-c", here]);
        let Some(python) = python else {
            not_checked(client, "It needs Python 3.11 or newer with pip.");
            return None;
        };
        let pins = about(client).join("requirements.txt");
        let packages = once(client, &[&read(&pins), &python], |folder| {
            let mut pip = Command::new("python3");
            pip.args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-input",
                "--disable-pip-version-check",
            ]);
            pip.args(["--retries", "1", "--timeout", "20", "--require-hashes"]);
            pip.arg("--target")
                .arg(folder)
                .arg("--requirement")
                .arg(&pins);
            pip
        })?;
        Some(Self { packages })
    }

    pub(super) fn command(&self) -> Command {
        let mut python = Command::new("python3");
        python.env("PYTHONPATH", &self.packages);
        python
    }

    /// The `run.py` of a client, with arguments.
    pub(super) fn run(&self, client: &str, arguments: &[&str]) -> Command {
        let mut python = self.command();
        python.arg(about(client).join("run.py")).args(arguments);
        python
    }
}

/// The folder `node_modules` with the packages of a client.
pub(super) fn node_modules(client: &str) -> Option<PathBuf> {
    let node = version("node", &["--version"]).zip(version("npm", &["--version"]));
    let Some((node, _)) = node else {
        not_checked(client, "It needs node and npm.");
        return None;
    };
    let (package, lock) = (
        about(client).join("package.json"),
        about(client).join("package-lock.json"),
    );
    let folder = once(client, &[&read(&lock), &node], |folder| {
        for file in [&package, &lock] {
            std::fs::copy(file, folder.join(file.file_name().unwrap())).unwrap();
        }
        let mut npm = Command::new("npm");
        npm.args([
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel",
            "error",
        ]);
        npm.args(["--fetch-retries", "1"]).current_dir(folder);
        npm
    })?;
    Some(folder.join("node_modules"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What a program says of itself; None when it is not here.
fn version(program: &str, words: &[&str]) -> Option<String> {
    let output = Command::new(program).args(words).output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(said)
}

/// A folder that is filled once for all that decides what is in it. Tests in other processes wait for the first.
fn once(client: &str, decides: &[&str], fill: impl Fn(&Path) -> Command) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients");
    std::fs::create_dir_all(&root).unwrap();
    let mut digest = DefaultHasher::new();
    decides.hash(&mut digest);
    let folder = root.join(format!("{client}-{:016x}", digest.finish()));
    let lock = std::fs::File::create(root.join(format!("{client}.lock"))).unwrap();
    lock.lock().unwrap();
    if folder.exists() {
        return Some(folder);
    }
    let partial = root.join(format!("{client}.partial"));
    if partial.exists() {
        // an installation that was killed
        std::fs::remove_dir_all(&partial).unwrap();
    }
    std::fs::create_dir(&partial).unwrap();
    let output = fill(&partial).output().unwrap();
    if !output.status.success() {
        let said = told(&output);
        let unreached = UNREACHED.iter().find(|sign| said.contains(**sign));
        let sign = unreached.unwrap_or_else(|| panic!("{client} could not be installed: {said}"));
        not_checked(client, &format!("Its registry was not reached: {sign}."));
        return None;
    }
    std::fs::rename(&partial, &folder).unwrap();
    Some(folder)
}
