//! What the scopes of a consent are about, for whoever gives it. The platform's own texts are not kept.

/// A scope in the words of the consent page and of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) word: &'static str,
    pub(crate) entity: &'static str,
    pub(crate) name: &'static str,
    pub(crate) holds: &'static str,
    pub(crate) attributes: &'static [&'static str],
    /// What it is asked for.
    pub(crate) why: &'static str,
}

const SCOPES: [Scope; 5] = [
    Scope {
        word: "account.basic",
        entity: "account",
        name: "Account basics",
        holds: "Names, types, balances",
        attributes: &["Name", "Type", "Balance"],
        why: "To list the accounts",
    },
    Scope {
        word: "account.detail",
        entity: "account",
        name: "Account details",
        holds: "Account numbers, fees, rates and features",
        attributes: &["Account number", "Fees", "Interest rates", "Features"],
        why: "To tell the accounts apart and show what they cost",
    },
    Scope {
        word: "transaction.detail",
        entity: "transaction",
        name: "Transactions",
        holds: "Amounts, dates, descriptions, and who was paid",
        attributes: &["Amount", "Date", "Description", "Counterparty"],
        why: "To show where the money goes",
    },
    Scope {
        word: "customer.basic",
        entity: "customer",
        name: "Name",
        holds: "Name and occupation",
        attributes: &["Name", "Occupation"],
        why: "To see that the accounts belong to the user",
    },
    Scope {
        word: "customer.detail",
        entity: "customer",
        name: "Contact details",
        holds: "Phone numbers, email and postal addresses",
        attributes: &["Phone number", "Email address", "Postal address"],
        why: "To reach the user",
    },
];

/// None for a scope that is not known here.
pub(crate) fn scope(word: &str) -> Option<Scope> {
    SCOPES.into_iter().find(|scope| scope.word == word)
}

/// What a purpose means; empty for one that is not known here.
pub(crate) fn purpose(title: &str) -> &'static str {
    match title {
        "Budgeting" => "See where the money goes",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::consent::Consent;
    use crate::domain::moment::Moment;

    #[test]
    fn what_is_asked_for_here_has_words() {
        let given = Consent::given("c".into(), "u".into(), Moment(0));
        for permission in &given.permissions {
            assert!(scope(&permission.scope).is_some(), "{}", permission.scope);
        }
        assert!(!purpose(&given.purpose).is_empty());
        assert_eq!(scope("shoe.size"), None);
    }
}
