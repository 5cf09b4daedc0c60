//! The world the random acts happen in, and what each of them is compared with.

use super::*;

/// What the model knows of a connection.
struct Known {
    guest: usize,
    row: ConnectionRow,
    jobs: HashMap<JobId, Job>,
}

pub(super) struct World {
    rig: Rig,
    bank: Arc<FlakyBank>,
    known: Vec<Known>,
    /// Refused sign-ins in a row of unforced jobs, by bank and login.
    tries: HashMap<(&'static str, &'static str), u32>,
    /// How many accounts a login has, once seen.
    accounts: HashMap<(&'static str, &'static str), u64>,
    seen: std::collections::HashSet<(String, u32)>,
    ghosts: bool,
}

impl World {
    pub(super) async fn new() -> Self {
        let settings = Limits {
            retry: true,
            deaths: 4,
            ..Limits::default()
        };
        let rig = Rig::with(settings).await;
        let bank = FlakyBank::new(rig.bank());
        let (tries, accounts) = (HashMap::new(), HashMap::new());
        Self {
            rig,
            bank,
            known: vec![],
            tries,
            accounts,
            seen: Default::default(),
            ghosts: false,
        }
    }

    fn pick(&self, n: usize) -> Option<ConnectionId> {
        let known = self.known.get(n % self.known.len().max(1))?;
        Some(known.row.id.clone())
    }

    fn open_job(&self, id: &ConnectionId) -> Option<Job> {
        let known = self.known.iter().find(|k| k.row.id == *id)?;
        known
            .jobs
            .values()
            .find(|j| j.kind.fetches() && j.state.open())
            .cloned()
    }

    /// Does it, and returns what it may have done to which connection beside what a worker does.
    pub(super) async fn does(&mut self, act: &Act) -> Option<(ConnectionId, Status)> {
        match *act {
            Act::Connect { guest, user } => {
                let (bank, method, login, password, ..) = GUESTS[guest];
                let user = if user { "user-ada" } else { "user-grace" };
                let credentials = Credentials {
                    login: login.into(),
                    password: password.into(),
                    ..Default::default()
                };
                let new = NewLink {
                    user: user.into(),
                    method,
                    credentials: Some(credentials),
                    ..link(bank, "", "")
                };
                if let Some(job) = allowed(self.rig.ops.connect(new).await) {
                    let row = self.rig.row(&job.connection).await;
                    let first = if method == Method::Web {
                        Status::Pending
                    } else {
                        Status::PreInit
                    };
                    assert_eq!(row.status, first);
                    self.known.push(Known {
                        guest,
                        row,
                        jobs: HashMap::from([(job.id.clone(), job)]),
                    });
                }
            }
            Act::Refresh { n, force } => {
                let id = self.pick(n)?;
                let open = self.open_job(&id);
                if let Some(done) = allowed(self.rig.ops.refresh(&id, force).await) {
                    assert_eq!(done.deduplicated, open.is_some());
                    assert!(
                        open.is_none_or(|job| job.id == done.job.id),
                        "an open job is given back"
                    );
                }
            }
            Act::Answer { n, right } => {
                let id = self.pick(n)?;
                let asking = self
                    .open_job(&id)
                    .filter(|job| job.state == State::WaitingMfa)?;
                let guest = self.known.iter().find(|k| k.row.id == id)?.guest;
                let wanted = asking.challenge.as_ref()?.input.len();
                let answers = GUESTS[guest]
                    .5
                    .iter()
                    .map(|a| if right { (*a).into() } else { "no".into() });
                let answers: Vec<_> = answers.collect();
                assert_eq!(answers.len(), wanted);
                allowed(self.rig.ops.answer(&asking.id, answers).await);
            }
            Act::Update { n, right } => {
                let id = self.pick(n)?;
                let guest = GUESTS[self.known.iter().find(|k| k.row.id == id)?.guest];
                let password = if right { guest.4 } else { "wrong" };
                allowed(
                    self.rig
                        .ops
                        .update_credentials(&id, password.into(), None, None)
                        .await,
                );
            }
            Act::Go { n, visit } => {
                let id = self.pick(n)?;
                let before = self.rig.row(&id).await;
                let visited = allowed(self.rig.ops.authorise(&id, visit).await)?;
                let anew = visit == BankAnswer::Authorise
                    && matches!(before.status, Status::Active | Status::Invalid);
                assert_eq!(
                    self.rig.row(&id).await.status,
                    if anew { Status::Init } else { before.status }
                );
                if anew && let Some(job) = &visited.job {
                    // its steps were done under the old authorisation, so it begins again
                    let known = self.known.iter_mut().find(|k| k.row.id == id)?;
                    known.jobs.insert(job.id.clone(), job.clone());
                }
                return anew.then_some((id, Status::Init));
            }
            Act::Purge { n } => {
                let id = self.pick(n)?;
                if allowed(self.rig.ops.purge(&id, "because").await).is_some() {
                    let row = self.rig.row(&id).await;
                    assert_eq!(
                        (row.status, row.accounts, row.transactions),
                        (Status::Active, 0, 0)
                    );
                    let counts = self.rig.ops.store.read(move |rd| -> Result<_, Error> {
                        Ok(rd.purge_counts(&row.user, &row.institution)?)
                    });
                    let counts = counts.await.unwrap();
                    assert_eq!(
                        (counts.accounts, counts.transactions, counts.profiles),
                        (0, 0, 0)
                    );
                }
            }
            Act::Revoke { n } => {
                let id = self.pick(n)?;
                if allowed(self.rig.ops.revoke(&id, "because").await).is_some() {
                    let asked = id.clone();
                    let left = self
                        .rig
                        .ops
                        .store
                        .read(move |rd| -> Result<_, Error> { Ok(rd.credentials(&asked)?) });
                    assert!(left.await.unwrap().is_none());
                    return Some((id, Status::Deleted));
                }
            }
            Act::Outage { on } => {
                let until = on.then(|| self.rig.clock.now().plus_ms(5 * 3_600_000));
                self.rig.ops.outage(&"AU00000".into(), until).await.unwrap();
            }
            Act::Mood { code } => self.bank.fails(code),
            Act::Crash { n } => {
                let job = self.open_job(&self.pick(n)?)?;
                let (clock, settings, ghost) = (
                    self.rig.clock.clone(),
                    self.rig.limits.clone(),
                    self.rig.clock.fresh_id(),
                );
                let claimed = self.rig.ops.store.write(move |tx| {
                    Recorder {
                        clock: &clock,
                        limits: &settings,
                        owner: &ghost,
                    }
                    .claim(tx, &job.id)
                });
                drop(claimed.await.unwrap());
                self.ghosts = true;
            }
            Act::Reopen => {
                let path = self.rig.ops.store.path().to_path_buf();
                let store = Store::open(&path, Mode::Write, &self.rig.clock).unwrap();
                let ops = &self.rig.ops;
                let fresh = Ops::new(
                    store,
                    self.rig.clock.clone(),
                    (*ops.caller).clone(),
                    (*ops.limits).clone(),
                );
                self.rig.ops = fresh;
            }
            Act::Jump { ms } => self.rig.clock.set(self.rig.clock.now().plus_ms(ms)),
            Act::Pass { ms } => self.rig.clock.advance(Duration::from_millis(ms)),
            Act::Work => self.works().await,
        }
        None
    }

    async fn works(&mut self) {
        if std::mem::take(&mut self.ghosts) {
            self.rig.clock.advance(2 * LEASE);
        }
        self.rig.ops.maintain().await.unwrap();
        self.rig.work_at(self.bank.clone()).await;
        self.rig.ops.maintain().await.unwrap();
    }

    /// Reads everything again and compares it with the model.
    pub(super) async fn compare(&mut self, act: &Act, did: Option<(ConnectionId, Status)>) {
        let now = self.rig.clock.now();
        self.count_tries().await;
        for known in &mut self.known {
            let id = known.row.id.clone();
            let read = self.rig.ops.store.read(move |rd| -> Result<_, Error> {
                Ok((
                    rd.connection(&id)?.expect("nothing is lost"),
                    rd.jobs_of(&id, 1_000)?,
                ))
            });
            let (row, jobs) = read.await.unwrap();
            let (old, shown) = (
                &known.row,
                format!("after {act:?}: {} {}", row.method.word(), row.id),
            );
            match &did {
                Some((id, status)) if *id == row.id => assert_eq!(row.status, *status, "{shown}"),
                _ if matches!(act, Act::Work) => {
                    let (from, to) = (old.status, row.status);
                    assert!(
                        may_become(row.method, from, to),
                        "{shown}: {from} became {to}"
                    );
                }
                _ => assert_eq!(
                    row.status, old.status,
                    "{shown}: asking alone moves nothing"
                ),
            }
            assert!(row.ever_active || !old.ever_active, "{shown}");
            assert!(row.ever_active || row.status != Status::Active, "{shown}");
            assert_eq!(row.label, label_of(row.status, row.ever_active), "{shown}");
            assert!(
                row.version >= old.version && row.created == old.created,
                "{shown}"
            );
            for at in [row.since, row.created, row.last_used] {
                assert!(!time_format::ago(at, now).contains('-'), "{shown}");
            }
            let (bank, _, login, ..) = GUESTS[known.guest];
            if row.accounts > 0 {
                let first = *self.accounts.entry((bank, login)).or_insert(row.accounts);
                assert_eq!(row.accounts, first, "{shown}: accounts do not double");
            }
            let open = jobs
                .iter()
                .filter(|j| j.kind.fetches() && j.state.open())
                .count();
            assert!(open <= 1, "{shown}: {open} open fetches");
            if row.status == Status::Deleted {
                assert_eq!(open, 0, "{shown}");
            }
            if matches!(row.status, Status::Pending | Status::PreInit | Status::Init) {
                assert_eq!(open, 1, "{shown}: {} waits for a job", row.status);
            }
            for id in known.jobs.keys() {
                assert!(
                    jobs.iter().any(|j| j.id == *id),
                    "{shown}: job {id} is lost"
                );
            }
            if let Some(last) = &row.last_job {
                let newest = jobs
                    .iter()
                    .find(|j| j.id == last.id)
                    .expect("the newest is one of them");
                assert_eq!(
                    (last.label, last.state),
                    (word_of(newest), newest.state),
                    "{shown}"
                );
            }
            for job in &jobs {
                compare_job(known.jobs.get(&job.id), job, &shown);
            }
            known.jobs = jobs.into_iter().map(|j| (j.id.clone(), j)).collect();
            known.row = row;
        }
    }

    async fn count_tries(&mut self) {
        for asked in self.bank.take() {
            let Some(known) = self.known.iter().find(|k| k.row.id == asked.connection) else {
                continue;
            };
            if asked.step != Title::VerifyCredentials || known.row.method != Method::Web {
                continue;
            }
            // a repeat after a crash is the same try
            if !self.seen.insert(asked.key.clone()) {
                continue;
            }
            let (bank, _, login, ..) = GUESTS[known.guest];
            let job = asked.job.clone();
            let forced = self
                .rig
                .ops
                .store
                .read(move |rd| -> Result<_, Error> { Ok(rd.forced(&job)?) });
            let tries = self.tries.entry((bank, login)).or_default();
            match asked.code.as_deref() {
                None => *tries = 0,
                Some("invalid-credentials") if !forced.await.unwrap() => *tries += 1,
                Some(_) => {}
            }
            assert!(*tries <= LIMIT, "{login} was tried {tries} times");
        }
        assert!(self.bank.at_once() <= GUESTS.len());
    }

    /// The bank works, time passes, nobody answers: everything ends but what waits for its user.
    pub(super) async fn settle(&mut self) {
        self.bank.fails(None);
        self.does(&Act::Outage { on: false }).await;
        for _ in 0..3 {
            self.does(&Act::Pass { ms: 15_000_000 }).await;
            self.works().await;
            self.compare(&Act::Work, None).await;
        }
        for known in &self.known {
            for job in known.jobs.values().filter(|j| j.state.open()) {
                let waits = job.state == State::Paused && known.row.status == Status::PreInit;
                // jianYang's bank never comes back
                let tried = job.state == State::WaitingRetry && GUESTS[known.guest].2 == "jianYang";
                assert!(waits || tried, "job {} is stuck: {job:#?}", job.id);
            }
        }
        self.rig.healthy().await;
    }
}
