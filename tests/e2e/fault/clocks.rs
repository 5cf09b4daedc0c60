//! Commands at times from 1900 to 9999; by libfaketime.

use super::super::clock_jumps::library;
use super::super::harness::{Done, PLAIN, ended};
use super::super::settings;
use super::{Model, kept, promised};
use serde_json::Value;

pub(super) const YEARS: [&str; 10] = [
    "1900-01-01",
    "1969-12-31",
    "1970-01-01",
    "1999-12-31",
    "2038-01-19",
    "2038-01-20",
    "2106-02-08",
    "2262-04-12",
    "2999-06-01",
    "9999-12-31",
];

pub(super) fn clocks(years: &[&str]) -> String {
    let Some(library) = library() else {
        let none =
            "NOT TESTED: wrong clocks; libfaketime is not installed (apt-get install faketime)";
        settings::figure(none);
        return "clocks not tested".into();
    };
    let model = Model::new();
    let id = model.desk.one(PLAIN);
    let mut runs = 0;
    for year in years {
        let desk = model.copy();
        let at = |words: &[&str]| -> Done {
            let mut command = desk.command(words);
            command
                .env("LD_PRELOAD", library)
                .env("FAKETIME", format!("@{year} 12:00:00"))
                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                .env("DONT_FAKE_MONOTONIC", "1");
            let done = ended(command.output().unwrap(), words);
            promised(&done, &format!("{year} {words:?}"));
            done
        };
        let email = "fault@example.test";
        let commands: [&[&str]; 10] = [
            &["connections"],
            &["connection", &id],
            &["why", &id],
            &["jobs", "--json"],
            &["status"],
            &["schedule"],
            &["snapshot"],
            &["audit", "verify"],
            &[
                "refresh",
                &id,
                "--force-recent",
                "--wait",
                "--timeout",
                "5s",
            ],
            &["doctor"],
        ];
        let made = at(&["user", "create", "--email", email]);
        for words in commands {
            at(words);
            runs += 1;
        }
        // back in the present
        let told = desk.run(&["doctor", "--json"]);
        promised(&told, year);
        let told: Value = told.document();
        assert_eq!(told["audit"]["ok"], true, "{year}: {told:#}");
        if made.exit == 0 {
            assert_eq!(
                desk.rows(&["users", email]).len(),
                1,
                "{year}: acknowledged and lost"
            );
        }
        kept(&desk, &model, year);
    }
    format!("{runs} commands at {} times from 1900 to 9999", years.len())
}
