//! A tablet without a browser on a real WebSocket, with a clock that can be set back while it is out
//! of reach. Owns the rule that work dated in the past never meets the relay's clock: a clock can
//! only be set on a tablet that is offline, and to sync is to return to the present. Knows nothing
//! of what the tablet is used for.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use satchel_core::{
    api::{Connection, Reply, Request, Status},
    io::Input,
};
use satchel_server::host;
use satchel_wire::{Millis, Refusal};
use serde_bytes::ByteBuf;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use crate::device::{Device, Outward};

/// How long a tablet may hear nothing before it is level.
const SYNC_MAX: Duration = Duration::from_secs(60);
/// How long to listen for more before being level counts.
const QUIET: Duration = Duration::from_millis(80);
/// How long to listen before looking at the engine's deadline again.
const LISTEN_MAX: Duration = Duration::from_millis(20);
/// How long a connection may take to open.
const OPEN_MAX: Duration = Duration::from_secs(10);

/// Why a tablet does not go on.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// The relay will not have it.
    #[error("the relay refuses: {0:?}")]
    Refused(Refusal),
    /// It is not level in time.
    #[error("not level with the relay, and a minute without a word from it: {0:?}")]
    NotLevel(Option<Status>),
    /// Everything has been carried out, and there is no answer.
    #[error("a request was not answered")]
    Unanswered,
}

/// A tablet, and its line to the relay.
pub struct Tablet {
    device: Device,
    line: Option<WebSocketStream<MaybeTlsStream<TcpStream>>>,
    /// The time that it believes in while it is out of reach; none: the present.
    clock: Option<Millis>,
}

impl Tablet {
    /// A tablet with an empty disk; all its keys follow from `seed`.
    pub fn new(seed: u64) -> Self {
        let mut device = Device::new(seed);
        device.input(host::now(), Input::Start);
        Self {
            device,
            line: None,
            clock: None,
        }
    }

    fn now(&self) -> Millis {
        self.clock.unwrap_or_else(host::now)
    }

    /// What its status line says.
    pub fn status(&self) -> Option<&Status> {
        self.device.status.as_ref()
    }

    /// Asks for something, and waits for the answer.
    ///
    /// # Errors
    /// [`SocketError::Unanswered`].
    pub async fn request(&mut self, request: Request) -> Result<Reply, SocketError> {
        self.carry_out().await;
        let now = self.now();
        let id = self.device.request(now, request);
        self.carry_out().await;
        // The disk answers at once, and nothing that a person asks for needs the network.
        self.device
            .replies
            .remove(&id)
            .ok_or(SocketError::Unanswered)
    }

    /// Goes out of reach, or stays there; it believes that it is `at`.
    pub async fn work_offline(&mut self, at: Millis) {
        if let Some(mut line) = self.line.take() {
            let _ = line.close(None).await;
        }
        if self.clock.is_none() {
            // The pause before the next try is counted from the present: it does not end in the past.
            self.device.input(host::now(), Input::Lost);
        }
        self.clock = Some(at);
        self.carry_out().await;
    }

    /// Returns to the present and the network, until the relay and it have told each other all.
    ///
    /// # Errors
    /// [`SocketError`].
    pub async fn sync(&mut self) -> Result<(), SocketError> {
        self.clock = None;
        if self.line.is_none() {
            self.device.input(host::now(), Input::Online);
        }
        let mut heard = Instant::now();
        loop {
            self.carry_out().await;
            if self.listen().await {
                heard = Instant::now();
                continue;
            }
            let now = host::now();
            if self.device.deadline().is_some_and(|at| at <= now) {
                self.device.input(now, Input::Tick);
                continue;
            }
            match self.status() {
                Some(Status {
                    connection: Connection::Refused { refusal },
                    ..
                }) => return Err(SocketError::Refused(*refusal)),
                Some(status) if is_level(status) && heard.elapsed() >= QUIET => return Ok(()),
                _ if heard.elapsed() > SYNC_MAX => {
                    return Err(SocketError::NotLevel(self.status().cloned()));
                }
                _ => {}
            }
        }
    }

    /// Carries out all effects in their order.
    async fn carry_out(&mut self) {
        while self.device.is_busy() {
            match self.device.step(self.now()) {
                None => {}
                Some(Outward::Connect(url)) => {
                    self.line = match self.clock {
                        None => open(&url).await,
                        Some(_) => None,
                    };
                    let input = match self.line {
                        Some(_) => Input::Connected,
                        None => Input::Lost,
                    };
                    self.device.input(self.now(), input);
                }
                Some(Outward::Send(bytes)) => {
                    if let Some(line) = &mut self.line
                        && line.send(Message::binary(bytes)).await.is_err()
                    {
                        self.lose();
                    }
                }
                Some(Outward::Close) => self.line = None,
            }
        }
    }

    /// Takes one message in, if one comes soon.
    async fn listen(&mut self) -> bool {
        let Some(line) = &mut self.line else {
            tokio::time::sleep(LISTEN_MAX).await;
            return false;
        };
        match timeout(LISTEN_MAX, line.next()).await {
            Err(_) => false,
            Ok(Some(Ok(Message::Binary(bytes)))) => {
                let bytes = ByteBuf::from(bytes.to_vec());
                self.device.input(host::now(), Input::Frame { bytes });
                true
            }
            Ok(None | Some(Err(_) | Ok(Message::Close(_)))) => {
                self.lose();
                false
            }
            // Pings are answered by the library.
            Ok(Some(Ok(_))) => false,
        }
    }

    fn lose(&mut self) {
        self.line = None;
        self.device.input(self.now(), Input::Lost);
    }
}

fn is_level(status: &Status) -> bool {
    status.connection == Connection::Level && status.unsent == 0 && status.folding == 0
}

/// A line to the relay at `http(s)://host[:port]`, if there is one in time.
async fn open(url: &str) -> Option<WebSocketStream<MaybeTlsStream<TcpStream>>> {
    let rest = url.strip_prefix("http")?;
    let address = format!("ws{}/sync", rest.trim_end_matches('/'));
    let (line, _) = timeout(OPEN_MAX, connect_async(address)).await.ok()?.ok()?;
    Some(line)
}
