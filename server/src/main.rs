//! The relay's command line. Set-up links are shown here and nowhere else: of a token only its hash
//! is kept.

mod stick;

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result, ensure};
use clap::{Args, Parser, Subcommand};
use satchel_server::{
    Host, Identity, Settings, Signer, SqliteStore, Store as _,
    host::{now, random_identity},
    relay::settle_identity,
    store::SetupHash,
};
use satchel_wire::{Restored, SetupToken, link::SetupLink};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Satchel's relay: keeps sealed case records in order and cannot read them.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the relay, and the app with it.
    Serve(Serve),
    /// Print one more link with which an agency can be founded here, once.
    SetupLink {
        #[command(flatten)]
        db: Db,
        /// Where browsers reach this relay.
        #[arg(long)]
        public_url: String,
    },
    /// Print what the database holds.
    Status {
        #[command(flatten)]
        db: Db,
    },
    /// Write a consistent copy of the database; the relay may be running.
    Backup {
        #[command(flatten)]
        db: Db,
        /// The copy; nothing may be there yet.
        #[arg(long)]
        to: PathBuf,
    },
    /// After a database was put back from a backup: tell devices that this relay has lost some of
    /// what it acknowledged. The relay must not be running.
    Restored {
        #[command(flatten)]
        db: Db,
    },
    /// Stay in step with another relay of the agency by files that travel on a stick.
    Bundle {
        #[command(subcommand)]
        what: stick::Bundle,
    },
}

#[derive(Args)]
struct Db {
    /// The database file.
    #[arg(long = "db", value_name = "PATH")]
    path: PathBuf,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    db: Db,
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:7400")]
    listen: SocketAddr,
    /// Where browsers reach this relay, if not at that address: shown in set-up links.
    #[arg(long)]
    public_url: Option<String>,
    /// The last X-Forwarded-For entry is the client: only behind a reverse proxy that sets it.
    #[arg(long)]
    trusted_proxy: bool,
    /// The most sync connections.
    #[arg(long, default_value_t = 10_000)]
    connections_max: usize,
    /// The most sync connections from one address.
    #[arg(long, default_value_t = 256)]
    connections_per_address_max: usize,
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("SATCHEL_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let done = match Cli::parse().command {
        Command::Serve(serve) => run(serve),
        Command::SetupLink { db, public_url } => setup_link(&db, &public_url),
        Command::Status { db } => status(&db),
        Command::Backup { db, to } => backup(&db, &to),
        Command::Restored { db } => restored(&db),
        Command::Bundle { what } => stick::run(what),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("satchel: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(serve: Serve) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let listener = TcpListener::bind(serve.listen)
                .await
                .with_context(|| format!("cannot listen on {}", serve.listen))?;
            let address = listener.local_addr()?;
            let public_url = serve
                .public_url
                .unwrap_or_else(|| format!("http://{address}"));

            let mut store = SqliteStore::open(&serve.db.path)?;
            let is_fresh = store.read(|read| read.identity())?.is_none();
            let link = if is_fresh {
                Some(permit(&mut store)?.under(&public_url))
            } else {
                None
            };
            drop(store);

            let settings = Settings {
                trusts_proxy: serve.trusted_proxy,
                connections_max: serve.connections_max,
                connections_per_address_max: serve.connections_per_address_max,
                ..Settings::new(serve.db.path)
            };
            let stop = stop_signal()?;
            let host = Host::open(settings)?;
            println!("listening on http://{address}");
            if let Some(link) = link {
                println!("set-up link, good for founding one agency: {link}");
            }
            host.serve(listener, stop).await;
            Ok(())
        })
}

/// Done when the process is asked to stop.
fn stop_signal() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Opens one more permission to found.
fn permit(store: &mut SqliteStore) -> Result<SetupLink> {
    let signer = settle_identity(store, random_identity()?)?;
    let mut token = SetupToken::ZERO;
    getrandom::fill(&mut token.0)?;
    store.write(|write| write.keep_setup(SetupHash::from(token), now()))?;
    Ok(SetupLink {
        relay: signer.key(),
        token,
    })
}

fn setup_link(db: &Db, public_url: &str) -> Result<()> {
    ensure!(
        db.path.exists(),
        "there is no database at {}",
        db.path.display()
    );
    let link = permit(&mut SqliteStore::open(&db.path)?)?;
    println!("{}", link.under(public_url));
    Ok(())
}

fn status(db: &Db) -> Result<()> {
    ensure!(
        db.path.exists(),
        "there is no database at {}",
        db.path.display()
    );
    let store = SqliteStore::open_reader(&db.path)?;
    let (identity, totals) = store.read(|read| Ok((read.identity()?, read.totals()?)))?;
    if let Some(identity) = identity {
        let signer = Signer::from_identity(identity)?;
        println!("relay key            {}", signer.key());
        println!("incarnation          {}", signer.incarnation());
    }
    println!("agencies             {}", totals.agencies);
    println!("streams              {}", totals.streams);
    println!("envelopes            {}", totals.envelopes);
    println!("registers            {}", totals.registers);
    println!("grants               {}", totals.grants);
    println!("open set-up links    {}", totals.setups);
    println!(
        "database, bytes      {}",
        std::fs::metadata(&db.path)?.len()
    );
    println!("write-ahead, bytes   {}", store.wal_len());
    Ok(())
}

fn backup(db: &Db, to: &std::path::Path) -> Result<()> {
    ensure!(
        db.path.exists(),
        "there is no database at {}",
        db.path.display()
    );
    ensure!(!to.exists(), "there is a file at {} already", to.display());
    SqliteStore::open_reader(&db.path)?.copy_to(to)?;
    println!("copied to {}", to.display());
    Ok(())
}

fn restored(db: &Db) -> Result<()> {
    ensure!(
        db.path.exists(),
        "there is no database at {}",
        db.path.display()
    );
    let mut store = SqliteStore::open(&db.path)?;
    let known = store.read(|read| read.identity())?;
    let known = known.context("this database was never served")?;
    let Identity { incarnation, .. } = random_identity()?;
    store.write(|write| {
        write.keep_restored(&Restored {
            at: now(),
            handed: Default::default(),
        })?;
        write.keep_identity(Identity {
            incarnation,
            ..known
        })
    })?;
    println!("this relay is now incarnation {incarnation}");
    Ok(())
}
