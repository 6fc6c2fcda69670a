//! `demo`: a relay on a fresh database, an agency in it with people and cases, and a link for each
//! of its people. Owns the relay's life: it ends with this command, however this command ends.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::binary::{self, Kind};
use crate::{shell, web};

/// How long the relay may take to answer first.
const START_MAX: Duration = Duration::from_secs(20);
/// The relay drains its writer within ten seconds when it is asked to stop.
const STOP_MAX: Duration = Duration::from_secs(12);
const ANSWER_MAX: Duration = Duration::from_secs(5);

/// How to show it.
#[derive(clap::Args)]
pub struct Options {
    /// Where the relay listens
    #[arg(long, default_value = "127.0.0.1:7878", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Keep the agency of the last demo and show its links again
    #[arg(long)]
    keep: bool,
    /// End as soon as everything answers
    #[arg(long)]
    check: bool,
}

/// One person of the demo agency.
struct Person {
    who: String,
    role: String,
    link: String,
}

enum Happening {
    Interrupted,
    RelaySaid(String),
    RelayEnded,
}

/// Builds, starts, seeds, and waits for Ctrl-C.
///
/// # Errors
/// When a step fails or the relay ends by itself.
pub fn run(options: &Options) -> Result<()> {
    web::build()?;
    binary::build_all(Kind::Release)?;

    let folder = shell::target().join("demo");
    let people_file = folder.join("people.jsonl");
    let again = options.keep && people_file.exists();
    if !again && folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(&folder)?;

    let (tell, happenings) = channel();
    let interrupted = tell.clone();
    ctrlc::set_handler(move || {
        let _ = interrupted.send(Happening::Interrupted);
    })?;
    let mut relay = Relay::start(options.listen, &folder, tell)?;
    let setup_link = relay.ready(options.listen, &happenings)?;

    let people = if again {
        fs::read_to_string(&people_file)?
    } else {
        let link = setup_link.context("the relay printed no set-up link")?;
        let people = seed(&link, &folder)?;
        fs::write(&people_file, &people)?;
        people
    };
    let people = people.lines().filter_map(person).collect::<Vec<_>>();
    if people.is_empty() {
        bail!("the seeder named nobody");
    }
    show(options.listen, &people, again);

    if options.check {
        for path in ["/health", "/"] {
            let status = status_of(options.listen, path)?;
            if status != 200 {
                bail!("{path} answered {status}");
            }
        }
        println!("Everything answers.");
        return relay.stop();
    }
    loop {
        match happenings.recv() {
            Ok(Happening::RelaySaid(line)) => eprintln!("relay: {line}"),
            Ok(Happening::Interrupted) => {
                println!("\nStopping the relay.");
                return relay.stop();
            }
            Ok(Happening::RelayEnded) | Err(_) => bail!("the relay ended by itself"),
        }
    }
}

/// The running relay; stopped when dropped.
struct Relay {
    child: Child,
}

impl Relay {
    fn start(listen: SocketAddr, folder: &Path, tell: Sender<Happening>) -> Result<Self> {
        if TcpStream::connect_timeout(&listen, ANSWER_MAX).is_ok() {
            bail!("{listen} is taken: choose another with `--listen 127.0.0.1:<port>`");
        }
        let mut command = shell::program(binary::path(Kind::Release, "satchel"));
        command
            .arg("serve")
            .args(["--listen", &listen.to_string()])
            .arg("--db")
            .arg(database(folder));
        eprintln!("  $ {}", shell::words(&command));
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the relay")?;
        let stdout = child.stdout.take().context("the relay has no output")?;
        std::thread::spawn(move || pass_on(stdout, &tell));
        Ok(Self { child })
    }

    /// Waits until the relay answers; its set-up link, if it said one.
    fn ready(
        &mut self,
        listen: SocketAddr,
        happenings: &Receiver<Happening>,
    ) -> Result<Option<String>> {
        let begun = Instant::now();
        let mut link = None;
        loop {
            match happenings.recv_timeout(Duration::from_millis(100)) {
                Ok(Happening::RelaySaid(line)) => {
                    // Its link is for the seeder, and used up at once: a person need not see it.
                    match link_in(&line) {
                        Some(found) => link = Some(found),
                        None => eprintln!("relay: {line}"),
                    }
                }
                Ok(Happening::Interrupted) => bail!("interrupted"),
                Ok(Happening::RelayEnded) | Err(RecvTimeoutError::Disconnected) => {
                    bail!("the relay ended at once; its message is above");
                }
                Err(RecvTimeoutError::Timeout) => {
                    if status_of(listen, "/health").is_ok_and(|status| status == 200) {
                        return Ok(link);
                    }
                }
            }
            if begun.elapsed() > START_MAX {
                bail!("the relay does not answer on {listen}");
            }
        }
    }

    /// Asks it to end, and waits until it has drained.
    fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        let begun = Instant::now();
        while asked.is_ok() && begun.elapsed() < STOP_MAX {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(anyhow!(
            "the relay did not stop in {} s",
            STOP_MAX.as_secs()
        ))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn database(folder: &Path) -> PathBuf {
    folder.join("satchel.db")
}

fn pass_on(stdout: ChildStdout, tell: &Sender<Happening>) {
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        if tell.send(Happening::RelaySaid(line)).is_err() {
            return;
        }
    }
    let _ = tell.send(Happening::RelayEnded);
}

/// The first word of a line that is an address with a fragment: secrets travel in fragments alone.
fn link_in(line: &str) -> Option<String> {
    line.split_whitespace()
        .find(|word| word.starts_with("http") && word.contains('#'))
        .map(str::to_owned)
}

/// Founds the agency; the seeder's lines.
fn seed(link: &str, folder: &Path) -> Result<String> {
    let mut command = shell::program(binary::path(Kind::Release, "satchel-demo"));
    command
        .arg("--relay-setup-link")
        .arg(link)
        .current_dir(folder);
    eprintln!("Founding the demo agency.");
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start the seeder")?;
    if !output.status.success() {
        bail!("the seeder failed ({})", output.status);
    }
    String::from_utf8(output.stdout).context("the seeder's lines")
}

/// One line of the seeder, `{"who","role","link"}`.
fn person(line: &str) -> Option<Person> {
    let value = serde_json::from_str::<serde_json::Value>(line).ok()?;
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    Some(Person {
        who: text("who")?,
        role: text("role")?,
        link: text("link")?,
    })
}

fn show(listen: SocketAddr, people: &[Person], again: bool) {
    println!("\nSatchel runs at http://{listen}/");
    if again {
        println!(
            "The agency is that of the last demo: who joined then unlocks with the passphrase chosen"
        );
        println!("then, and a link that is not used up still serves one tablet.\n");
    } else {
        println!(
            "Each link makes one tablet: open it in a browser profile or private window of its own,"
        );
        println!("and choose a passphrase there.\n");
    }
    for Person { who, role, link } in people {
        println!("  {who} ({role})\n    {link}\n");
    }
    println!("Ctrl-C stops the relay; `cargo xtask demo --keep` goes on with the same agency.");
    println!(
        "Browsers treat http://127.0.0.1 and http://localhost as secure; for any other address the"
    );
    println!("app needs https.");
}

/// The status with which the relay answers a GET.
fn status_of(listen: SocketAddr, path: &str) -> Result<u16> {
    let mut stream = TcpStream::connect_timeout(&listen, ANSWER_MAX)?;
    stream.set_read_timeout(Some(ANSWER_MAX))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {listen}\r\nConnection: close\r\n\r\n"
    )?;
    // `HTTP/1.1 200`
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    let head = String::from_utf8_lossy(&head);
    head.split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .context("not an HTTP answer")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_link_in_a_line() {
        let link = "http://127.0.0.1:7878/#setup/abc";
        assert_eq!(
            link_in(&format!("Set up an agency: {link}")).as_deref(),
            Some(link)
        );
        assert_eq!(link_in("listening on http://127.0.0.1:7878/"), None);
    }

    #[test]
    fn reads_the_seeders_lines() {
        let line = r#"{"who":"Ana","role":"worker","link":"http://x/#y"}"#;
        assert_eq!(
            person(line).map(|person| person.who).as_deref(),
            Some("Ana")
        );
        assert!(person("Founding…").is_none());
    }
}
