//! What became of an act on several: by outcome, with the reasons, and where marks stayed.

use super::several::groups;
use super::verb;
use crate::domain::act::{ActKind, Outcome, Plan, Step};
use crate::domain::job::State;
use crate::tui::dialogs::{Button, Form, Question, Reply, Scene, entry, update};
use crate::tui::endings;
use crate::tui::event::Event;
use crate::tui::model::Model;
use crate::tui::panes::messages::Tone;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span};

/// So many connections with work left are named.
const NAMED: usize = 8;

#[derive(Debug)]
struct Outcomes(Box<Plan>);

impl Question for Outcomes {
    fn title(&self) -> Row {
        let (kind, tally) = (self.0.head.kind, self.0.tally());
        let (verb, n, words) = (verb(kind), tally.total(), tally.words());
        vec![span(format!("{verb}  {n} marked: {words}"), Role::Title)]
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        content(&self.0, scene)
    }

    /// A step whose job has ended takes what came of that job.
    fn hear(&mut self, _: &mut Form, event: &Event) -> Reply {
        let Event::Seen { seen, .. } = event else {
            return Reply::Stay;
        };
        for job in &seen.ended {
            let mine = |step: &&mut Step| step.job.as_ref() == Some(&job.id) && waits(step);
            if let Some(step) = self.0.steps.iter_mut().find(mine) {
                let good = job.state == State::Succeeded;
                step.outcome = Some(if good { Outcome::Done } else { Outcome::Failed });
                step.why = if good {
                    String::new()
                } else {
                    endings::words(job)
                };
            }
        }
        Reply::Stay
    }

    fn buttons(&self, _: &Form) -> Vec<Button> {
        vec![Button::cancel("Close")]
    }
}

/// Whether it ends with its job.
fn waits(step: &Step) -> bool {
    step.job.is_some() && endings::waits(step.standing().0)
}

/// Marks stay where work is left, and until the job of each has succeeded; no message over what somebody is doing.
pub(crate) fn applied(model: &mut Model, plan: Box<Plan>) {
    let done = |step: &&Step| !step.standing().0.left() && !waits(step);
    for step in plan.steps.iter().filter(done) {
        model.list.marks.remove(&step.connection());
    }
    let tally = plan.tally();
    let left = plan
        .steps
        .iter()
        .filter(|step| step.standing().0.left())
        .count();
    let (tone, rest) = match left {
        0 => (Tone::Good, String::new()),
        left => (Tone::Bad, format!("; {left} left, and still marked")),
    };
    let mut said = format!("{}: {}{rest}.", verb(plan.head.kind), tally.words());
    if kept(&plan) {
        said.push_str(&format!("  plan {}", plan.head.id.short()));
    }
    model.say(tone, said);
    let busy = model.dialog.is_some()
        || model.over.is_some()
        || model.list.filter.typing
        || !model.pending.is_empty();
    if !busy {
        update::open(model, Box::new(Outcomes(plan)), Form::default());
    }
}

/// A plan of which nothing would run is not kept, so it cannot be read again.
fn kept(plan: &Plan) -> bool {
    plan.head.runs > 0
}

fn content(plan: &Plan, scene: Scene) -> Vec<Row> {
    let mut rows = vec![];
    groups(&mut rows, plan, scene);
    rows.push(vec![]);
    let left = || plan.steps.iter().filter(|step| step.standing().0.left());
    let running = plan.steps.iter().filter(|step| waits(step)).count();
    let marks = match (left().count(), running) {
        (0, 0) => "cleared".to_owned(),
        (left, 0) => format!("kept on the {left} where work is left"),
        (0, running) => format!("kept on the {running} until each has succeeded"),
        (left, running) => {
            format!(
                "kept on the {left} where work is left, and on {running} until each has succeeded"
            )
        }
    };
    entry(&mut rows, "marks", &marks, Role::Text, scene);
    let name = |step: &Step| format!("{} {}", step.connection().short(), step.standing().0.word());
    let mut names: Vec<String> = left().take(NAMED).map(name).collect();
    let more = left().count().saturating_sub(NAMED);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    entry(&mut rows, "", &names.join(", "), Role::Dim, scene);
    if plan.head.kind == ActKind::Refresh
        && plan
            .steps
            .iter()
            .any(|step| step.standing().0 == Outcome::Queued)
    {
        entry(
            &mut rows,
            "pace",
            "queued within each bank's limit",
            Role::Text,
            scene,
        );
    }
    if kept(plan) {
        let command = format!("switchboard plan {}", plan.head.id.short());
        entry(&mut rows, "saved", &command, Role::Dim, scene);
    }
    rows
}
