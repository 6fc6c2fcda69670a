//! `satchel-peer`: tablets for a benchmark of sync stacks, told what to do in lines of JSON on standard
//! input and answering in kind. `{"id":1,"op":"open",…}` is answered by `{"id":1,"ok":true,…}` or
//! `{"id":1,"ok":false,"error":"…"}`. Each tablet does one thing after the other; times are
//! CLOCK_MONOTONIC in milliseconds.

#![allow(
    clippy::indexing_slicing,
    reason = "an absent key of a JSON value is null, and a new one is made"
)]

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, Write as _},
    path::Path,
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow, bail};
use satchel_tests::peer::{
    Peer, Until,
    document::{self, Operation},
    monotonic_ms,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, oneshot},
    task,
    time::sleep,
};

/// Seeds of tablets differ from process to process and from tablet to tablet.
fn seed(client: &str) -> u64 {
    let mut seed = u64::from(std::process::id()) << 32;
    for byte in client.bytes() {
        seed = seed.wrapping_mul(31).wrapping_add(u64::from(byte));
    }
    seed
}

#[derive(Deserialize)]
struct Order {
    id: u64,
    op: String,
    #[serde(default)]
    client: String,
    #[serde(default)]
    port: u16,
    #[serde(default)]
    dir: String,
    #[serde(default)]
    share: Option<Vec<String>>,
    #[serde(default)]
    file: String,
    #[serde(default)]
    edits: Vec<(u64, Vec<Operation>)>,
    #[serde(default)]
    rate: f64,
    #[serde(default)]
    clients: Vec<Expecting>,
    #[serde(default)]
    expect: Vec<(u64, u64)>,
    #[serde(default)]
    cases: Value,
    #[serde(default)]
    case: u64,
    #[serde(default)]
    timeout: u64,
}

#[derive(Deserialize, Clone)]
struct Expecting {
    client: String,
    #[serde(default)]
    expect: Vec<(u64, u64)>,
}

#[derive(Deserialize)]
struct History {
    case: u64,
    commits: Vec<Vec<Operation>>,
}

/// What one tablet is told to do.
enum Deed {
    Put(String),
    Connect,
    Disconnect,
    Edits(Vec<(u64, Vec<Operation>)>),
    Timed(Vec<(u64, Vec<Operation>)>, f64),
    Wait(Until, Vec<(u64, u64)>, Duration),
    Watch,
    Unwatch,
    Read(Vec<u64>),
    Close,
}

struct Told {
    deed: Deed,
    answer: oneshot::Sender<Result<Value>>,
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let done = runtime
        .context("no runtime")
        .and_then(|runtime| task::LocalSet::new().block_on(&runtime, serve()));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("satchel-peer: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<()> {
    let (lines, mut orders) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
    say(&json!({"ready": true}));
    let mut tablets: BTreeMap<String, mpsc::UnboundedSender<Told>> = BTreeMap::new();
    while let Some(line) = orders.recv().await {
        let order: Order =
            serde_json::from_str(&line).with_context(|| format!("not an order: {line}"))?;
        let id = order.id;
        if order.op == "exit" {
            say(&json!({"id": id, "ok": true}));
            return Ok(());
        }
        if order.op == "open" {
            let opened = open(&order).await;
            let answer = opened.map(|peer| {
                let (tell, told) = mpsc::unbounded_channel();
                tablets.insert(order.client.clone(), tell);
                task::spawn_local(live(peer, told));
                json!({})
            });
            reply(id, answer);
            continue;
        }
        match told(&order, &tablets) {
            Ok(answer) => {
                task::spawn_local(async move { reply(id, answer.await) });
            }
            Err(error) => reply(id, Err(error)),
        }
    }
    Ok(())
}

fn say(line: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

fn reply(id: u64, answer: Result<Value>) {
    let mut line = answer.map_or_else(
        |error| json!({"ok": false, "error": format!("{error:#}")}),
        |mut value| {
            value["ok"] = true.into();
            value
        },
    );
    line["id"] = id.into();
    say(&line);
}

async fn open(order: &Order) -> Result<Peer> {
    let relay = format!("http://127.0.0.1:{}", order.port);
    let link = match &order.share {
        // Each invite is for one tablet; a third one is not expected.
        Some(invites) => {
            let last = order.client == "C";
            let invite = if last {
                invites.last()
            } else {
                invites.first()
            };
            invite.context("no invite in the share")?.clone()
        }
        None => setup_link(Path::new(&order.dir), &relay)?,
    };
    Peer::open(seed(&order.client), &relay, &link).await
}

/// The operator's command, at the server's folder beside the tablet's.
fn setup_link(dir: &Path, relay: &str) -> Result<String> {
    let satchel = std::env::current_exe()?.with_file_name("satchel");
    let db = dir.parent().context("no folder")?.join("server/relay.db");
    let made = Command::new(satchel)
        .args(["setup-link", "--public-url", relay, "--db"])
        .arg(db)
        .output()?;
    let said = String::from_utf8(made.stdout)?;
    let link = said
        .split_whitespace()
        .find_map(|word| word.split_once('#'));
    let (_, link) = link.with_context(|| String::from_utf8_lossy(&made.stderr).into_owned())?;
    Ok(link.to_owned())
}

type Answering = std::pin::Pin<Box<dyn Future<Output = Result<Value>>>>;

/// Tells whom it concerns, in the order in which orders came.
fn told(
    order: &Order,
    tablets: &BTreeMap<String, mpsc::UnboundedSender<Told>>,
) -> Result<Answering> {
    let tell = |client: &str, deed: Deed| -> Result<oneshot::Receiver<Result<Value>>> {
        let tablet = tablets
            .get(client)
            .with_context(|| format!("no client {client}"))?;
        let (answer, answered) = oneshot::channel();
        tablet
            .send(Told { deed, answer })
            .map_err(|_| anyhow!("client {client} is closed"))?;
        Ok(answered)
    };
    let patience = Duration::from_millis(order.timeout.max(1000));
    if order.op == "sync" {
        let (t0, until) = (monotonic_ms(), until(&order.dir)?);
        let mut waiting = Vec::new();
        for one in &order.clients {
            tell(&one.client, Deed::Connect)?;
            waiting.push(tell(
                &one.client,
                Deed::Wait(until, one.expect.clone(), patience),
            )?);
        }
        return Ok(Box::pin(async move {
            let mut each = Vec::new();
            for answered in waiting {
                let t = answered.await??["t"].as_f64().context("a time")?;
                each.push(t);
            }
            let t1 = each.iter().copied().fold(t0, f64::max);
            let each: Vec<f64> = each.iter().map(|t| t - t0).collect();
            Ok(json!({"t0": t0, "t1": t1, "each": each}))
        }));
    }
    let edits = || order.edits.clone();
    let deed = match order.op.as_str() {
        "put" => Deed::Put(order.file.clone()),
        "connect" => Deed::Connect,
        "disconnect" => Deed::Disconnect,
        "edits" => Deed::Edits(edits()),
        "timed" => Deed::Timed(edits(), order.rate),
        "wait" => Deed::Wait(until(&order.dir)?, order.expect.clone(), patience),
        "watch" => Deed::Watch,
        "unwatch" => Deed::Unwatch,
        "digest" => Deed::Read(serde_json::from_value(order.cases.clone())?),
        "read" => Deed::Read(vec![order.case]),
        "close" => Deed::Close,
        other => bail!("no such op: {other}"),
    };
    let answered = tell(&order.client, deed)?;
    let one = order.op == "read";
    Ok(Box::pin(async move {
        let answer = answered.await??;
        Ok(if one {
            json!({"value": answer["values"][0]})
        } else {
            answer
        })
    }))
}

fn until(dir: &str) -> Result<Until> {
    match dir {
        "up" => Ok(Until::Up),
        "down" => Ok(Until::Down),
        "idle" => Ok(Until::Idle),
        "both" => Ok(Until::Both),
        other => bail!("no such direction: {other}"),
    }
}

/// A tablet's life: it does what it is told, one thing after the other, and listens in between.
async fn live(mut peer: Peer, mut told: mpsc::UnboundedReceiver<Told>) {
    loop {
        let next = tokio::select! {
            biased;
            next = told.recv() => next,
            heard = peer.listen() => {
                if let Err(error) = peer.take(heard).await {
                    eprintln!("satchel-peer: {error:#}");
                }
                continue;
            }
        };
        let Some(Told { deed, answer }) = next else {
            return;
        };
        let closing = matches!(deed, Deed::Close);
        let done = act(&mut peer, deed).await;
        let _ = answer.send(done);
        if closing {
            return;
        }
    }
}

async fn act(peer: &mut Peer, deed: Deed) -> Result<Value> {
    match deed {
        Deed::Put(file) => {
            let text = fs::read_to_string(&file).with_context(|| file.clone())?;
            let cases: Vec<History> = text
                .lines()
                .map(serde_json::from_str)
                .collect::<Result<_, _>>()?;
            let t0 = monotonic_ms();
            for History { case, commits } in &cases {
                peer.put(*case, commits).await?;
            }
            // The second is for the one scenario that lets two tablets in.
            let mut invites = vec![peer.invite("B").await?];
            if cases.len() <= 20 && cases[0].commits.len() > 18 {
                invites.push(peer.invite("C").await?);
            }
            Ok(json!({"share": invites, "ms": monotonic_ms() - t0}))
        }
        Deed::Connect => {
            peer.connect().await;
            Ok(json!({}))
        }
        Deed::Disconnect | Deed::Close => {
            peer.disconnect().await;
            Ok(json!({}))
        }
        Deed::Edits(edits) => {
            let t0 = monotonic_ms();
            for (case, commit) in &edits {
                peer.edit(*case, commit).await?;
            }
            Ok(json!({"ms": monotonic_ms() - t0}))
        }
        Deed::Timed(edits, rate) => {
            let begun = Instant::now();
            let mut at = Vec::new();
            for (i, (case, commit)) in edits.iter().enumerate() {
                let due = begun + Duration::from_secs_f64(i as f64 / rate);
                while let Some(left) = due.checked_duration_since(Instant::now()) {
                    tokio::select! {
                        biased;
                        () = sleep(left) => break,
                        heard = peer.listen() => peer.take(heard).await?,
                    }
                }
                at.push(json!([case, document::revision(commit), monotonic_ms()]));
                peer.edit(*case, commit).await?;
            }
            Ok(json!({"at": at}))
        }
        Deed::Wait(until, expected, patience) => {
            let begun = Instant::now();
            while !peer.has(until, &expected).await? {
                if begun.elapsed() > patience {
                    bail!("not there in {} ms", patience.as_millis());
                }
                let heard = peer.listen().await;
                peer.take(heard).await?;
            }
            Ok(json!({"t": monotonic_ms()}))
        }
        Deed::Watch => {
            peer.watch();
            Ok(json!({}))
        }
        Deed::Unwatch => Ok(json!({"seen": peer.unwatch()})),
        Deed::Read(cases) => {
            let mut values = Vec::new();
            for case in cases {
                values.push(peer.read(case).await?.unwrap_or(Value::Null));
            }
            Ok(json!({"values": values}))
        }
    }
}
