//! What forms ask for, when they are sent, and what is left of what was typed.

use crate::domain::act::{ActKind, Confirmation, Selection, Step, StepAct};
use crate::domain::connection::{Label, Method};
use crate::domain::job::{Job, Kind, State};
use crate::domain::mfa::{Challenge, ChallengeMethod};
use crate::domain::secret::Secret;
use crate::domain::views::{BankAnswer, Page, Place};
use crate::testing::fixtures::{job, now, row, rows};
use crate::testing::plans::{erasure, plan_of_several};
use crate::testing::screen::{Harness, ordered};
use crate::tui::action::Action;
use crate::tui::dialogs::Spot;
use crate::tui::effect::{Effect, Order, OrderId};
use crate::tui::event::{BankChoice, Event, Input};

const SIZE: (u16, u16) = (120, 35);

fn refused(desk: &Harness) -> String {
    desk.model
        .notices
        .all
        .front()
        .map(|said| said.text.clone())
        .unwrap_or_default()
}

#[test]
fn a_password_is_sent_once_and_leaves_nothing_behind() {
    let mut desk = Harness::new(SIZE);
    let id = row(0, Label::Invalid).id;
    assert_eq!(desk.press("Uhunter2<enter>"), []);
    assert_eq!(
        desk.model.dialog.as_ref().unwrap().focus,
        Spot::Field(1),
        "Enter goes on to the code"
    );
    let password = Secret::new("hunter2");
    let sent = vec![ordered(Order::UpdateCredentials {
        id: id.clone(),
        password,
        security_code: None,
    })];
    assert_eq!(desk.press("<enter>"), sent);
    assert!(!format!("{sent:?}").contains("hunter2"), "{sent:?}");
    assert!(!format!("{:?}", desk.model).contains("hunter2"));
    assert_eq!(
        desk.press("<tab><enter>"),
        [],
        "it is on its way; nothing is sent twice"
    );
    let mut desk = Harness::new(SIZE);
    desk.press("Ua<enter>b");
    let Effect::Order(_, Order::UpdateCredentials { security_code, .. }) =
        &desk.press("<enter>")[0]
    else {
        panic!()
    };
    assert_eq!(*security_code, Some(Secret::new("b")));
    desk.sees(Event::CredentialsTaken {
        id,
        job: "j-1".into(),
        deduplicated: false,
    });
    assert_eq!(
        (desk.model.in_flight.len(), desk.model.dialog.is_some()),
        (1, true),
        "it waits for its answer"
    );
    desk.answers(OrderId(1));
    assert!(desk.model.dialog.is_none() && desk.model.in_flight.is_empty());
}

#[test]
fn blanks_answer_nothing() {
    let mut desk = Harness::with(SIZE, vec![row(4, Label::Pending)]);
    let row = row(4, Label::Pending);
    let challenge = Challenge {
        method: ChallengeMethod::Token,
        description: "Two codes.".into(),
        input: vec!["First".into(), "Second".into()],
        expires: now().plus_ms(60_000),
    };
    let job = Job {
        challenge: Some(challenge),
        ..job(&row, "j-1", Kind::Connect, State::WaitingMfa, now())
    };
    desk.sees(Event::JobsLoaded(
        row.id,
        Page {
            rows: vec![job],
            first: None,
            last: None,
            more: false,
        },
    ));
    desk.press("A");
    let focus = |desk: &Harness| desk.model.dialog.as_ref().map(|dialog| dialog.focus);
    assert_eq!(desk.press(" <enter>"), []);
    assert_eq!(focus(&desk), Some(Spot::Field(0)), "Enter stays");
    assert!(refused(&desk).contains("First is missing"));
    assert_eq!(desk.press("<c-u>12<enter> <enter>"), []);
    assert_eq!(focus(&desk), Some(Spot::Field(1)));
    assert!(refused(&desk).contains("Second is missing"));
    let answers = ["12", "34"].map(Secret::new).into();
    let job = "j-1".into();
    assert_eq!(
        desk.press("<c-u>34<enter>"),
        [ordered(Order::Answer { job, answers })]
    );
}

#[test]
fn a_password_may_be_pasted_and_a_pasted_line_end_sends_nothing() {
    let mut desk = Harness::new(SIZE);
    desk.press("U");
    assert_eq!(desk.gets(Input::Paste("hunter2\r\n".into())), []);
    assert!(desk.model.dialog.is_some());
    let Effect::Order(_, Order::UpdateCredentials { password, .. }) =
        &desk.press("<enter><enter>")[0]
    else {
        panic!()
    };
    assert_eq!(*password, Secret::new("hunter2"));
}

#[test]
fn an_empty_form_is_closed_by_enter_and_sends_nothing() {
    for keys in ["U<enter>", "U<esc>", "U<tab><tab><enter>"] {
        let mut desk = Harness::new(SIZE);
        assert_eq!(desk.press(keys), [], "{keys}");
        assert!(desk.model.dialog.is_none(), "{keys}");
    }
}

#[test]
fn a_refused_form_says_why_and_has_to_be_given_the_password_again() {
    let mut desk = Harness::new(SIZE);
    desk.press("Ux<enter><enter>");
    desk.refuses("Password value is not valid.");
    let form = &desk.model.dialog.as_ref().unwrap().form;
    assert_eq!(
        (form.refused.as_deref(), form.blank()),
        (Some("Password value is not valid."), true)
    );
    desk.press("<esc>");
    let mut desk = Harness::new(SIZE);
    desk.press("Ux<enter><enter><esc>");
    desk.refuses("No.");
    assert_eq!(
        (desk.model.in_flight.len(), refused(&desk)),
        (0, "Refused: No.".to_owned())
    );
}

#[test]
fn what_is_not_possible_is_said_and_opens_nothing() {
    for (label, keys, says) in [
        (Label::Failed, "U", "Open banking has no password here"),
        (Label::Deleted, "U", "It is revoked"),
        (Label::Invalid, "O", "A web connection has no authorisation"),
    ] {
        let mut desk = Harness::with(SIZE, vec![row(2, label)]);
        assert_eq!(desk.press(keys), [], "{label}");
        assert!(
            desk.model.dialog.is_none() && refused(&desk).contains(says),
            "{label}: {}",
            refused(&desk)
        );
    }
    for keys in ["U", "O", "C", "a"] {
        let mut desk = Harness::new(SIZE);
        desk.model.read_only = true;
        assert_eq!(desk.press(keys), [], "{keys}");
        assert!(
            desk.model.dialog.is_none() && refused(&desk).contains("read-only"),
            "{keys}"
        );
    }
}

#[test]
fn the_letters_of_a_visit_end_it() {
    let id = row(3, Label::PreInit).id;
    for (keys, answer) in [
        ("a", BankAnswer::Authorise),
        ("l", BankAnswer::Abandon),
        ("d", BankAnswer::Deny),
        ("<tab><tab><enter>", BankAnswer::Abandon),
    ] {
        let mut desk = Harness::new(SIZE);
        assert_eq!(desk.press("jjjO").len(), 2, "the panes of the row are read");
        assert_eq!(
            desk.press(keys),
            [ordered(Order::Authorise {
                id: id.clone(),
                answer
            })],
            "{keys}"
        );
    }
    let mut desk = Harness::new(SIZE);
    desk.press("jjjO");
    assert_eq!(desk.rush("a"), [], "not in the first moments");
    assert_eq!(desk.press("<enter>"), [], "Enter cancels");
    assert!(desk.model.dialog.is_none());
}

fn banks() -> Event {
    let bank = |id: &str, name: &str, ways: &[Method]| BankChoice {
        id: id.into(),
        name: name.into(),
        methods: ways.into(),
    };
    let both = [Method::Web, Method::OpenBanking];
    Event::InstitutionsLoaded(
        [
            bank("AU00002", "Pied Piper Bank", &[Method::Web]),
            bank("AU00000", "Hooli", &both),
        ]
        .into(),
    )
}

#[test]
fn a_connection_is_made_for_the_user_under_the_cursor_and_then_selected() {
    let mut desk = Harness::new(SIZE);
    assert_eq!(desk.press("C"), [Effect::LoadInstitutions]);
    desk.sees(banks());
    let sent = desk.press("pie<enter><enter>gilfoyle<enter>secret<enter><enter>");
    let [Effect::Order(_, Order::Connect(link))] = &sent[..] else {
        panic!("{sent:?}")
    };
    assert_eq!(
        (link.user.as_str(), link.institution.as_str(), link.method),
        ("usr-0000", "AU00002", Method::Web)
    );
    assert_eq!(
        (&link.login, &link.password, &link.security_code),
        (&"gilfoyle".into(), &"secret".into(), &None)
    );
    assert!(
        !format!("{sent:?}{:?}", desk.model).contains("secret\""),
        "nothing typed is named"
    );
    let effects = desk.sees(Event::Connected {
        id: "new".into(),
        job: "j-9".into(),
        waits: None,
    });
    assert!(effects.iter().any(
        |e| matches!(e, Effect::LoadPage { from: Place::Around(id), .. } if id.as_str() == "new")
    ));
}

#[test]
fn open_banking_needs_no_password_and_a_bank_brings_its_ways() {
    let mut desk = Harness::new(SIZE);
    desk.press("C");
    desk.sees(banks());
    let sent = desk.press("hoo<tab><right><tab><tab><tab><enter>");
    let [Effect::Order(_, Order::Connect(link))] = &sent[..] else {
        panic!("{sent:?}")
    };
    assert_eq!(
        (link.method, link.password.is_empty()),
        (Method::OpenBanking, true)
    );
    let mut desk = Harness::new(SIZE);
    desk.press("C");
    desk.sees(banks());
    desk.press("pie<tab><right>");
    let form = &desk.model.dialog.as_ref().unwrap().form;
    assert_eq!(form.text(2), "web", "that bank has no other way");
}

#[test]
fn all_of_a_user_is_previewed_and_then_sent() {
    let mut desk = Harness::new(SIZE);
    let user = rows()[0].user.clone();
    let selection = Selection::User(user);
    let kind = ActKind::Refresh;
    let asked = Effect::PlanAct {
        kind,
        selection: selection.clone(),
    };
    assert_eq!(desk.press("a"), [asked]);
    let steps = rows().into_iter().take(2);
    let steps = steps.map(|row| Step::new(StepAct::Refresh, row.id.as_str()));
    let mut plan = plan_of_several(kind, steps.collect());
    plan.left_out = 1;
    let plan = Box::new(plan);
    desk.sees(Event::ActPlanned {
        selection: Selection::User("somebody else".into()),
        plan: Box::new(plan_of_several(kind, vec![])),
    });
    desk.sees(Event::ActPlanned {
        selection,
        plan: plan.clone(),
    });
    assert!(desk.screen().contains("left out"), "{}", desk.screen());
    let sent = ordered(Order::Apply {
        typed: Confirmation::new(Some("refresh 2"), None),
        plan,
        refresh_after: false,
    });
    assert_eq!(desk.press("y"), [sent]);
    assert_eq!(Action::named("user.refresh"), Some(Action::RefreshUser));
}

#[test]
fn an_ending_takes_its_words_its_reason_tab_and_enter() {
    let mut desk = Harness::with(SIZE, vec![row(8, Label::Active)]);
    let selection = Selection::User(row(8, Label::Active).user);
    let kind = ActKind::Erase;
    assert_eq!(
        desk.press("D").last(),
        Some(&Effect::PlanAct {
            kind,
            selection: selection.clone()
        })
    );
    for early in ["y", "<enter>", "D"] {
        assert_eq!(desk.press(early), [], "{early} before it was counted");
        desk.press("<c-u>");
        if desk.model.dialog.is_none() {
            desk.press("D");
        }
    }
    let plan = Box::new(erasure(&[row(8, Label::Active)]));
    let words = plan.words();
    desk.sees(Event::ActPlanned {
        selection,
        plan: plan.clone(),
    });
    assert_eq!(desk.gets(Input::Paste(words.clone())), []);
    assert!(refused(&desk).contains("typed by hand"));
    assert_eq!(
        desk.press(&format!("{words}<enter>")),
        [],
        "the reason is missing"
    );
    assert_eq!(
        desk.press("<tab>asked for<enter>"),
        [],
        "Enter in a field ends nothing"
    );
    let sent = vec![ordered(Order::Apply {
        typed: Confirmation::new(Some(&words), Some("asked for")),
        plan: plan.clone(),
        refresh_after: false,
    })];
    assert_eq!(desk.press("<tab><enter>"), sent);
    let mut plan = plan;
    plan.succeed("7 accounts gone".into(), None, now());
    desk.sees(Event::WorkflowMoved(plan.clone()));
    assert_eq!(desk.press("<tab>"), []);
    assert!(
        desk.screen().contains("Running; closing this window"),
        "its steps are shown: {}",
        desk.screen()
    );
    desk.answers(OrderId(1));
    assert_eq!(
        (desk.model.in_flight.len(), desk.press("<enter>")),
        (0, vec![]),
        "it is not sent again"
    );
    plan.succeed(String::new(), None, now());
    desk.sees(Event::WorkflowMoved(plan));
    assert!(refused(&desk).contains("done"), "{}", refused(&desk));
}

#[test]
fn a_move_is_for_active_web_connections() {
    for (n, label, opens) in [
        (8, Label::Active, true),
        (9, Label::Active, false),
        (0, Label::Invalid, false),
        (4, Label::Pending, false),
        (13, Label::Deleted, false),
    ] {
        let mut desk = Harness::with(SIZE, vec![row(n, label)]);
        desk.press("M");
        assert_eq!(desk.model.dialog.is_some(), opens, "{n} {label}");
    }
}
