//! The real relay as a process of its own, and a small client that speaks to it over the network.
//! Owns the child: whatever happens to a test, no relay stays behind.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use futures_util::{SinkExt as _, StreamExt as _};
use satchel_wire::{
    AgencyId, ClientFrame, Item, Outcome, RelayFrame, Scope, StreamId, link::SetupLink,
};
use tokio::{net::TcpStream as Stream, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use crate::common::{Signer, hello};

/// How long any one answer may take, restarts of the machine's other work included.
const ANSWER: Duration = Duration::from_secs(20);

/// `satchel serve`, running.
pub struct Process {
    child: Child,
    // Kept open: a relay whose output nobody takes would be told so when it prints.
    _out: BufReader<ChildStdout>,
    pub address: SocketAddr,
    pub link: Option<SetupLink>,
}

impl Process {
    /// Starts on `db` at a free port; returns once it has said where it listens. `fresh`: a set-up
    /// link has to follow.
    pub fn start(db: &Path, fresh: bool) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_satchel"))
            .args(["serve", "--listen", "127.0.0.1:0", "--db"])
            .arg(db)
            .env("SATCHEL_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = || {
            let mut line = String::new();
            out.read_line(&mut line).unwrap();
            line.trim_end().to_owned()
        };
        let listening = line();
        let address = listening
            .strip_prefix("listening on http://")
            .map(str::parse);
        let Some(Ok(address)) = address else {
            let _ = child.kill();
            panic!("not an address: {listening:?}")
        };
        let link = fresh.then(|| {
            let said = line();
            let (_, payload) = said.split_once("/#setup=").unwrap();
            SetupLink::parse(payload).unwrap()
        });
        Self {
            child,
            _out: out,
            address,
            link,
        }
    }

    /// Ends it as a power cut would: SIGKILL, nothing is flushed or said.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop and waits until it has.
    pub fn terminate(&mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        let until = Instant::now() + ANSWER;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < until, "it does not stop");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The whole response to one request.
    pub fn request(&self, method: &str, path: &str) -> String {
        let mut socket = TcpStream::connect(self.address).unwrap();
        socket.set_read_timeout(Some(ANSWER)).unwrap();
        write!(
            socket,
            "{method} {path} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The connection or the relay went away: ask again when there is one.
#[derive(Debug)]
pub struct Gone;

/// One connection.
pub struct Client {
    socket: WebSocketStream<MaybeTlsStream<Stream>>,
    pub challenge: RelayFrame,
    pub hints: Vec<StreamId>,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Result<Self, Gone> {
        let reached = timeout(ANSWER, connect_async(format!("ws://{address}/sync"))).await;
        let (socket, _) = reached.expect("an answer in time").map_err(|_| Gone)?;
        let mut client = Self {
            socket,
            challenge: RelayFrame::Welcome,
            hints: Vec::new(),
        };
        client.challenge = client.next().await?;
        Ok(client)
    }

    pub async fn sign_in(
        address: SocketAddr,
        agency: AgencyId,
        signer: &Signer,
    ) -> Result<Self, Gone> {
        let mut client = Self::connect(address).await?;
        let proof = hello(&client.challenge, agency, signer);
        let answer = client.ask(&proof).await?;
        assert_eq!(answer, RelayFrame::Welcome);
        Ok(client)
    }

    pub async fn send(&mut self, frame: &ClientFrame) -> Result<(), Gone> {
        self.socket
            .send(Message::Binary(frame.encode().into()))
            .await
            .map_err(|_| Gone)
    }

    /// The next frame that is no hint.
    pub async fn next(&mut self) -> Result<RelayFrame, Gone> {
        loop {
            match self.any().await? {
                RelayFrame::Hint { streams } => self.hints.extend(streams),
                frame => return Ok(frame),
            }
        }
    }

    /// The next frame.
    pub async fn any(&mut self) -> Result<RelayFrame, Gone> {
        loop {
            match timeout(ANSWER, self.socket.next())
                .await
                .expect("an answer in time")
            {
                Some(Ok(Message::Binary(bytes))) => return Ok(RelayFrame::decode(&bytes).unwrap()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(_) | Err(_)) | None => return Err(Gone),
            }
        }
    }

    pub async fn ask(&mut self, frame: &ClientFrame) -> Result<RelayFrame, Gone> {
        self.send(frame).await?;
        self.next().await
    }

    pub async fn push(&mut self, id: u32, items: Vec<Item>) -> Result<Vec<Outcome>, Gone> {
        match self.ask(&ClientFrame::Push { id, items }).await? {
            RelayFrame::Pushed {
                id: answered,
                outcomes,
            } if answered == id => Ok(outcomes),
            other => panic!("{other:?}"),
        }
    }

    /// All frames of a pull's answer.
    pub async fn pull(&mut self, scope: Scope) -> Result<Vec<RelayFrame>, Gone> {
        self.send(&ClientFrame::Pull { id: 1, scope }).await?;
        let mut frames = Vec::new();
        loop {
            frames.push(self.next().await?);
            if let Some(
                RelayFrame::Checkpoint { .. }
                | RelayFrame::Stale { .. }
                | RelayFrame::Refused { .. },
            ) = frames.last()
            {
                return Ok(frames);
            }
        }
    }

    /// Whether the relay closes this connection and says that it leaves.
    pub async fn is_told_to_leave(&mut self) -> bool {
        use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
        loop {
            match timeout(ANSWER, self.socket.next())
                .await
                .expect("an end in time")
            {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code == CloseCode::Away,
                Some(Ok(Message::Close(None)) | Err(_)) | None => return false,
                Some(Ok(_)) => {}
            }
        }
    }
}
