//! Commands by which operators hold back, cancel and share their work.

use super::{Session, World};

#[test]
fn causes() {
    let mut session = Session::new(World::Fixed);
    session.read("causes");
    session.read("causes --json");
    session.read("causes --csv");
    session.read("causes status:failed via:ob");
    session.read("causes bank:nowhere");
    session.read("causes bank:nowhere --json");
    session.read("causes statsu:failed");
    session.keep("causes");
    session.compare();
}

#[test]
fn handling() {
    let mut session = Session::new(World::Present);
    session.run("note ea979b 'rang him, he signs in on Friday'");
    session.run("note ea979b second note --json");
    session.run_with("note ea979b -", Some("from stdin\n"));
    session.run_with("note ea979b -", Some(""));
    session.run("note ea979b ''");
    session.run("note nothing-like-it text");
    session.run("note ea979b");
    session.keep("note");

    session.run("take ea979b");
    session.run("take ea979b --json");
    session.run("take ea979b --give-back");
    session.run("take nothing-like-it");
    session.run("take ea979b --force --give-back");
    session.keep("take");

    let broken = session.newest(&["connections", "status:invalid"]);
    session.run(&format!("snooze {broken} --until 2h --reason waits"));
    session.run(&format!("snooze {broken} --until 3h --json"));
    session.run(&format!("connection {broken} --json"));
    session.run(&format!("snooze {broken} --end"));
    session.run(&format!("snooze {broken} --until 2020-01-01"));
    session.run(&format!("snooze {broken} --until soon"));
    session.run(&format!("snooze {broken}"));
    session.run("snooze nothing-like-it --until 2h");
    session.keep("snooze");

    // what its first fetches brought depends on the hour
    session.run("timeline ea979b --limit 11");
    session.run("timeline ea979b --json --limit 3");
    session.run("timeline ea979b --csv --limit 3");
    session.run("timeline nothing-like-it");
    session.keep("timeline");

    let asks = session.newest(&["connections", "error:invalid-credentials status:invalid"]);
    session.run(&format!("invite {asks}"));
    session.run(&format!("invite {asks} --mark-asked --json"));
    session.run(&format!("invite {asks} c8d005"));
    session.run("invite c8d005");
    session.run("invite nothing-like-it");
    session.run("invite");
    session.keep("invite");
    session.compare();
}

#[test]
fn cancels() {
    let mut session = Session::new(World::Present);
    session.quietly("refresh c8d005 --force-recent");
    let job = session.newest(&["jobs"]);
    session.run(&format!("cancel {job} --reason slip"));
    session.run(&format!("cancel {job}"));
    session.run(&format!("cancel {job} --json"));
    session.quietly("refresh c8d005 --force-recent");
    let other = session.newest(&["jobs"]);
    session.run(&format!("cancel {other} --json"));
    session.quietly("refresh c8d005 --force-recent");
    let third = session.newest(&["jobs"]);
    session.run(&format!("cancel {third} {job}"));
    session.run(&format!("cancel {third} {job} --json"));
    session.run("cancel nothing-like-it");
    session.run("cancel");
    session.run(&format!("cancel {job} --plan {job}"));
    session.keep("cancel");

    session.quietly("purge 839b6b 19297b --plan");
    let plan = session.newest(&["plans"]);
    session.run(&format!("cancel --plan {plan}"));
    session.run(&format!("cancel --plan {plan}"));
    session.quietly("refresh 839b6b 19297b c128d9 --force-recent");
    let plan = session.newest(&["plans"]);
    session.run(&format!("cancel --plan {plan} --json"));
    session.run("cancel --plan nothing-like-it");
    session.run("audit --action cancel");
    session.keep("cancel-plan");
    session.compare();
}

#[test]
fn holds() {
    let mut session = Session::new(World::Present);
    session.run("holds");
    // longer than a day, so that the end is always told with its day
    session.run("hold --institution AU00000 --until 30h --reason 'page changed'");
    session.run("hold ea979b e875aa --until 30h --json");
    session.run("hold au00001 --until 3h");
    session.run("hold --institution AU99999 --until 2h");
    session.run("hold --institution AU00000 --until 2020-01-01");
    session.run("hold --institution AU00000 --until 200d");
    session.run("hold --institution AU00000 --until soon");
    session.run("hold --institution AU00000");
    session.run("hold ea979b --institution AU00000 --until 2h");
    session.run("hold 098700 nothing-like-it --until 2h");
    session.run("hold --institution AU00000 --until 2h --read-only");
    session.keep("hold");

    session.run("holds");
    session.run("holds --json");
    session.run("holds --csv");
    session.run("refresh ea979b --force-recent");
    session.run("refresh ea979b --force-recent --json");
    session.run("why ea979b");
    session.run("refresh ea979b e875aa --force-recent --dry-run");
    session.keep("holds");

    let hold = session.newest(&["holds"]);
    session.run(&format!("release {hold}"));
    session.run(&format!("release {hold}"));
    session.run(&format!("release {hold} --json"));
    let hold = session.newest(&["holds"]);
    session.run(&format!("release {hold} --json"));
    session.run("release nothing-like-it");
    session.run("holds --json");
    // how many events the world has by now depends on the day
    session.run("events --entity hold --columns eventType,institutionId,connectionId,actor");
    session.keep("release");
    session.compare();
}
