//! The fields of each list, in one table for parsing, completion, help and docs/filters.md.

use super::ast::Flag;
use super::subject::Subject;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    #[default]
    Connections,
    Jobs,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldHelp {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    #[allow(dead_code, reason = "docs/filters.md is made from it, by a test")]
    pub(crate) example: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(super) subject: Subject,
}

const fn field(
    name: &'static str,
    aliases: &'static [&'static str],
    subject: Subject,
    what: &'static str,
    example: &'static str,
) -> FieldHelp {
    FieldHelp {
        name,
        what,
        example,
        aliases,
        subject,
    }
}

const BANK: FieldHelp = field(
    "bank",
    &["institution"],
    Subject::Bank,
    "bank: its id or a part of its name",
    "bank:\"hooli sav\"",
);
const USER: FieldHelp = field(
    "user",
    &["person"],
    Subject::User,
    "user: start or end of the id, start of a name; an email or phone only whole",
    "user:81c4",
);
const STATE: FieldHelp = field(
    "state",
    &[],
    Subject::State,
    "finer state of the job",
    "state:waiting-mfa",
);
const KIND: FieldHelp = field(
    "kind",
    &["what"],
    Subject::Kind,
    "what the job was made for",
    "kind:refresh",
);
const STEP: FieldHelp = field(
    "step",
    &[],
    Subject::Step,
    "step the job stands at or failed at",
    "step:sign-in",
);
const ERROR: FieldHelp = field(
    "error",
    &["code"],
    Subject::Error,
    "code the job failed with",
    "error:invalid-credentials",
);
const IS: FieldHelp = field("is", &[], Subject::Is, "named conditions", "is:stuck");

const CONNECTIONS: &[FieldHelp] = &[
    field(
        "status",
        &["label"],
        Subject::Label,
        "status as the list shows it",
        "status:invalid,failed",
    ),
    BANK,
    field(
        "via",
        &["method"],
        Subject::Via,
        "way to the bank: web, ob",
        "via:ob",
    ),
    USER,
    field(
        "id",
        &["connection", "con"],
        Subject::Id,
        "start or end of the connection's id",
        "id:7f3a91",
    ),
    field(
        "last",
        &["lastused", "used"],
        Subject::Last,
        "how long ago the bank was last asked",
        "last>3d",
    ),
    field(
        "created",
        &[],
        Subject::Created,
        "how long ago it was made",
        "created<2w",
    ),
    field(
        "since",
        &[],
        Subject::Since,
        "how long it has had its status",
        "since<2h",
    ),
    field(
        "first-failed",
        &["firstfailed", "failing"],
        Subject::FirstFailed,
        "how long ago what is wrong with it began",
        "first-failed>1d",
    ),
    field(
        "mover",
        &["whose"],
        Subject::Mover,
        "who has to act next: us, bank, user, running, nobody",
        "mover:us,bank",
    ),
    field(
        "incident",
        &["outage"],
        Subject::Incident,
        "an incident that hit it: its number, or open",
        "incident:open",
    ),
    field(
        "attempts",
        &["tries"],
        Subject::Attempts,
        "attempts of the newest job",
        "attempts>10",
    ),
    field(
        "job",
        &[],
        Subject::Job,
        "newest job: how it ended, its state, its kind",
        "job:failed",
    ),
    STATE,
    KIND,
    STEP,
    ERROR,
    field(
        "acc",
        &["accounts"],
        Subject::Accounts,
        "number of stored accounts",
        "acc=0",
    ),
    field(
        "tx",
        &["txns", "transactions"],
        Subject::Transactions,
        "number of stored transactions",
        "tx>1000",
    ),
    field(
        "consent",
        &["expiry", "expires"],
        Subject::Consent,
        "time until the consent ends",
        "consent<7d",
    ),
    IS,
];

const JOBS: &[FieldHelp] = &[
    field(
        "status",
        &["label", "job", "result"],
        Subject::JobLabel,
        "how it ended: success, failed",
        "status:failed",
    ),
    STATE,
    KIND,
    BANK,
    USER,
    field(
        "id",
        &[],
        Subject::Id,
        "start or end of the job's id",
        "id:8c21f0",
    ),
    field(
        "connection",
        &["con"],
        Subject::Connection,
        "start or end of its connection's id",
        "connection:7f3a91",
    ),
    STEP,
    ERROR,
    field(
        "created",
        &["started", "start"],
        Subject::Created,
        "how long ago it was made",
        "created<2h",
    ),
    field(
        "took",
        &["duration"],
        Subject::Took,
        "how long it took",
        "took>2m",
    ),
    IS,
];

impl Scope {
    pub(crate) fn fields(self) -> &'static [FieldHelp] {
        match self {
            Scope::Connections => CONNECTIONS,
            Scope::Jobs => JOBS,
        }
    }

    pub(crate) fn flags(self) -> &'static [Flag] {
        match self {
            Scope::Connections => &Flag::ALL,
            Scope::Jobs => &[
                Flag::Running,
                Flag::Stuck,
                Flag::Queued,
                Flag::Mine,
                Flag::Waiting,
                Flag::Open,
            ],
        }
    }

    pub(super) fn field(self, name: &str) -> Option<&'static FieldHelp> {
        let name = name.to_ascii_lowercase();
        self.fields()
            .iter()
            .find(|f| f.name == name || f.aliases.contains(&name.as_str()))
    }
}
