//! `man [COMMAND]`: the manual pages, made of the definition of the command line.

use crate::cli::args::command;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::domain::edit_distance::nearest;
use clap::Command;
use serde_json::json;
use std::io::Write as _;
use std::path::Path;

pub(crate) fn run(ctx: &mut Context, words: &[String], into: Option<&Path>) -> Result<(), Failure> {
    let mut root = command(false);
    // the names of the pages and the options of every command come with this
    root.build();
    if let Some(folder) = into {
        return all(ctx, &root, folder);
    }
    let mut at = &root;
    for word in words.iter().flat_map(|words| words.split_whitespace()) {
        at = at.find_subcommand(word).ok_or_else(|| unknown(at, word))?;
    }
    ctx.out.bytes(&page(at)?)
}

fn unknown(at: &Command, word: &str) -> Failure {
    let names: Vec<&str> = at.get_subcommands().map(Command::get_name).collect();
    let hint = match nearest(word, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`switchboard --help` lists all".to_owned(),
    };
    Failure::Usage(format!("there is no command `{word}`; {hint}"))
}

fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut text = vec![];
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    Ok(text)
}

/// Every page, by its file name without the section.
fn pages(command: &Command, into: &mut Vec<(String, Vec<u8>)>) -> Result<(), Failure> {
    let name = command.get_display_name().unwrap_or(command.get_name());
    into.push((name.to_owned(), page(command)?));
    for below in command.get_subcommands() {
        pages(below, into)?;
    }
    Ok(())
}

/// Pages that are there are replaced, as they are those of an earlier version.
fn all(ctx: &mut Context, root: &Command, folder: &Path) -> Result<(), Failure> {
    let mut made = vec![];
    pages(root, &mut made)?;
    let mut names = vec![];
    for (name, text) in made {
        let path = folder.join(format!("{name}.1"));
        let written = std::fs::File::create(&path).and_then(|mut file| file.write_all(&text));
        written.map_err(|cause| Failure::File {
            what: format!("{} cannot be written", path.display()),
            cause,
        })?;
        names.push(path.to_string_lossy().into_owned());
    }
    if !ctx.out.for_people() {
        return ctx.out.document(&json!({"type": "manual", "files": names}));
    }
    for name in names {
        ctx.out.line(&name)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap_complete::Shell;

    fn paths(command: &Command, before: &str, into: &mut Vec<String>) {
        for below in command.get_subcommands() {
            let path = format!("{before} {}", below.get_name());
            paths(below, &path, into);
            into.push(path);
        }
    }

    #[test]
    fn every_command_has_a_page_and_is_completed_in_every_shell() {
        let mut root = command(false);
        root.build();
        let mut made = vec![];
        pages(&root, &mut made).unwrap();
        let mut wanted = vec![String::new()];
        paths(&root, "", &mut wanted);
        assert_eq!(made.len(), wanted.len());
        assert!(wanted.len() > 60, "{wanted:?}");
        let scripts = [
            Shell::Bash,
            Shell::Zsh,
            Shell::Fish,
            Shell::Elvish,
            Shell::PowerShell,
        ];
        let scripts = scripts.map(|shell| {
            let mut script = vec![];
            clap_complete::generate(shell, &mut command(false), "switchboard", &mut script);
            (shell, String::from_utf8(script).unwrap())
        });
        for path in wanted {
            let name = format!("switchboard{}", path.replace(' ', "-"));
            let (_, text) = made
                .iter()
                .find(|(made, _)| *made == name)
                .unwrap_or_else(|| panic!("{name}"));
            let text = String::from_utf8(text.clone()).unwrap();
            assert!(
                text.contains(".TH ") && text.contains(".SH SYNOPSIS"),
                "{name}"
            );
            assert!(text.contains("Exit codes"), "{name}: {text}");
            let last = path.rsplit(' ').next().unwrap();
            for (shell, script) in &scripts {
                assert!(script.contains(last), "{shell}: {path}");
            }
        }
    }
}
