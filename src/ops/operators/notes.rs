//! Notes of operators about a connection. Their text is sealed and in no line of the audit.

use crate::domain::handling::{LONGEST_NOTE, NoteShown, note_fits};
use crate::domain::ids::ConnectionId;
use crate::domain::mask::{self, Level};
use crate::domain::secret::Secret;
use crate::ops::{Error, Ops, Result, not_found};
use crate::store::{NewEvent, Note, ReadTxn};

/// Among so many notes of a connection one's own is looked for.
const NEWEST: usize = 50;

/// The newest notes, as the profile shows them; nothing where they cannot be opened.
pub(crate) fn newest(
    rd: &ReadTxn<'_>,
    id: &ConnectionId,
    most: usize,
    level: Level,
) -> Result<Vec<NoteShown>> {
    let mut notes: Vec<_> = rd
        .notes_of(id, most)?
        .into_iter()
        .filter_map(|it| shown(id, it, level))
        .collect();
    notes.reverse();
    Ok(notes)
}

fn shown(id: &ConnectionId, note: Note, level: Level) -> Option<NoteShown> {
    Some(NoteShown {
        text: mask::note(&note.text?, level),
        connection: id.clone(),
        id: note.id,
        at: note.at,
        actor: note.actor,
    })
}

impl Ops {
    pub(crate) async fn note(
        &self,
        id: &ConnectionId,
        text: Secret,
        level: Level,
    ) -> Result<NoteShown> {
        self.permit("note", id.as_str()).await?;
        if !note_fits(&text) {
            return Err(Error::Input(format!(
                "a note is one line of 1 to {LONGEST_NOTE} characters"
            )));
        }
        let asked = id.clone();
        self.write(move |ops, tx| {
            let now = ops.now();
            let row = tx
                .connection(&asked)?
                .ok_or_else(|| not_found("connection", &asked))?;
            let (note, actor) = (ops.clock.fresh_id(), ops.caller.actor.clone());
            let shown = mask::note(&text, level);
            tx.put_note(&asked, &note, &actor, text, now)?;
            ops.audit(tx, "note", asked.as_str(), "written", "", now)?;
            let event = NewEvent {
                entity: "note",
                ..NewEvent::of_connection("created", &row.user, &asked, &actor)
            };
            ops.record_event(tx, &event, now)?;
            Ok(NoteShown {
                id: note,
                connection: asked.clone(),
                at: now,
                text: shown,
                actor: actor.clone(),
            })
        })
        .await
    }

    /// The newest note that the caller wrote about a connection.
    pub(crate) async fn own_note(
        &self,
        id: &ConnectionId,
        level: Level,
    ) -> Result<Option<NoteShown>> {
        let asked = id.clone();
        let notes = self
            .read(move |rd| Ok(rd.notes_of(&asked, NEWEST)?))
            .await?;
        let own = |note: &Note| note.actor == self.caller.actor;
        Ok(notes.into_iter().rfind(own).map(|note| NoteShown {
            id: note.id,
            connection: id.clone(),
            at: note.at,
            actor: note.actor,
            text: note
                .text
                .map_or_else(String::new, |text| mask::note(&text, level)),
        }))
    }
}
