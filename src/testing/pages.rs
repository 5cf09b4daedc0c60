//! Rows of pages to test with.

use crate::domain::auth_link;
use crate::domain::banks::{BankNow, BankShown, HOURS, Way};
use crate::domain::connection::{Label, Method};
use crate::domain::diagnosis::{Cause, CauseShown, Health, Outage};
use crate::domain::handling::ToAsk;
use crate::domain::health::{Figures, Measured};
use crate::domain::hold::Hold;
use crate::domain::import_records::{ConnectorRecord, InstitutionRecord};
use crate::domain::incident::Incident;
use crate::domain::job::{Job, Kind, State, Title};
use crate::domain::moment::Moment;
use crate::domain::since::{Change, Digest, From, What};
use crate::testing::fixtures::{self, now, row};
use crate::tui::panes::pages::audit::AuditEntry;

const HOUR: i64 = 3_600_000;

pub(crate) fn hold(bank: Option<(&str, &str)>) -> Hold {
    Hold {
        id: "01950000-0000-7000-8000-0000001a2b3c".into(),
        bank: bank.map(|(id, name)| (id.into(), name.to_owned())),
        connections: 0,
        made: now(),
        until: now().plus_ms(2 * HOUR),
        ends: now().plus_ms(2 * HOUR),
        actor: "monica".into(),
        reason: "page changed".into(),
        released: None,
    }
}

fn cause(bank: (&str, &str), method: Method, step: Title, code: &str, count: u64) -> Cause {
    Cause {
        institution: bank.0.into(),
        institution_name: bank.1.into(),
        method,
        step: Some(step),
        code: Some(code.into()),
        count,
        retrying: 0,
        first: now().plus_ms(-26 * HOUR),
        last: now().plus_ms(-HOUR / 2),
        hour: 1,
        day: 2,
        before: 1,
    }
}

/// Four causes: by the bank that is down, by two users' doing, by us at a bank that is held.
pub(crate) fn causes() -> Vec<CauseShown> {
    let (hooli, fabrikam) = (("AU00000", "Hooli"), ("AU10001", "Fabrikam Bank"));
    let down = Outage {
        reported: false,
        measured: Some((19, 22, 3_300_000)),
    };
    let (sign_in, transactions) = (Title::VerifyCredentials, Title::RetrieveTransactions);
    let all = [
        (
            cause(
                fabrikam,
                Method::Web,
                transactions.clone(),
                "service-unavailable",
                19,
            ),
            Some(down),
            None,
        ),
        (
            cause(
                hooli,
                Method::Web,
                sign_in.clone(),
                "invalid-credentials",
                12,
            ),
            None,
            None,
        ),
        (
            cause(
                hooli,
                Method::OpenBanking,
                sign_in,
                "user-not-authorized",
                4,
            ),
            None,
            None,
        ),
        (
            Cause {
                code: None,
                step: None,
                before: 9,
                ..cause(hooli, Method::Web, transactions, "", 2)
            },
            None,
            Some(hold(Some(hooli))),
        ),
    ];
    let shown = |(cause, outage, hold): (Cause, Option<Outage>, Option<Hold>)| CauseShown {
        remedy: cause.remedy(outage, None),
        cause,
        outage,
        hold,
    };
    all.into_iter().map(shown).collect()
}

/// A refresh that runs, one that failed and one that waits to try again.
pub(crate) fn all_jobs() -> Vec<Job> {
    let made = |minutes: i64| now().plus_ms(-minutes * 60_000);
    let job = |n: usize, state: State, minutes: i64| {
        let row = row(n, Label::Active);
        let id = format!("01950000-0000-7000-8000-0000000000{n:02}");
        fixtures::job(&row, &id, Kind::Refresh, state, made(minutes))
    };
    vec![
        job(11, State::Running, 1),
        job(12, State::Failed, 30),
        job(13, State::WaitingRetry, 90),
    ]
}

fn bank(id: &str, name: &str, declared: Health, figures: Figures) -> BankShown {
    let method = Method::Web;
    let record = ConnectorRecord {
        method,
        stage: "live".into(),
        status: declared.word().into(),
        authorization: "user".into(),
    };
    let measured = Measured {
        windows: [figures; 3],
        ..Measured::default()
    };
    BankShown {
        record: InstitutionRecord {
            connectors: vec![record.clone()],
            ..crate::testing::store::bank(id, name)
        },
        outage: None,
        ways: vec![Way {
            record,
            outage: None,
            measured,
            times: None,
            timed: None,
            incident: None,
        }],
        running: 1,
        passed: figures.passed,
        failed: figures.failed(),
        ours: 0,
    }
}

/// The incident of the bank that is down, open for half an hour.
pub(crate) fn incident() -> Incident {
    let started = now().plus_ms(-HOUR / 2);
    Incident {
        number: 3,
        institution: "AU10001".into(),
        institution_name: "Fabrikam Bank".into(),
        method: Method::Web,
        step: Some(Title::VerifyCredentials),
        code: Some("service-unavailable".into()),
        started,
        opened: started.plus_ms(300_000),
        last: now().plus_ms(-60_000),
        ended: None,
        failed: 19,
        passed: 3,
        connections: 17,
    }
}

/// A bank that is down, one that is well, and one that is held and of which little is known.
pub(crate) fn banks() -> Vec<BankNow> {
    let figures = |passed, bank| Figures {
        passed,
        bank,
        ..Figures::default()
    };
    let mut hours = [Figures::default(); HOURS];
    for (at, hour) in hours.iter_mut().enumerate() {
        hour.passed = (at % 9) as u64;
    }
    let now_at = |bank, hours, hold| BankNow {
        bank,
        hours,
        waiting: 3,
        slots: 2,
        hold,
    };
    let fails = |mut bank: BankShown| {
        bank.ways[0].incident = Some(incident());
        bank
    };
    let (up, down) = (Health::Operational, Health::MajorOutage);
    vec![
        now_at(
            fails(bank("AU10001", "Fabrikam Bank", down, figures(3, 19))),
            [Figures::default(); HOURS],
            None,
        ),
        now_at(bank("AU00000", "Hooli", up, figures(90, 1)), hours, None),
        now_at(
            bank("AU10007", "Litware Building Society", up, figures(1, 0)),
            hours,
            Some(hold(Some(("AU10007", "Litware Building Society")))),
        ),
    ]
}

/// Changes of every sort; of causes more than a small screen has lines for.
pub(crate) fn digest() -> Digest {
    let change = |what, count, text: &str, by: &str, filter: Option<&str>| Change {
        what,
        count,
        text: text.into(),
        by: by.into(),
        last: now().plus_ms(-HOUR * (1 + i64::try_from(count).unwrap_or(0) % 9)),
        filter: filter.map(str::to_owned),
    };
    let broke = [
        (19, "Fabrikam Bank (web)  transactions  service-unavailable"),
        (12, "Hooli (web)  sign-in  invalid-credentials"),
        (4, "Hooli (ob)  sign-in  user-not-authorized"),
        (
            3,
            "Litware Building Society (web)  accounts  connector-error",
        ),
        (2, "Northwind Trust (web)  sign-in  invalid-credentials"),
        (1, "Woodgrove Bank (web)  transactions  unknown-error"),
    ];
    let broke = broke.map(|(n, text)| change(What::Broke, n, text, "", Some("status:invalid")));
    let id = Some("id:000004");
    let others = [
        change(
            What::Yours,
            1,
            "e2cac1 Hooli: you took it, now active",
            "",
            id,
        ),
        change(
            What::Yours,
            1,
            "9ccaf1 ACME Mutual: you put it off, now invalid",
            "",
            id,
        ),
        change(
            What::Healed,
            7,
            "Tailspin Savings (web)",
            "",
            Some("status:active"),
        ),
        change(
            What::New,
            2,
            "Contoso Credit Union (ob)",
            "",
            Some("status:active"),
        ),
        change(What::Revoked, 1, "Hooli (web)", "", Some("status:deleted")),
        change(What::Consent, 3, "came to their end", "", None),
        change(
            What::Hold,
            1,
            "Fabrikam Bank held until 14:00",
            "gilfoyle",
            Some("bank=AU10001"),
        ),
        change(What::Act, 31, "refresh", "gilfoyle", None),
        change(What::Act, 2, "purge refused", "dinesh", None),
    ];
    Digest {
        from: From::Look,
        since: now().plus_ms(-15 * HOUR),
        now: now(),
        changes: broke.into_iter().chain(others).collect(),
        cut: false,
    }
}

/// A purge that was done and one that was refused.
pub(crate) fn audit() -> Vec<AuditEntry> {
    let entry = |seq: i64, outcome: &str, reason: &str| AuditEntry {
        seq,
        at: now().plus_ms(-(9 - seq) * HOUR),
        actor: "monica".into(),
        face: "dashboard".into(),
        action: "purge".into(),
        target: "5b0f3c1e-2a77-4d0e-9f52-6f1f0b00000a".into(),
        outcome: outcome.into(),
        reason: reason.into(),
        was: "active, 2 accounts, 80 transactions".into(),
        became: String::new(),
    };
    vec![
        entry(8, "done", "the user asked"),
        entry(7, "refused: confirmation-missing", ""),
    ]
}

/// One who was never asked and one who was asked yesterday and has a link.
pub(crate) fn people() -> Vec<ToAsk> {
    let one = |n: usize, asked: Option<Moment>, link: Option<(String, Moment)>| {
        let row = row(n, Label::Invalid);
        ToAsk {
            name: row.user_name,
            email: Some("a\u{2022}\u{2022}\u{2022}@example.test".into()),
            mobile: Some("\u{2022}\u{2022}\u{2022} \u{2022}\u{2022}\u{2022} 178".into()),
            headline: "The bank refused the sign-in".into(),
            text: "Please sign in to your bank again by this link.".into(),
            since: now().plus_ms(-26 * HOUR),
            asked,
            link,
            connection: row.id,
            user: row.user,
            institution: row.institution,
            institution_name: row.institution_name,
            method: row.method,
        }
    };
    let link = auth_link::words(Some("/connect/1f0b2c.00ff"));
    let link = (link, now().plus_ms(48 * HOUR));
    vec![
        one(5, None, None),
        one(6, Some(now().plus_ms(-20 * HOUR)), Some(link)),
    ]
}
