//! Search lists: the values that a deletion destroys, written down before it does and kept until they were searched
//! for. A list is sealed under a key of its own, in a slot of the key file, which is destroyed when the list has served.

use super::values::Values;
use crate::domain::certificate::Stored;
use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::secret::Secret;
use crate::store::error::{Error, Result};
use crate::store::{ReadTxn, WriteTxn};
use crate::vault::{self, Sealed, codec};
use rusqlite::params;

/// Whose data a deletion destroys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Pair(UserId, InstitutionId),
    /// At every bank; with the app's own record of the user, or without.
    User {
        user: UserId,
        record: bool,
    },
}

/// What there is to search for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SearchList {
    pub(crate) stored: Stored,
    /// Fewer than were stored when the list, or one it took over, cannot be read any more.
    pub(crate) values: Vec<Secret>,
}

struct Row {
    id: String,
    slot: i64,
    stored: Stored,
    sealed: Vec<u8>,
}

const COLUMNS: &str = "id, slot, stored, short, unreadable, sealed";

impl Whose {
    fn user(&self) -> &UserId {
        match self {
            Whose::Pair(user, _) | Whose::User { user, .. } => user,
        }
    }

    fn institution(&self) -> Option<&InstitutionId> {
        match self {
            Whose::Pair(_, at) => Some(at),
            Whose::User { .. } => None,
        }
    }
}

impl ReadTxn<'_> {
    /// What a deletion with this id has to search for; none when nothing was written down.
    pub(crate) fn search_list(&self, id: &str) -> Result<Option<SearchList>> {
        Ok(self.list_row(id)?.map(|row| SearchList {
            stored: row.stored,
            values: self.listed(&row).unwrap_or_default(),
        }))
    }

    /// Whether the last proof about this pair failed: its values have to be searched for again.
    pub(crate) fn unproven(&self, user: &UserId, at: &InstitutionId) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM search_lists
            WHERE failed = 1 AND user_id = ?1 AND (institution_id IS NULL OR institution_id = ?2))";
        self.value(sql, params![user, at])
    }

    pub(crate) fn any_served_list(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM search_lists WHERE length(sealed) = 0)";
        self.value(sql, [])
    }

    /// What a purge of the pair would search for.
    #[cfg(test)]
    pub(crate) fn needles(&self, user: &UserId, at: &InstitutionId) -> Result<Vec<Secret>> {
        let mut values = Values::default();
        self.values_of_pair(user, at, &mut values)?;
        Ok(values.distinct().0)
    }

    fn list_row(&self, id: &str) -> Result<Option<Row>> {
        let sql =
            format!("SELECT {COLUMNS} FROM search_lists WHERE id = ?1 AND length(sealed) > 0");
        self.first(&sql, [id], read)
    }

    /// None when the list cannot be read any more.
    fn listed(&self, row: &Row) -> Option<Vec<Secret>> {
        let key = self.keys.data_key(row.slot).ok()??;
        let plain = key.open(Sealed::SearchList, &row.id, &row.sealed).ok()?;
        codec::read_list(&plain).ok()
    }
}

fn read(row: &crate::store::row::Row<'_>) -> Result<Row> {
    Ok(Row {
        id: row.get("id")?,
        slot: row.get("slot")?,
        stored: Stored {
            values: row.get("stored")?,
            short: row.get("short")?,
            unreadable: row.get("unreadable")?,
        },
        sealed: row.get("sealed")?,
    })
}

impl WriteTxn<'_> {
    /// Writes down what is stored in `whose`, besides what the list of this deletion holds already. `true` when that
    /// added something: it has to be committed before anything is destroyed.
    pub(crate) fn list_values(&self, id: &str, whose: &Whose) -> Result<bool> {
        let mut values = Values::default();
        match whose {
            Whose::Pair(user, at) => self.values_of_pair(user, at, &mut values)?,
            Whose::User { user, record } => {
                for at in self.banks_of(user)? {
                    self.values_of_pair(user, &at, &mut values)?;
                }
                self.values_of_user(user, &mut values)?;
                if *record {
                    self.values_of_record(user, &mut values)?;
                }
            }
        }
        match self.list_row(id)? {
            Some(row) => self.extend_list(&row, values),
            None => self.begin_list(id, whose, values).map(|()| true),
        }
    }

    fn extend_list(&self, row: &Row, mut values: Values) -> Result<bool> {
        let Some(listed) = self.listed(row) else {
            // the search will find that it cannot be read
            return Ok(false);
        };
        let before = listed.len() as u64;
        // those of a list it took over that could not be read
        let lost = row.stored.values.saturating_sub(before);
        values.add_listed(listed);
        let (list, stored) = values.distinct();
        if stored.values == before {
            return Ok(false);
        }
        let key = self
            .keys
            .data_key(row.slot)?
            .ok_or(vault::Error::Unsealable)?;
        let sealed = key.seal(Sealed::SearchList, &row.id, &codec::write_list(&list))?;
        let sql = "UPDATE search_lists SET stored = ?2, short = max(short, ?3), unreadable = max(unreadable, ?4),
              sealed = ?5 WHERE id = ?1";
        let values = params![
            row.id,
            stored.values + lost,
            stored.short,
            stored.unreadable,
            sealed
        ];
        self.execute(sql, values)?;
        Ok(true)
    }

    /// A new list takes over the values of earlier ones whose search failed.
    fn begin_list(&self, id: &str, whose: &Whose, mut values: Values) -> Result<()> {
        let (user, at) = (whose.user(), whose.institution());
        let sql = format!(
            "SELECT {COLUMNS} FROM search_lists WHERE failed = 1 AND user_id = ?1
               AND (?2 IS NULL OR institution_id IS NULL OR institution_id = ?2)"
        );
        let mut lost = values.lost;
        for row in self.all(&sql, params![user, at], read)? {
            let listed = self.listed(&row).unwrap_or_default();
            lost += row.stored.values.saturating_sub(listed.len() as u64);
            values.add_listed(listed);
            let sql = "UPDATE search_lists SET taken_by = ?2 WHERE id = ?1";
            self.execute(sql, params![row.id, id])?;
        }
        let (list, stored) = values.distinct();
        let (slot, key) = self.new_key()?;
        let sealed = key.seal(Sealed::SearchList, id, &codec::write_list(&list))?;
        let sql = "INSERT INTO search_lists (id, user_id, institution_id, slot, stored, short, unreadable,
              failed, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)";
        let values = params![
            id,
            user,
            at,
            slot,
            stored.values + lost,
            stored.short,
            stored.unreadable,
            sealed
        ];
        self.execute(sql, values).map(drop)
    }

    /// The search for these failed: they are kept until a later deletion of the same data has searched for them. What
    /// nobody could read when it was written down cannot be searched for later either.
    pub(crate) fn keep_list(&self, id: &str) -> Result<()> {
        let Some(row) = self.list_row(id)? else {
            return Ok(());
        };
        match self.listed(&row).map(|listed| listed.len()) {
            Some(0) => self.drop_list(id),
            kept => {
                let sql = "UPDATE search_lists SET failed = 1, stored = ?2 WHERE id = ?1";
                let stored = kept.map_or(row.stored.values, |kept| kept as u64);
                self.execute(sql, params![id, stored]).map(drop)
            }
        }
    }

    /// They were searched for and not found, and so were those it took over.
    pub(crate) fn list_served(&self, id: &str) -> Result<()> {
        let sql = "UPDATE search_lists SET sealed = zeroblob(0) WHERE id = ?1 OR taken_by = ?1";
        self.execute(sql, [id]).map(drop)
    }

    /// Nothing was destroyed: they are not needed. Those it took over are kept.
    pub(crate) fn drop_list(&self, id: &str) -> Result<()> {
        let sql = "UPDATE search_lists SET sealed = zeroblob(0) WHERE id = ?1";
        self.execute(sql, [id]).map(drop)
    }

    /// The user is gone, and with it the purges that were open.
    pub(crate) fn lists_of_user_served(&self, user: &UserId) -> Result<()> {
        let sql = "UPDATE search_lists SET sealed = zeroblob(0) WHERE user_id = ?1";
        self.execute(sql, [user]).map(drop)
    }

    /// Destroys the keys of lists that have served. Their rows were emptied in an earlier transaction, so that no list
    /// can lose its key before it has served.
    pub(crate) fn forget_served_lists(&self) -> Result<()> {
        let sql = "SELECT slot FROM search_lists WHERE length(sealed) = 0";
        for slot in self.column::<i64>(sql, [])? {
            match self.keys.destroy_data_key(slot) {
                // cut off, so there is nothing to destroy
                Ok(_) | Err(Error::Vault(vault::Error::KeyMissing { .. })) => {}
                Err(other) => return Err(other),
            }
            self.execute("DELETE FROM search_lists WHERE slot = ?1", [slot])?;
        }
        Ok(())
    }
}
