//! A new connection: whose, at which bank, by which way, and what lets us in there. The banks are offered
//! while their name is typed.

use super::input::{Input, Value};
use super::{Form, What};
use crate::domain::connection::Method;
use crate::tui::dialogs::{Scene, entry, headless};
use crate::tui::effect::{Effect, Link};
use crate::tui::event::BankChoice;
use crate::tui::glyphs::CURSOR;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, Span, span, text, wrap};
use std::sync::Arc;

const USER: usize = 0;
const BANK: usize = 1;
const WAY: usize = 2;
const LOGIN: usize = 3;
const PASSWORD: usize = 4;
const CODE: usize = 5;

/// Cells under which the banks stand above the words.
const NARROW: usize = 60;

/// Banks offered at a time.
const OFFERED: usize = 4;

/// What is known while it is filled in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connect {
    /// The banks there are; none until they were read.
    pub(crate) banks: Option<Arc<[BankChoice]>>,
    /// The offer that would be taken.
    at: usize,
    /// The bank that was taken.
    taken: Option<BankChoice>,
}

/// The form, for the user of the row under the cursor.
pub(crate) fn form(user: &str) -> Form {
    let ways = [Method::Web, Method::OpenBanking].map(|way| way.words().to_owned());
    let inputs = vec![
        Input::text("user", user, false),
        Input::text("bank", "", false),
        Input::choice("way", ways.into()),
        Input::private("login", false),
        Input::hidden("password", false),
        Input::hidden("security code", true),
    ];
    Form::new(What::Connect(Connect::default()), inputs)
}

pub(super) fn title() -> Vec<Span> {
    vec![span("Connect a bank", Role::Title)]
}

fn way(inputs: &[Input]) -> Method {
    Method::parse(&inputs[WAY].words().replace(' ', "-")).unwrap_or(Method::Web)
}

impl Connect {
    /// The banks that answer to what is typed: by the beginning of id, name or a word of it, then by any part.
    fn offers(&self, inputs: &[Input]) -> Vec<&BankChoice> {
        let typed = inputs[BANK].words().trim().to_lowercase();
        let rank = |bank: &BankChoice| {
            let name = bank.name.to_lowercase();
            match () {
                () if bank.id.as_str().to_lowercase().starts_with(&typed)
                    || name.starts_with(&typed) =>
                {
                    Some(0)
                }
                () if name.split_whitespace().any(|word| word.starts_with(&typed)) => Some(1),
                () => name.contains(&typed).then_some(2),
            }
        };
        let banks = self.banks.as_deref().unwrap_or_default();
        let mut found: Vec<_> = banks
            .iter()
            .filter_map(|bank| Some((rank(bank)?, bank)))
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, bank)| bank).collect()
    }

    /// The bank's name was changed by hand.
    pub(super) fn typed(&mut self, inputs: &mut [Input], at: usize) {
        if at == BANK {
            self.taken = None;
            self.at = 0;
        }
        needs(inputs);
    }

    /// Up and Down in the bank's field choose among the offers.
    pub(super) fn turn(&mut self, inputs: &[Input], at: usize, by: isize) -> bool {
        let offers = self.offers(inputs).len();
        if at != BANK || self.taken.is_some() || offers == 0 {
            return false;
        }
        self.at = (self.at as isize + by).rem_euclid(offers as isize) as usize;
        true
    }

    /// The keys leave a field: of the bank's the offer is taken, and with it the ways that bank has.
    pub(super) fn settle(&mut self, inputs: &mut [Input], at: usize) {
        if at == BANK && self.taken.is_none() && !inputs[BANK].words().trim().is_empty() {
            self.taken = self.offers(inputs).get(self.at).map(|bank| (*bank).clone());
            if let Some(bank) = &self.taken {
                inputs[BANK] = Input::text("bank", &bank.name, false);
                inputs[WAY] = Input::choice(
                    "way",
                    bank.ways.iter().map(|way| way.words().to_owned()).collect(),
                );
            }
        }
        needs(inputs);
    }

    pub(super) fn content(&self, form: &Form, scene: Scene) -> Vec<Row> {
        let way = way(&form.inputs);
        let says = match way {
            Method::Web => {
                "Signs in at the bank in the user's name and fetches what is there. The same sign-in used elsewhere waits six minutes first."
            }
            Method::OpenBanking => {
                "Waits until the user has agreed at the bank; O plays that here. The login says who that is in the sandbox."
            }
        };
        let says = wrap(says, scene.wide, Role::Text);
        let offers = self.offered(&form.inputs);
        // where there is little room, what is being chosen is worth more than what it means
        let (first, second) = if scene.wide < NARROW {
            (offers, says)
        } else {
            (says, offers)
        };
        let mut rows = first;
        rows.push(vec![]);
        rows.extend(second);
        let bank = self.taken.as_ref().map_or("BANK", |bank| bank.id.as_str());
        let mut twin = format!(
            "switchboard connect --user {} --institution {bank}",
            form.inputs[USER].words().trim()
        );
        match way {
            Method::Web => twin.push_str(" --login-id LOGIN"),
            Method::OpenBanking => twin.push_str(" --method openbanking"),
        }
        headless(&mut rows, &twin, scene);
        if form.inputs[USER].words().trim().is_empty() {
            entry(
                &mut rows,
                "user",
                "an id, or a whole email or mobile",
                Role::Dim,
                scene,
            );
        }
        rows
    }

    /// The bank that was taken, or those that are offered.
    fn offered(&self, inputs: &[Input]) -> Vec<Row> {
        let line = |bank: &BankChoice, chosen: bool| -> Row {
            let ways: Vec<&str> = bank.ways.iter().map(|way| way.words()).collect();
            let sign = if chosen { CURSOR } else { " " };
            vec![
                span(format!("  {sign} {}  ", bank.id.as_str()), Role::Dim),
                span(&bank.name, if chosen { Role::HintKey } else { Role::Text }),
                span(format!("  {}", ways.join(", ")), Role::Dim),
            ]
        };
        if let Some(bank) = &self.taken {
            return vec![line(bank, true)];
        }
        if self.banks.is_none() {
            return vec![vec![span("  reading the banks ...", Role::Dim)]];
        }
        let offers = self.offers(inputs);
        let first = (self.at + 1).saturating_sub(OFFERED);
        let mut rows: Vec<Row> = offers
            .iter()
            .enumerate()
            .skip(first)
            .take(OFFERED)
            .map(|(i, bank)| line(bank, i == self.at))
            .collect();
        match offers.len() {
            0 => rows.push(vec![span("  no bank is called that", Role::Warning)]),
            n if n > OFFERED => rows.push(vec![text(format!(
                "    {} of {n}; Up and Down choose",
                self.at + 1
            ))]),
            _ => {}
        }
        rows
    }

    pub(super) fn order(&self, form: &mut Form) -> Effect {
        let typed = form.inputs[BANK].words().trim().to_uppercase();
        Effect::Connect(Box::new(Link {
            user: form.inputs[USER].words().trim().to_owned(),
            institution: self
                .taken
                .as_ref()
                .map_or_else(|| typed.into(), |bank| bank.id.clone()),
            method: way(&form.inputs),
            login: form.inputs[LOGIN].words().trim().into(),
            password: form.secret(PASSWORD),
            security_code: Some(form.secret(CODE)).filter(|code| !code.is_empty()),
        }))
    }
}

/// Open banking asks for no password here.
fn needs(inputs: &mut [Input]) {
    let free = way(inputs) == Method::OpenBanking;
    for at in [LOGIN, PASSWORD] {
        if let Value::Text { optional, .. } = &mut inputs[at].value {
            *optional = free;
        }
        inputs[at].hint = if free {
            "may stay empty".into()
        } else {
            String::new()
        };
    }
}
