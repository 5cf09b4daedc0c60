//! The columns that the list of connections can have, by the names that commands and files know them by.

use super::edit_distance::nearest;
use crate::domain::words::words;

words! {
    /// A column of the list. Its first word is its field in the documents of the commands.
    Column [word title] {
        Id "id" "ID";
        Status "label" "STATUS";
        Bank "institutionName" "BANK";
        Via "method" "VIA";
        User "userName" "USER";
        /// Since when it has its status.
        Since "since" "SINCE";
        /// When the bank was last asked.
        Asked "lastUsed" "ASKED";
        /// How the last fetches ended.
        Runs "runs" "LAST 7";
        Accounts "accounts" "ACCTS";
        Transactions "transactions" "TXNS";
        Created "createdDate" "MADE";
        /// When the user's consent ends.
        Consent "expiryDate" "CONSENT";
        Why "why" "WHY";
    }
}

impl Column {
    /// Those of a list for which nothing was chosen.
    pub(crate) const USUAL: [Column; 11] = [
        Column::Id,
        Column::Status,
        Column::Bank,
        Column::Via,
        Column::User,
        Column::Since,
        Column::Asked,
        Column::Runs,
        Column::Accounts,
        Column::Transactions,
        Column::Why,
    ];

    /// The column of this name, or what is wrong with the name.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let named = |it: &Column| it.word() == name || it.title().eq_ignore_ascii_case(name);
        Column::ALL.into_iter().find(named).ok_or_else(|| {
            let names = || Column::ALL.iter().map(|it| it.word());
            let hint = nearest(name, names()).map_or_else(
                || format!("the columns are {}", names().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            format!("`{name}` is not a column; {hint}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_names_of_documents_and_their_titles() {
        for column in Column::ALL {
            assert_eq!(Column::named(column.word()), Ok(column));
            assert_eq!(Column::named(&column.title().to_lowercase()), Ok(column));
        }
        let said = Column::named("userNam").unwrap_err();
        assert!(said.contains("did you mean `userName`?"), "{said}");
    }
}
