//! What the role of whoever is at the keys is too low for is off, and says which role it needs.

use crate::domain::access::Role;
use crate::testing::board::Board;
use crate::testing::fixtures::rows;
use crate::testing::lifecycle::Rig;
use crate::testing::screen::Harness;
use crate::tui::action::Action;
use crate::tui::availability::possible;

/// Every action that is an act, and the least role for it.
const ACTS: [(Action, Role); 16] = [
    (Action::Refresh, Role::Operator),
    (Action::RefreshUser, Role::Operator),
    (Action::Purge, Role::Operator),
    (Action::Revoke, Role::Operator),
    (Action::Migrate, Role::Operator),
    (Action::Connect, Role::Operator),
    (Action::UpdateCredentials, Role::Operator),
    (Action::Authorise, Role::Operator),
    (Action::Answer, Role::Operator),
    (Action::Hold, Role::Operator),
    (Action::Invite, Role::Operator),
    (Action::Note, Role::Operator),
    (Action::Take, Role::Operator),
    (Action::Snooze, Role::Operator),
    (Action::TakeBack, Role::Operator),
    (Action::Erase, Role::Privacy),
];

#[test]
fn an_act_is_off_exactly_for_the_roles_below_its_own() {
    for has in Role::ALL {
        let mut desk = Harness::with((120, 35), rows());
        desk.model.role = has;
        for action in Action::ALL {
            let needs = ACTS.iter().find(|(act, _)| act == action);
            let told = possible(&desk.model, *action).err();
            let told = told.map(|reason| reason.to_string()).unwrap_or_default();
            let lacks = needs.filter(|(_, needs)| has < *needs);
            match lacks {
                Some((_, needs)) => assert_eq!(
                    told,
                    format!(
                        "this needs the role {}; yours is {}",
                        needs.word(),
                        has.word()
                    ),
                    "{action:?}"
                ),
                None => assert!(!told.contains("role"), "{action:?} by {has:?}: {told}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_viewer_is_told_the_role_and_the_file_is_left_as_it_is() {
    let rig = Rig::new().await;
    rig.connect("AU00000", "jared", "django").await;
    let mut caller = (*rig.ops.caller).clone();
    caller.role = Role::Viewer;
    let ops = rig.ops.clone().with_caller(caller);
    let before = ops.jobs_of(&first(&rig).await, 10).await.unwrap().len();
    let mut board = Board::open(&ops, (120, 35)).await;
    for keys in ["r", "P", "X"] {
        board.press(keys).await;
        let screen = board.screen();
        assert!(
            screen.contains("this needs the role operator; yours is viewer"),
            "{keys}: {screen}"
        );
        assert!(screen.contains("(r refresh)"), "{screen}");
    }
    let after = ops.jobs_of(&first(&rig).await, 10).await.unwrap().len();
    assert_eq!(after, before);
}

async fn first(rig: &Rig) -> crate::domain::ids::ConnectionId {
    let any = crate::domain::query::parse("", crate::domain::query::Scope::Connections).unwrap();
    rig.ops.ids(any, 1).await.unwrap().0.remove(0)
}
