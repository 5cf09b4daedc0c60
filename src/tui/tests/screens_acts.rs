//! What a person sees of jobs that wait and of the dialogs that act, as snapshots. Read one before you
//! accept it.

use crate::domain::act::{ActKind, Selection};
use crate::domain::connection::{Label, Method};
use crate::domain::job::{self, Kind, State};
use crate::domain::mfa::{Challenge, ChallengeMethod};
use crate::domain::rows::ConnectionRow;
use crate::domain::views::Page;
use crate::testing::fixtures::{job, now, row};
use crate::testing::plans::{erasure, plan};
use crate::testing::screen::{Harness, shot};
use crate::tui::event::{BankChoice, Event};
use crate::tui::update;

/// A row whose newest job waits for that long still.
fn waiting(n: usize, label: Label, state: State, left_ms: Option<i64>) -> ConnectionRow {
    let mut row = row(n, label);
    if let Some(last) = &mut row.last_job {
        last.state = state;
        last.label = job::Label::Pending;
        last.due = left_ms.map(|ms| now().plus_ms(ms));
    }
    row
}

fn waiting_rows() -> Vec<ConnectionRow> {
    vec![
        waiting(4, Label::Pending, State::Paused, Some(312_000)),
        waiting(14, Label::Pending, State::WaitingMfa, Some(100_000)),
        waiting(6, Label::Active, State::WaitingRetry, Some(7_080_000)),
        waiting(9, Label::Init, State::Paused, None),
        row(8, Label::Active),
    ]
}

/// The job of a row, waiting as the row says.
fn waiting_job(row: &ConnectionRow) -> job::Job {
    let last = row.last_job.as_ref().unwrap();
    let challenge = Challenge {
        method: ChallengeMethod::Token,
        description: "Enter the code that was sent to your phone.".into(),
        input: vec!["OTP Password".into()],
        expires: last.due.unwrap_or(now()),
    };
    job::Job {
        challenge: (last.state == State::WaitingMfa).then_some(challenge),
        next_attempt: last.due,
        ..job(
            row,
            last.id.as_str(),
            Kind::Connect,
            last.state,
            now().plus_ms(-20_000),
        )
    }
}

fn with_jobs(size: (u16, u16), at: usize) -> Harness {
    let mut desk = Harness::with(size, waiting_rows());
    desk.press(&"j".repeat(at));
    desk.answer_panes();
    let row = desk.model.selected().unwrap().row.clone();
    let rows = vec![waiting_job(&row)];
    desk.sees(Event::JobsLoaded(
        row.id,
        Page {
            rows,
            first: None,
            last: None,
            more: false,
        },
    ));
    desk
}

#[test]
fn what_waits_counts_down_in_list_history_and_open_job() {
    for size in [(120, 35), (80, 24), (40, 12)] {
        shot(
            &format!("waiting-{}x{}", size.0, size.1),
            &with_jobs(size, 0),
        );
    }
    for (at, first, then) in [
        (0, "paused 5:12", "paused 5:05"),
        (1, "answer within 1:40", "answer within 1:33"),
        (2, "retry in 1h 58m", "retry in 1h 57m"),
    ] {
        let mut desk = with_jobs((80, 24), at);
        desk.press("f");
        assert!(desk.screen().contains(first), "{}", desk.screen());
        desk.waits(7_000);
        assert!(desk.screen().contains(then), "{}", desk.screen());
    }
    let mut desk = with_jobs((80, 24), 1);
    desk.press("f");
    shot("waiting-job", &desk);
}

#[test]
fn seconds_are_told_only_while_something_counts_them() {
    for (at, wakes) in [(0, true), (1, true), (2, true), (4, true)] {
        assert_eq!(
            update::wake_in(&with_jobs((120, 35), at).model) <= 1_000,
            wakes,
            "a row in sight counts down"
        );
    }
    for (rows, state) in [(2..3, "retry"), (3..4, "no time"), (4..5, "none")] {
        let desk = Harness::with((120, 35), waiting_rows()[rows].to_vec());
        assert!(update::wake_in(&desk.model) > 1_000, "{state}");
    }
}

fn banks() -> Event {
    let bank = |id: &str, name: &str, ways: &[Method]| BankChoice {
        id: id.into(),
        name: name.into(),
        methods: ways.into(),
    };
    use Method::{OpenBanking, Web};
    Event::InstitutionsLoaded(
        [
            bank("AU00000", "Hooli", &[Web, OpenBanking]),
            bank("AU00002", "Pied Piper Bank", &[Web]),
            bank("AU00003", "Nucleus Bank", &[Web]),
            bank("AU00004", "HooliGov Bank", &[Web]),
            bank("AU10001", "Banca di Sedge", &[OpenBanking]),
            bank("AU10002", "Bank of Fern", &[Web, OpenBanking]),
        ]
        .into(),
    )
}

const SIZES: [(u16, u16); 3] = [(120, 35), (80, 24), (40, 12)];

#[test]
fn a_new_password_is_typed_in_the_dark() {
    for size in SIZES {
        let mut desk = Harness::new(size);
        desk.press("Utabs not<enter>");
        shot(&format!("form-password-{}x{}", size.0, size.1), &desk);
        assert!(!format!("{:?}", desk.model).contains("tabs not"));
    }
    let mut desk = Harness::new((80, 24));
    desk.press("Ux<enter><enter>");
    desk.refuses("Password value is not valid. Give the new password and try again.");
    shot("form-password-refused", &desk);
}

#[test]
fn a_visit_says_what_each_end_does() {
    for size in SIZES {
        let mut desk = Harness::new(size);
        desk.press("jjjO");
        shot(&format!("form-visit-{}x{}", size.0, size.1), &desk);
    }
}

#[test]
fn a_new_connection_offers_the_banks() {
    for size in SIZES {
        let mut desk = Harness::new(size);
        desk.press("C");
        desk.sees(banks());
        desk.press("ba");
        shot(&format!("form-connect-{}x{}", size.0, size.1), &desk);
        desk.press("<c-u>hoo<enter><right><left><tab>gilfoyle<enter>Pied");
        shot(&format!("form-connect-filled-{}x{}", size.0, size.1), &desk);
    }
    let mut desk = Harness::new((80, 24));
    desk.press("C");
    desk.sees(banks());
    desk.press("hoo<enter><tab>x<enter>y<enter><enter>");
    shot("form-connect-sending", &desk);
    desk.refuses(
        "The user has a connection to Hooli by another method. Purge and revoke it first.",
    );
    shot("form-connect-refused", &desk);
}

#[test]
fn a_move_to_open_banking_is_armed_by_its_words_and_shows_its_steps() {
    for size in [(120, 35), (80, 24), (40, 12)] {
        let mut desk = Harness::with(size, vec![row(8, Label::Active)]);
        desk.press("M");
        let row = desk.model.selected().unwrap().row.clone();
        let mut plan = plan(ActKind::Migrate, &row);
        desk.plans(plan.clone());
        desk.press("move 008<pgdn><pgdn><pgdn><pgdn><pgdn><tab>");
        shot(&format!("form-migrate-{}x{}", size.0, size.1), &desk);
        desk.press("<enter>");
        plan.take("tester", now(), std::time::Duration::from_secs(60));
        plan.succeed("2,247 transactions, 7 accounts gone".into(), None, now());
        desk.sees(Event::WorkflowMoved(Box::new(plan)));
        if size.0 == 80 {
            shot("form-migrate-under-way", &desk);
        }
    }
    let mut desk = Harness::with((80, 24), vec![row(8, Label::Active)]);
    desk.press("M");
    let id = desk.model.selected().unwrap().row.id.clone();
    let reason = "The institution is currently disabled. It is not reached by open banking here, so the web connection stays.";
    desk.sees(Event::ActRefused {
        kind: ActKind::Migrate,
        selection: Selection::One(id),
        reason: reason.into(),
    });
    shot("form-migrate-impossible", &desk);
}

#[test]
fn an_erasure_lists_every_connection() {
    let mut rows = vec![
        row(8, Label::Active),
        row(1, Label::Invalid),
        row(13, Label::Deleted),
    ];
    for other in 1..3 {
        rows[other].user = rows[0].user.clone();
    }
    for size in [(120, 35), (80, 24), (40, 12)] {
        let mut desk = Harness::with(size, rows.clone());
        desk.press("D");
        desk.sees(Event::ActPlanned {
            selection: Selection::User(rows[0].user.clone()),
            plan: Box::new(erasure(&rows)),
        });
        if size.0 == 40 {
            desk.press("erase 0");
        }
        shot(&format!("form-erase-{}x{}", size.0, size.1), &desk);
    }
}
