//! The relay as an operator starts it: what it prints, what it answers, how it stops.

use satchel_wire::{Cursors, Outcome, Refusal, RelayFrame, Roster, Scope, cursor::mark};

use crate::{
    common::{Agency, Replica, Signer, envelopes, hello},
    process::{Client, Process},
};

#[test]
fn every_response_says_what_a_page_may_do() {
    let dir = tempfile::tempdir().unwrap();
    let mut process = Process::start(&dir.path().join("satchel.db"), true);
    for (method, path, statuses) in [
        ("GET", "/health", &["200"][..]),
        ("GET", "/metrics", &["200"]),
        // 503 when the app was not built before the relay.
        ("GET", "/", &["200", "503"]),
        ("GET", "/nothing/here", &["404"]),
        ("GET", "/../Cargo.toml", &["404"]),
        ("GET", "/sync", &["400", "426"]),
        ("POST", "/health", &["405"]),
        ("POST", "/", &["405"]),
    ] {
        let response = process.request(method, path);
        let status = response.split(' ').nth(1).unwrap();
        assert!(statuses.contains(&status), "{method} {path}: {response}");
        let head = response
            .split("\r\n\r\n")
            .next()
            .unwrap()
            .to_ascii_lowercase();
        let policy = head
            .lines()
            .find_map(|line| line.strip_prefix("content-security-policy: "));
        let policy = policy.unwrap_or_else(|| panic!("{method} {path}: {head}"));
        for rule in [
            "default-src 'none'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(
                policy.split("; ").any(|found| found == rule),
                "{method} {path}: {policy}"
            );
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert!(head.contains("x-content-type-options: nosniff"));
        assert!(head.contains("referrer-policy: no-referrer"));
    }
    assert!(
        process
            .request("GET", "/health")
            .contains("\"status\":\"ok\"")
    );
    assert!(
        process
            .request("GET", "/metrics")
            .contains("\nsatchel_connections 0\n")
    );
    assert!(process.terminate().success());
}

#[tokio::test]
async fn two_devices_meet_and_are_told_when_the_relay_stops() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("satchel.db");
    let mut process = Process::start(&db, true);
    let link = process.link.clone().unwrap();
    let agency = Agency::new("a", link.relay);

    let mut founder = Client::connect(process.address).await.unwrap();
    for (setup, stored) in [(None, false), (Some(link.token), true)] {
        let answer = founder.ask(&agency.enroll(setup)).await.unwrap();
        let RelayFrame::Enrolled { outcomes } = answer else {
            panic!("{answer:?}")
        };
        assert_eq!(
            outcomes
                .iter()
                .all(|outcome| matches!(outcome, Outcome::Stored(_))),
            stored
        );
    }
    let second = Agency::new("b", link.relay);
    let answer = founder.ask(&second.enroll(Some(link.token))).await.unwrap();
    let refused = vec![Outcome::Refused(Refusal::Unauthorised); 2];
    assert_eq!(answer, RelayFrame::Enrolled { outcomes: refused });

    let mut admin = Client::sign_in(process.address, agency.id, &agency.admin)
        .await
        .unwrap();
    let outcomes = admin
        .push(1, envelopes(&[agency.certify_worker()]))
        .await
        .unwrap();
    assert!(matches!(outcomes[..], [Outcome::Stored(_)]));
    let mut worker = Client::sign_in(process.address, agency.id, &agency.worker)
        .await
        .unwrap();
    let members = [agency.admin.id(), agency.worker.id()];
    let (stream, _, begin) = agency.begin(&agency.admin, "case", &members);
    admin.push(2, envelopes(&[begin])).await.unwrap();
    // Its own certificate may still be news to it when it signs in.
    let log = Roster::log(agency.id);
    let told = loop {
        match worker.any().await.unwrap() {
            RelayFrame::Hint { streams } if streams == [log] => {}
            frame => break frame,
        }
    };
    assert_eq!(
        told,
        RelayFrame::Hint {
            streams: vec![stream]
        }
    );
    assert_eq!(
        admin.hints,
        vec![],
        "who brings something is not told of it"
    );

    let stranger = Signer::new("stranger");
    let mut unknown = Client::connect(process.address).await.unwrap();
    let proof = hello(&unknown.challenge, agency.id, &stranger);
    let answer = unknown.ask(&proof).await.unwrap();
    assert_eq!(
        answer,
        RelayFrame::Refused {
            refusal: Refusal::Unauthorised
        }
    );

    let mut replica = Replica::default();
    replica.take(&worker.pull(Scope::All(Cursors::default())).await.unwrap());
    assert_eq!((replica.checkpoints, replica.cursor(stream).seq), (1, 1));

    let told = tokio::spawn(async move { worker.is_told_to_leave().await });
    let mut admins = admin;
    let stopped = tokio::task::spawn_blocking(move || process.terminate());
    assert!(admins.is_told_to_leave().await && told.await.unwrap());
    assert!(stopped.await.unwrap().success());

    // The same relay again: no second set-up link is printed, and it knows whom it knew.
    let process = Process::start(&db, false);
    let mut back = Client::sign_in(process.address, agency.id, &agency.worker)
        .await
        .unwrap();
    let answer = back
        .pull(Scope::Check(mark(&replica.cursors.fingerprint())))
        .await
        .unwrap();
    assert!(
        matches!(answer[..], [RelayFrame::Checkpoint { .. }]),
        "{answer:?}"
    );
}
