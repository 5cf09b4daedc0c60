//! Commands that act: what is printed without and with the words that arm them, of one and of several.

use super::{Session, World};

#[test]
fn refreshes() {
    let mut session = Session::new(World::Present);
    session.run("refresh ea979b");
    session.run("refresh ea979b");
    session.run("refresh c8d005 --json");
    session.run("refresh e875aa --dry-run");
    session.run("refresh e875aa --dry-run --json");
    session.run("refresh e89640");
    session.run("refresh e89640 --json");
    session.run("refresh nothing-like-it");
    session.run("refresh");
    session.keep("refresh");

    session.run("work --until-idle");
    session.keep("work");
    session.run("refresh c8d005");
    session.run("refresh c8d005 --force-recent --wait");
    session.run("refresh f1e1b0 --wait --json");
    session.run("refresh ea979b --wait");
    session.run("refresh ea979b --wait --json");
    session.run("refresh ea979b --force --wait --timeout 10s");
    session.run("refresh 9e8c50 --wait --timeout 300ms");
    session.run("refresh ea979b --timeout 5s");
    session.keep("refresh-wait");

    let job = session.newest(&["jobs", "state:waiting-mfa"]);
    session.run(&format!("job {job}"));
    session.run(&format!("answer {job}"));
    session.run(&format!("answer {job} 1 2 3 4"));
    session.run(&format!("answer {job} 0000 --json"));
    session.run("answer 0117c2 1234");
    session.run("answer nothing-like-it 1234");
    session.quietly("work --until-idle");
    session.run(&format!("job {job} --follow"));
    session.keep("answer");

    session.run("refresh aca726 839b6b e89640 c128d9 --dry-run");
    session.run("refresh aca726 839b6b e89640 c128d9");
    session.run("refresh 6d662d 7596a6 --json");
    session.run("refresh --user 36aa26");
    session.run("refresh --user 36aa26 --json");
    session.run("refresh --user nothing-like-it");
    session.run("refresh --filter 'bank:hooli'");
    session.run("refresh --filter 'bank:nowhere'");
    session.run("refresh --filter 'bank:nowhere' --json");
    session.run("refresh --filter ''");
    session.run("refresh --filter 'statsu:x'");
    session.keep("refresh-several");
    session.compare();
}

#[test]
fn purges_and_revokes_of_one() {
    let mut session = Session::new(World::Present);
    session.run("purge 5e6b8f");
    session.run("purge 5e6b8f --json");
    session.run("purge 5e6b8f --dry-run");
    session.run("purge 5e6b8f --dry-run --json");
    session.run("purge 5e6b8f --confirm 'purge 8fb'");
    session.run("purge 5e6b8f --confirm 'PURGE B8F'");
    session.run("purge ea979b");
    session.run("purge ea979b --json");
    session.run("purge nothing-like-it");
    session.run("purge 839b6b");
    session.run("purge 5e6b8f --confirm 'purge b8f'");
    session.run("purge 5e6b8f --confirm 'purge b8f'");
    session.run("purge f1e1b0 --confirm 'purge 1b0' --reason 'asked for' --json");
    session.run("purge e875aa --confirm 'purge 5aa' --wait");
    session.keep("purge");

    let job = session.newest(&["jobs", "kind:purge", "connection:f1e1b0"]);
    session.run(&format!("job {job}"));
    session.run(&format!("certificate {job}"));
    session.run(&format!("certificate {job} --json"));
    session.run(&format!("certificate {job} --verify"));
    session.run(&format!("certificate {job} --verify --json"));
    session.run("certificate 0117c2");
    session.run("certificate nothing-like-it");
    session.keep("certificate");

    session.run("revoke 5e6b8f");
    session.run("revoke 098700 --json");
    session.run("revoke 098700 --dry-run");
    session.run("revoke 098700 --dry-run --json");
    session.run("revoke 098700 --confirm 'ACME'");
    session.run("revoke 098700 --confirm ' acme  mutual '");
    session.run("revoke 098700 --confirm 'acme mutual'");
    session.run("revoke 098700");
    session.run("revoke ea979b --confirm 'ACME Mutual' --reason 'left' --json");
    session.run("revoke c128d9 --confirm 'Tailspin Savings'");
    session.run("revoke nothing-like-it");
    session.run("purge 098700");
    session.run("refresh 098700");
    session.run("accounts --connection 098700");
    session.keep("revoke");
    session.compare();
}

#[test]
fn plans_of_several() {
    let mut session = Session::new(World::Present);
    session.run("purge 839b6b 19297b");
    session.run("purge 839b6b 19297b --json");
    session.run("purge 839b6b 19297b --dry-run");
    session.run("purge 839b6b 19297b --dry-run --json");
    session.run("purge 839b6b 19297b --confirm 'purge 3' --reason 'left'");
    session.run("purge 839b6b 19297b --confirm 'purge 2'");
    session.run("purge 839b6b ea979b e89640 --dry-run");
    session.run("purge ea979b e89640 --plan");
    session.run("purge --filter ''");
    session.run("purge --filter 'bank:nowhere'");
    session.run("purge --filter 'bank:nowhere' --plan --json");
    session.run("purge --user nothing-like-it");
    session.run("purge 839b6b 19297b ea979b --plan");
    session.run("purge 839b6b 19297b --plan --json");
    session.keep("purge-several");

    let plan = session.newest(&["plans"]);
    session.run(&format!("apply {plan}"));
    session.run(&format!("apply {plan} --json"));
    session.run(&format!("apply {plan} --confirm 'purge 3' --reason 'left'"));
    session.run(&format!("apply {plan} --confirm 'purge 2'"));
    // what changed since it was counted is left out
    session.quietly("revoke 19297b --confirm 'Contoso Credit Union'");
    session.run(&format!("apply {plan} --confirm 'purge 2' --reason 'left'"));
    session.run(&format!("apply {plan} --confirm 'purge 2' --reason 'left'"));
    session.run(&format!("apply {plan} --json"));
    session.run("apply nothing-like-it --confirm 'purge 2'");
    session.keep("apply");
    session.run(&format!("plan {plan}"));
    session.run(&format!("plan {plan} --json"));
    session.run(&format!("plan {plan} --csv"));
    session.run("plan nothing-like-it");
    session.keep("plan");

    session.run("revoke aca726 4562c1 --confirm 'revoke 2'");
    session.run("revoke aca726 4562c1 --confirm 'revoke 2' --reason 'left'");
    session.run("revoke --user 36aa26");
    session.run("revoke --user 36aa26 --confirm 'revoke 2' --reason 'left' --json");
    session.run("revoke --filter 'bank:hooli' --plan");
    let plan = session.newest(&["plans"]);
    session.run(&format!(
        "apply {plan} --confirm 'revoke 6' --reason 'left' --json"
    ));
    session.run("purge --user fa2870 --dry-run");
    session.keep("revoke-several");

    session.run("jobs kind:purge");
    session.keep("jobs-purges");
    session.run("audit");
    session.run("audit --json --limit 3");
    session.run("audit --csv --limit 3");
    session.run("audit verify");
    session.run("audit verify --json");
    session.run("audit head");
    session.run("audit head --json");
    session.keep("audit");

    session.run("refresh 6d662d 7596a6 ea979b --plan");
    session.run("refresh --filter 'bank:fabrikam' --plan --json");
    let plan = session.newest(&["plans"]);
    session.run(&format!("apply {plan}"));
    session.run(&format!("apply {plan} --confirm 'refresh 8'"));
    session.run(&format!("plan {plan}"));
    session.quietly("work --until-idle");
    session.run(&format!("plan {plan}"));
    session.run(&format!("apply {plan}"));
    session.keep("refresh-plan");

    session.run("plans");
    session.run("plans --json --limit 2");
    session.run("plans --csv");
    session.keep("plans");
    session.compare();
}

#[test]
fn endings_of_several_acts() {
    let mut session = Session::new(World::Present);
    session.run("migrate 098700");
    session.run("migrate 098700 --json");
    session.run("migrate 098700 --dry-run");
    session.run("migrate 098700 --dry-run --json");
    session.run("migrate 098700 --confirm 'move 007'");
    session.run("migrate ea979b");
    session.run("migrate ea979b --json");
    session.run("migrate f1e1b0 --confirm 'Move 1B0' --json");
    session.run("migrate 98287c");
    session.run("migrate nothing-like-it");
    session.run("migrate 098700 --confirm 'move 700'");
    session.run("migrate 098700 --confirm 'move 700'");
    let made = session.newest(&["connections", "status:pre-init", "bank:acme"]);
    session.run(&format!("connection {made}"));
    session.run(&format!("sandbox authorise {made}"));
    session.keep("migrate");

    let sequence = session.newest(&["sequences"]);
    session.run("sequences");
    session.run("sequences --json --limit 1");
    session.run("sequences --csv");
    session.keep("sequences");
    session.run(&format!("sequence {sequence}"));
    session.run(&format!("sequence {sequence} --json"));
    session.run(&format!("certificate {sequence}"));
    session.run("sequence nothing-like-it");
    session.keep("sequence");

    session.run("erase --user 3c9173");
    session.run("erase --user 36aa26");
    session.run("erase --user 36aa26 --json");
    session.run("erase --user 36aa26 --dry-run");
    session.run("erase --user 36aa26 --dry-run --json");
    session.run("erase --user 36aa26 --confirm 'erase a26'");
    session.run("erase --user 36aa26 --confirm 'erase 26a' --reason 'asked for'");
    session.run("erase --user 36aa26 --confirm 'erase a26' --reason 'asked for'");
    session.run("erase --user nothing-like-it");
    session.run("erase");
    let sequence = session.newest(&["sequences"]);
    session.run(&format!("certificate {sequence}"));
    session.run(&format!("certificate {sequence} --json"));
    session.run(&format!("certificate {sequence} --verify"));
    session.run("user 36aa26");
    session.keep("erase");

    session.run("consent extend ab53ad");
    session.run("consent extend ab53ad --reason 'agreed again' --json");
    session.run("consent extend nothing-like-it");
    session.keep("consent-extend");
    session.run("consent end ab53ad");
    session.run("consent end ab53ad --json");
    session.run("consent end ab53ad --dry-run");
    session.run("consent end ab53ad --confirm 'end 3ad'");
    session.run("consent end ab53ad --confirm 'end 3ad' --reason 'withdrawn'");
    session.run("consent end ab53ad");
    session.run("consent extend ab53ad");
    session.run("consent end nothing-like-it");
    session.run("consent ab53ad");
    session.keep("consent-end");

    session.run("user delete aa6fd7");
    session.run("user delete aa6fd7 --json");
    session.run("user delete aa6fd7 --dry-run");
    session.run("user delete aa6fd7 --confirm 'delete fd7'");
    session.run("user delete aa6fd7 --confirm 'delete fd7' --reason 'closed' --json");
    session.run("user aa6fd7");
    session.run("user delete aa6fd7");
    session.keep("user-delete");
    session.run("audit");
    session.run("doctor");
    session.run("status");
    session.keep("audit-endings");
    session.compare();
}

#[test]
fn people() {
    let mut session = Session::new(World::Present);
    session.run("user create --email ada@example.test --mobile +61400111222 --first-name Ada --last-name Byron");
    session.run("user create --email bo@example.test --business-name 'Bo Pty' --business-id 51824753556 --business-id-type ABN --json");
    session.run("user create");
    session.run("user create --email ada");
    session.run("user create --email a@example.test --business-id 1");
    session.run("user create --business-id-type VAT");
    session.keep("user-create");
    session.run("user update aa6fd7 --first-name Maria --middle-name ''");
    session.run("user update aa6fd7 --mobile +61400999888 --json");
    session.run("user update aa6fd7 --mobile '' --email ''");
    session.run("user update aa6fd7");
    session.run("user update nothing-like-it --email a@example.test");
    session.keep("user-update");

    session.run("auth-link show aa6fd7");
    session.run("auth-link create aa6fd7");
    session.run("auth-link create aa6fd7 --mobile +61400111333 --json");
    session.run("auth-link show aa6fd7");
    session.run("auth-link show aa6fd7 --json");
    session.run("auth-link delete aa6fd7");
    session.run("auth-link delete aa6fd7 --json");
    session.run("auth-link create nothing-like-it");
    session.keep("auth-link");
    session.compare();
}

#[test]
fn connections_and_their_banks() {
    let mut session = Session::new(World::Present);
    let right = "--user aa6fd7 --institution AU00000 --login-id Whistler --password-stdin";
    session.run_with(&format!("connect {right}"), Some("ShowBox\n"));
    session.run_with(&format!("connect {right} --json"), Some("ShowBox\n"));
    session.run_with(
        "connect --user aa6fd7 --institution AU00000 --login-id Whistler --password-stdin --method openbanking",
        Some("ShowBox\n"),
    );
    session.run("connect --user aa6fd7 --institution AU00000 --login-id Whistler");
    session.run("connect --user aa6fd7 --institution AU99999 --method openbanking");
    session.run("connect --user nothing-like-it --institution AU00000 --method openbanking");
    session.run("connect --user aa6fd7 --institution AU10002 --method openbanking");
    session.run_with(
        "connect --user 36aa26 --institution AU10003 --login-id jared --password-stdin --wait",
        Some("django\n"),
    );
    session.run_with(
        "connect --user 36aa26 --institution AU10006 --login-id bighead --password-stdin --wait",
        Some("password\n"),
    );
    session.run("connect --user 36aa26 --institution AU10007 --method openbanking");
    session.keep("connect");

    let made = session.newest(&["connections", "status:pre-init", "bank:adatum"]);
    session.run(&format!("sandbox abandon {made}"));
    session.run(&format!("sandbox abandon {made} --json"));
    session.run(&format!("sandbox authorise {made}"));
    session.run(&format!("sandbox authorise {made} --json"));
    session.run("sandbox authorise ea979b");
    session.run("sandbox authorise nothing-like-it");
    session.run("sandbox deny c128d9");
    session.run("sandbox deny c128d9 --json");
    session.run("sandbox deny ea979b");
    session.run("sandbox deny e89640");
    session.quietly("work --until-idle");
    session.run("why c128d9");
    session.keep("sandbox-authorise");

    session.run("sandbox health AU00000 partial-outage --method web");
    session.run("sandbox health AU00000 operational --json");
    session.run("sandbox health AU00000 fine");
    session.run("sandbox health AU99999 operational");
    session.run("sandbox outage AU00000 --for 20m");
    session.run("sandbox outage AU00000 --for 20m --json");
    session.run("institution AU00000");
    session.run("sandbox outage AU00000 --for 0s");
    session.run("sandbox outage AU99999 --for 20m");
    session.run("sandbox outage AU00000 --for long");
    session.keep("sandbox-outage");

    session.run_with(
        "update-credentials ea979b --password-stdin",
        Some("wrong\n"),
    );
    session.run_with(
        "update-credentials ea979b --password-stdin --json",
        Some("wrong\n"),
    );
    session.run("update-credentials ea979b");
    session.run_with(
        "update-credentials c128d9 --password-stdin",
        Some("wrong\n"),
    );
    session.run_with(
        "update-credentials e89640 --password-stdin",
        Some("wrong\n"),
    );
    session.run_with(
        "update-credentials nothing-like-it --password-stdin",
        Some("wrong\n"),
    );
    session.run_with(
        "update-credentials bb9932 --password-stdin --wait",
        Some("wrong\n"),
    );
    session.keep("update-credentials");
    session.compare();
}
