//! A new connection; the banks are offered while their name is typed.

use super::field::FormField;
use super::{Button, Edit, Form, Press, Question, Reply, Scene, entry, headless};
use crate::domain::connection::Method;
use crate::tui::effect::{Link, Order};
use crate::tui::event::{BankChoice, Event};
use crate::tui::glyphs::CURSOR;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, text, wrap};
use std::sync::Arc;

const USER: usize = 0;
const BANK: usize = 1;
const METHOD: usize = 2;
const LOGIN: usize = 3;
const PASSWORD: usize = 4;
const CODE: usize = 5;

/// Cells under which the banks stand above the words.
const NARROW: usize = 60;

const OFFERED: usize = 4;

#[derive(Debug, Default)]
struct Connect {
    /// None until they were read.
    banks: Option<Arc<[BankChoice]>>,
    at: usize,
    taken: Option<BankChoice>,
}

pub(super) fn connect(user: &str) -> (Box<dyn Question>, Form) {
    let methods = [Method::Web, Method::OpenBanking];
    let fields = vec![
        FormField::text("user", user, false),
        FormField::text("bank", "", false),
        FormField::choice("method", words(&methods)),
        FormField::private("login", false),
        FormField::hidden("password", false),
        FormField::hidden("security code", true),
    ];
    (Box::<Connect>::default(), Form::with(fields))
}

fn words(methods: &[Method]) -> Vec<String> {
    methods.iter().map(|m| m.words().to_owned()).collect()
}

fn method(fields: &[FormField]) -> Method {
    Method::parse(&fields[METHOD].words().replace(' ', "-")).unwrap_or(Method::Web)
}

impl Connect {
    /// By the beginning of id, name or a word of it, then by any part.
    fn offers(&self, fields: &[FormField]) -> Vec<&BankChoice> {
        let typed = fields[BANK].words().trim().to_lowercase();
        let rank = |bank: &BankChoice| {
            let (id, name) = (bank.id.as_str().to_lowercase(), bank.name.to_lowercase());
            [
                id.starts_with(&typed) || name.starts_with(&typed),
                name.split_whitespace().any(|word| word.starts_with(&typed)),
                name.contains(&typed),
            ]
            .iter()
            .position(|found| *found)
        };
        let banks = self.banks.as_deref().unwrap_or_default();
        let mut found: Vec<_> = banks
            .iter()
            .filter_map(|bank| Some((rank(bank)?, bank)))
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, bank)| bank).collect()
    }

    fn offered(&self, fields: &[FormField]) -> Vec<Row> {
        let line = |bank: &BankChoice, chosen: bool| -> Row {
            let sign = if chosen { CURSOR } else { " " };
            let methods = words(&bank.methods).join(", ");
            vec![
                span(format!("  {sign} {}  ", bank.id.as_str()), Role::Dim),
                span(&bank.name, if chosen { Role::HintKey } else { Role::Text }),
                span(format!("  {methods}"), Role::Dim),
            ]
        };
        if let Some(bank) = &self.taken {
            return vec![line(bank, true)];
        }
        if self.banks.is_none() {
            return vec![vec![span("  Reading the banks ...", Role::Dim)]];
        }
        let offers = self.offers(fields);
        let first = (self.at + 1).saturating_sub(OFFERED);
        let offered = offers.iter().enumerate().skip(first).take(OFFERED);
        let mut rows: Vec<Row> = offered.map(|(i, bank)| line(bank, i == self.at)).collect();
        match offers.len() {
            0 => rows.push(vec![span("  No bank has that name.", Role::Warning)]),
            n if n > OFFERED => {
                let at = self.at + 1;
                rows.push(vec![text(format!("    {at} of {n}; Up and Down choose"))]);
            }
            _ => {}
        }
        rows
    }
}

impl Question for Connect {
    fn title(&self) -> Row {
        vec![span("Connect a bank", Role::Title)]
    }

    fn content(&self, form: &Form, scene: Scene) -> Vec<Row> {
        let method = method(&form.fields);
        let says = match method {
            Method::Web => {
                "Signs in with the user's login and fetches what is there. A login that was just used elsewhere waits up to six minutes."
            }
            Method::OpenBanking => {
                "Waits until the user has authorised it at the bank; O plays that here. The login tells the sandbox who the user is."
            }
        };
        let says = wrap(says, scene.wide, Role::Text);
        let offers = self.offered(&form.fields);
        // where there is little room, what is being chosen is worth more than what it means
        let parts = if scene.wide < NARROW {
            [offers, vec![vec![]], says]
        } else {
            [says, vec![vec![]], offers]
        };
        let mut rows = parts.concat();
        let bank = self.taken.as_ref().map_or("BANK", |bank| bank.id.as_str());
        let user = form.text(USER).trim();
        let how = match method {
            Method::Web => "--login-id LOGIN",
            Method::OpenBanking => "--method openbanking",
        };
        let command = format!("switchboard connect --user {user} --institution {bank} {how}");
        headless(&mut rows, &command, scene);
        if user.is_empty() {
            let words = "an id, or a whole email or mobile";
            entry(&mut rows, "user", words, Role::Dim, scene);
        }
        rows
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        vec![Button::confirm("Connect", form.complete()), form.cancel()]
    }

    fn press(&mut self, form: &mut Form, _: Press) -> Reply {
        let institution = match &self.taken {
            Some(bank) => bank.id.clone(),
            None => form.text(BANK).trim().to_uppercase().into(),
        };
        Reply::Submit(Order::Connect(Box::new(Link {
            user: form.text(USER).trim().to_owned(),
            institution,
            method: method(&form.fields),
            login: form.text(LOGIN).trim().into(),
            password: form.secret(PASSWORD),
            security_code: Some(form.secret(CODE)).filter(|code| !code.is_empty()),
        })))
    }

    fn hear(&mut self, _: &mut Form, event: &Event) -> Reply {
        if let Event::InstitutionsLoaded(banks) = event {
            self.banks = Some(Arc::clone(banks));
        }
        Reply::Stay
    }

    fn edit(&mut self, fields: &mut [FormField], at: usize, edit: Edit) -> bool {
        match edit {
            Edit::Typed if at == BANK => (self.taken, self.at) = (None, 0),
            Edit::Turned(by) => {
                let offers = self.offers(fields).len();
                if at != BANK || self.taken.is_some() || offers == 0 {
                    return false;
                }
                self.at = (self.at as isize + by).rem_euclid(offers as isize) as usize;
                return true;
            }
            // the offer is taken, and with it the methods that bank has
            Edit::Left if at == BANK && self.taken.is_none() && !fields[BANK].missing() => {
                self.taken = self.offers(fields).get(self.at).map(|bank| (*bank).clone());
                if let Some(bank) = &self.taken {
                    fields[BANK] = FormField::text("bank", &bank.name, false);
                    fields[METHOD] = FormField::choice("method", words(&bank.methods));
                }
            }
            Edit::Typed | Edit::Left => {}
        }
        // open banking asks for no password here
        let optional = method(fields) == Method::OpenBanking;
        fields[LOGIN].make_optional(optional);
        fields[PASSWORD].make_optional(optional);
        false
    }
}
