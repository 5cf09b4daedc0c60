//! What a running job, a day's limit or an expired question refuses.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_banking_allows_twenty_refreshes_a_day() {
    let (rig, id) = living(Method::OpenBanking, Label::Active).await;
    let (midnight, noon) = ("2026-03-11T00:00:00Z", "2026-03-12T00:00:01Z");
    let at = |text: &str| crate::domain::moment::Moment::parse(text).unwrap();
    rig.clock.set(at(midnight));
    for n in 1..=20 {
        rig.clock.advance(Duration::from_secs(1000));
        assert_eq!(
            answer(rig.ops.refresh(&id, false).await, "a job"),
            Ok("a job"),
            "refresh {n}"
        );
        rig.work().await;
    }
    rig.clock.advance(Duration::from_secs(1000));
    let more = answer(rig.ops.refresh(&id, true).await, "a job");
    assert!(
        matches!(&more, Err((code, _)) if code == "too-many-requests"),
        "{more:?}"
    );
    rig.clock.set(at(noon));
    assert_eq!(
        answer(rig.ops.refresh(&id, false).await, "a job"),
        Ok("a job"),
        "the day is UTC's"
    );
}

/// A bank that never answers.
struct Silent;

impl Bank for Silent {
    fn ask(&self, _ask: Ask) -> BoxFuture<'_, Outcome> {
        Box::pin(std::future::pending())
    }
}

async fn job_in(rig: &Rig, id: &ConnectionId, state: State) -> Job {
    let job = rig.ops.refresh(id, true).await.unwrap().job;
    let mut wakes = rig.ops.store.wakes();
    loop {
        wakes.mark_unchanged();
        let job = rig.ops.job(&job.id).await.unwrap();
        if job.state == state {
            return job;
        }
        wakes.changed().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn purge_is_refused_while_a_step_runs_only() {
    let (rig, id) = living(Method::Web, Label::Active).await;
    // a queued job does not delay it
    let queued = rig.ops.refresh(&id, false).await.unwrap().job;
    assert_eq!(queued.state, State::Queued);
    assert_eq!(answer(rig.ops.purge(&id, "").await, "purged"), Ok("purged"));

    let worker = Worker::start(
        rig.ops.store.clone(),
        Arc::new(Silent),
        rig.clock.clone(),
        rig.limits.clone(),
        "silent",
    );
    let running = tokio::time::timeout(Duration::from_secs(30), job_in(&rig, &id, State::Running))
        .await
        .unwrap();
    assert_eq!(running.id, queued.id, "a refresh joins the open job");
    let in_the_way = no(
        "parameter-not-valid",
        "A job is in progress for this connection.",
    );
    assert_eq!(answer(rig.ops.purge(&id, "").await, ""), in_the_way);
    // the same user's other connection at this bank is refused too, since its data would be deleted with it
    let sibling = rig
        .ops
        .connect(link("AU00000", "Gilfoyle", "PiedPiper"))
        .await
        .unwrap()
        .connection;
    moved_to(&rig, &sibling, Status::Active).await;
    assert_eq!(answer(rig.ops.purge(&sibling, "").await, ""), in_the_way);

    let ended = rig.ops.revoke(&id, "").await;
    assert_eq!(
        answer(ended, "revoked"),
        Ok("revoked"),
        "a revoke does not wait for a job"
    );
    let failed = rig.ops.job(&running.id).await.unwrap();
    let (step, failure) = failed.failed_step().unwrap();
    assert_eq!(
        (step.title.word(), failure.code.as_str()),
        ("verify-credentials", "invalid-connection")
    );
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answer_refusals() {
    let rig = Rig::new().await;
    let not_asked = || {
        no(
            "parameter-not-valid",
            "Job is not waiting for an MFA response.",
        )
    };
    assert_eq!(
        answer(
            rig.ops
                .answer(&"no-such-job".into(), vec!["1".into()])
                .await,
            ""
        ),
        no("not found", "job")
    );
    let plain = rig.connect("AU00000", "richard", "tabsnotspaces").await;
    assert_eq!(
        answer(rig.ops.answer(&plain.id, vec!["1234".into()]).await, ""),
        not_asked()
    );
    for (login, password, wrong_numbers, right) in [
        (
            "jared",
            "django",
            [&[][..], &["1234", "5678"]],
            &["1234"][..],
        ),
        (
            "Gilfoyle",
            "PiedPiper",
            [&[], &["Hooli", "Hooli"]],
            &["Hooli"],
        ),
        (
            "Whistler",
            "ShowBox",
            [&["Basiq"], &[]],
            &["Basiq", "AU00000"],
        ),
        (
            "Wentworth-Smith",
            "whislter",
            [&["Basiq"], &["a", "b", "c"]],
            &["Basiq", "AU00002"],
        ),
    ] {
        let job = rig.connect("AU00002", login, password).await;
        assert_eq!(job.state, State::WaitingMfa, "{login}");
        let said = |words: &[&str]| words.iter().map(|w| (*w).into()).collect();
        for wrong in wrong_numbers {
            let refused = answer(rig.ops.answer(&job.id, said(wrong)).await, "");
            assert_eq!(
                refused,
                no("invalid-content", "Invalid request content"),
                "{login} {wrong:?}"
            );
        }
        rig.ops.answer(&job.id, said(right)).await.unwrap();
        assert_eq!(
            answer(rig.ops.answer(&job.id, said(right)).await, ""),
            not_asked(),
            "once"
        );
        rig.work().await;
        assert_eq!(
            rig.ops.job(&job.id).await.unwrap().state,
            State::Succeeded,
            "{login}"
        );
    }
    rig.healthy().await;
}
