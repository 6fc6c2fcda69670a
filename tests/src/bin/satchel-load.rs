//! `satchel-load`: many real tablets on sockets against a relay of its own: what an idle one costs the
//! relay, and how long all take to be level again after it was killed, each with a change of its own to
//! deliver. Prints figures, and fails when a tablet is refused or does not come to an end. The relay is a
//! child and does not stay behind.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use satchel_tests::peer::{Peer, Until, document::Operation};
use tokio::{
    sync::{mpsc, oneshot},
    task,
    time::sleep,
};

const USAGE: &str = "usage: satchel-load --relay BINARY [--agencies N] [--tablets N]";
/// How long all tablets together may take for one thing.
const PATIENCE: Duration = Duration::from_secs(600);

struct Asked {
    relay: PathBuf,
    agencies: usize,
    tablets: usize,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(asked) = asked(&args) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let done = runtime
        .context("no runtime")
        .and_then(|runtime| task::LocalSet::new().block_on(&runtime, run(&asked)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("satchel-load: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn asked(args: &[String]) -> Option<Asked> {
    let mut asked = Asked {
        relay: PathBuf::new(),
        agencies: 20,
        tablets: 10,
    };
    for pair in args.chunks(2) {
        let [flag, value] = pair else { return None };
        match flag.as_str() {
            "--relay" => asked.relay = value.into(),
            "--agencies" => asked.agencies = value.parse().ok()?,
            "--tablets" => asked.tablets = value.parse().ok()?,
            _ => return None,
        }
    }
    (asked.relay != PathBuf::new() && asked.tablets > 0).then_some(asked)
}

/// The relay's process, on a database of its own.
struct Relay {
    child: Child,
    folder: PathBuf,
    url: String,
    address: String,
    binary: PathBuf,
}

impl Relay {
    fn start(binary: &Path) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("satchel-load-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let address = free.to_string();
        let child = serve(binary, &folder, &address)?;
        Ok(Self {
            child,
            url: format!("http://{address}"),
            folder,
            address,
            binary: binary.to_owned(),
        })
    }

    fn kill_and_start(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        self.child = serve(&self.binary, &self.folder, &self.address)?;
        Ok(())
    }

    /// The operator's command for one more agency.
    fn setup_link(&self) -> Result<String> {
        let made = Command::new(&self.binary)
            .args(["setup-link", "--public-url", &self.url, "--db"])
            .arg(self.folder.join("relay.db"))
            .output()?;
        let said = String::from_utf8(made.stdout)?;
        let mut links = said
            .split_whitespace()
            .filter_map(|word| word.split_once('#'));
        let (_, link) = links.next().context("no set-up link")?;
        Ok(link.to_owned())
    }

    /// Memory in use, in kB, and CPU time spent, in milliseconds.
    fn costs(&self) -> Result<(u64, u64)> {
        let of = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", self.child.id()));
        let status = of("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let memory = line.and_then(|line| line.split_whitespace().next());
        let stat = of("stat")?;
        let fields: Vec<&str> = stat.split_whitespace().collect();
        let tick = |place: usize| {
            fields
                .get(place)
                .and_then(|field| field.parse::<u64>().ok())
        };
        // In hundredths of a second: user and system time.
        let ticks = tick(13).unwrap_or(0) + tick(14).unwrap_or(0);
        Ok((memory.context("no memory")?.parse()?, ticks * 10))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn serve(binary: &Path, folder: &Path, address: &str) -> Result<Child> {
    let max = [
        "--connections-max",
        "20000",
        "--connections-per-address-max",
        "20000",
    ];
    let mut command = Command::new(binary);
    command
        .args(["serve", "--listen", address])
        .args(max)
        .arg("--db");
    let command = command
        .arg(folder.join("relay.db"))
        .env("SATCHEL_LOG", "warn");
    command.stdout(Stdio::null()).spawn().context("no relay")
}

enum Order {
    Connect,
    Disconnect,
    Edit(Vec<Operation>),
    /// Answer once the relay has all of it and has told all.
    Level(oneshot::Sender<Result<()>>),
}

type Tablet = mpsc::UnboundedSender<Order>;

/// A tablet's life.
async fn live(mut peer: Peer, mut orders: mpsc::UnboundedReceiver<Order>) {
    let mut asked: Option<oneshot::Sender<Result<()>>> = None;
    loop {
        if let Some(answer) = asked.take() {
            match peer.has(Until::Up, &[]).await {
                Ok(false) => asked = Some(answer),
                done => drop(answer.send(done.map(|_| ()))),
            }
        }
        tokio::select! {
            biased;
            order = orders.recv() => match order {
                None => return,
                Some(Order::Connect) => peer.connect().await,
                Some(Order::Disconnect) => peer.disconnect().await,
                Some(Order::Level(answer)) => asked = Some(answer),
                Some(Order::Edit(commit)) => {
                    if let Err(error) = peer.edit(0, &commit).await {
                        eprintln!("satchel-load: {error:#}");
                    }
                }
            },
            heard = peer.listen() => {
                if let Err(error) = peer.take(heard).await {
                    eprintln!("satchel-load: {error:#}");
                }
            }
        }
    }
}

async fn level(peer: &mut Peer, until: Until, expected: &[(u64, u64)]) -> Result<()> {
    let begun = Instant::now();
    while !peer.has(until, expected).await? {
        if begun.elapsed() > PATIENCE {
            bail!("a tablet does not come to an end");
        }
        let heard = peer.listen().await;
        peer.take(heard).await?;
    }
    Ok(())
}

fn commit(revision: u64) -> Result<Vec<Operation>> {
    let operation = serde_json::json!([
        {"op": "set", "path": ["said"], "value": format!("what was said, {revision}")},
        {"op": "set", "path": ["revision"], "value": revision},
    ]);
    Ok(serde_json::from_value(operation)?)
}

/// An agency with one case that all its tablets read.
async fn found(relay: &Relay, number: usize, tablets: usize) -> Result<Vec<Peer>> {
    let seed = |place: usize| ((number as u64) << 20) + place as u64 + 1;
    let link = relay.setup_link()?;
    let mut founder = Peer::open(seed(0), &relay.url, &link).await?;
    founder.put(0, &[commit(1)?]).await?;
    let mut invites = Vec::new();
    for _ in 1..tablets {
        invites.push(founder.invite("W").await?);
    }
    founder.connect().await;
    level(&mut founder, Until::Up, &[]).await?;
    let mut all = vec![founder];
    for (place, invite) in invites.iter().enumerate() {
        let mut peer = Peer::open(seed(place + 1), &relay.url, invite).await?;
        peer.connect().await;
        level(&mut peer, Until::Both, &[(0, 1)]).await?;
        all.push(peer);
    }
    Ok(all)
}

fn tell_all(tablets: &[Tablet], order: impl Fn() -> Result<Order>) -> Result<()> {
    for tablet in tablets {
        tablet.send(order()?).context("a tablet is gone")?;
    }
    Ok(())
}

/// How long it takes until all are level, and half of them.
async fn all_level(tablets: &[Tablet]) -> Result<(Duration, Duration)> {
    let begun = Instant::now();
    let mut waiting = Vec::new();
    for tablet in tablets {
        let (answer, answered) = oneshot::channel();
        tablet
            .send(Order::Level(answer))
            .context("a tablet is gone")?;
        waiting.push(task::spawn_local(async move {
            answered.await.context("a tablet is gone")??;
            Ok::<_, anyhow::Error>(begun.elapsed())
        }));
    }
    let mut each = Vec::new();
    for one in waiting {
        let left = PATIENCE.saturating_sub(begun.elapsed());
        let done = tokio::time::timeout(left, one).await;
        each.push(done.context("not level in time")???);
    }
    each.sort_unstable();
    let half = each.get(each.len() / 2).copied().unwrap_or_default();
    Ok((each.last().copied().unwrap_or_default(), half))
}

async fn run(asked: &Asked) -> Result<()> {
    let mut relay = Relay::start(&asked.relay)?;
    let begun = Instant::now();
    while std::net::TcpStream::connect(&relay.address).is_err() {
        if begun.elapsed() > Duration::from_secs(20) {
            bail!("the relay does not start");
        }
        sleep(Duration::from_millis(20)).await;
    }
    let (bare_kb, _) = relay.costs()?;
    let mut tablets: Vec<Tablet> = Vec::new();
    for number in 0..asked.agencies {
        for peer in found(&relay, number, asked.tablets).await? {
            let (tell, orders) = mpsc::unbounded_channel();
            task::spawn_local(live(peer, orders));
            tablets.push(tell);
        }
    }
    let count = tablets.len();
    println!(
        "{count} tablets of {} agencies in {:.1?}",
        asked.agencies,
        begun.elapsed()
    );

    tell_all(&tablets, || Ok(Order::Disconnect))?;
    relay.kill_and_start()?;
    sleep(Duration::from_secs(1)).await;
    tell_all(&tablets, || Ok(Order::Connect))?;
    let (idle, half) = all_level(&tablets).await?;
    let (idle_kb, cpu_ms) = relay.costs()?;
    println!(
        "back with nothing new: all in {idle:.1?}, half in {half:.1?}; relay's CPU {cpu_ms} ms"
    );
    let each = idle_kb.saturating_sub(bare_kb) as f64 / count.max(1) as f64;
    println!("idle: relay {idle_kb} kB, {bare_kb} kB without them, {each:.1} kB a socket");

    tell_all(&tablets, || Ok(Order::Disconnect))?;
    tell_all(&tablets, || Ok(Order::Edit(commit(2)?)))?;
    relay.kill_and_start()?;
    sleep(Duration::from_secs(1)).await;
    let (_, before_ms) = relay.costs()?;
    tell_all(&tablets, || Ok(Order::Connect))?;
    let (all, half) = all_level(&tablets).await?;
    let (storm_kb, cpu_ms) = relay.costs()?;
    let cpu_ms = cpu_ms.saturating_sub(before_ms);
    println!(
        "storm, a change each: all in {all:.1?}, half in {half:.1?}; relay's CPU {cpu_ms} ms, {storm_kb} kB"
    );
    Ok(())
}
