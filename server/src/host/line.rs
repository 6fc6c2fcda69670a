//! The same conversation over plain requests, for networks that let no WebSocket through. An empty
//! request opens a line and is answered with its token, which begins the body of each request that
//! follows: frames behind it go up, without any it waits for what comes down. Owns the bounds: as many lines as the gate lets in, one request waiting on
//! each, a few frames on the way. A response that is lost is not said again: the line then ends, and
//! the device connects anew.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex as Shelf, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    body::Bytes,
    extract::ws::Message,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{Sink, Stream, sink, stream};
use satchel_wire::frame::{FRAME_LEN_MAX, FRAME_LEN_TARGET};
use tokio::{
    sync::{Mutex, mpsc},
    time::timeout,
};

use super::{Shared, gate::Pass, socket};
use crate::error::ApiError;

/// How long an empty request waits for something to come down: less than any proxy waits.
const WAIT: Duration = Duration::from_secs(20);
/// How long a line that has ended keeps what was said on it last.
const LINGER: Duration = Duration::from_secs(5);
/// Messages on their way, in each direction.
const MESSAGES_MAX: usize = 4;
/// What a body may be, in bytes: the token, and a frame with its length or several small ones.
pub(super) const BODY_LEN_MAX: usize = TOKEN_LEN + LENGTH_LEN + FRAME_LEN_MAX;
/// A frame's length goes before it, as a big-endian `u32`.
const LENGTH_LEN: usize = 4;
/// No proxy may take it for something of its own, or keep it.
const FRAMES: &str = "application/vnd.satchel.frames";

/// What a line is known by: whoever has it speaks on it, so it stands in no address that is logged.
type Token = [u8; TOKEN_LEN];
const TOKEN_LEN: usize = 16;

struct Line {
    up: mpsc::Sender<Message>,
    down: Mutex<mpsc::Receiver<Bytes>>,
}

/// All lines that are open.
#[derive(Default)]
pub(crate) struct Lines(Shelf<BTreeMap<Token, Arc<Line>>>);

impl Lines {
    fn shelf(&self) -> MutexGuard<'_, BTreeMap<Token, Arc<Line>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers one request, whose place `enter` gives if it opens a line.
pub(super) async fn answer(
    shared: &Arc<Shared>,
    enter: impl FnOnce() -> Result<Pass, ApiError>,
    body: Bytes,
) -> Result<Response, ApiError> {
    if body.is_empty() {
        return open(shared, enter()?);
    }
    let token = body.first_chunk().ok_or(ApiError::Malformed)?;
    let line = shared.lines.shelf().get(token).map(Arc::clone);
    let line = line.ok_or(ApiError::NoLine)?;
    let frames = split(body.slice(TOKEN_LEN..)).ok_or(ApiError::Malformed)?;
    if frames.is_empty() {
        return wait(&line).await;
    }
    for frame in frames {
        let sent = line.up.send(Message::Binary(frame)).await;
        sent.map_err(|_| ApiError::NoLine)?;
    }
    Ok(bytes(Bytes::new()))
}

/// Begins a conversation; its token is the answer.
fn open(shared: &Arc<Shared>, pass: Pass) -> Result<Response, ApiError> {
    let mut token = Token::default();
    getrandom::fill(&mut token).map_err(|_| ApiError::Unavailable)?;
    let (up, heard) = mpsc::channel(MESSAGES_MAX);
    let (said, down) = mpsc::channel(MESSAGES_MAX);
    let line = Line {
        up,
        down: Mutex::new(down),
    };
    shared.lines.shelf().insert(token, Arc::new(line));
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        socket::converse(&shared, speaking(said), hearing(heard)).await;
        drop(pass);
        // What was said last, why it ends for one, may not have been fetched yet.
        tokio::time::sleep(LINGER).await;
        shared.lines.shelf().remove(&token);
    });
    Ok(bytes(Bytes::copy_from_slice(&token)))
}

async fn wait(line: &Line) -> Result<Response, ApiError> {
    // Whoever waits is there: what a pong says on a socket.
    let _ = line.up.try_send(Message::Pong(Bytes::new()));
    let mut down = line.down.try_lock().map_err(|_| ApiError::TooMany)?;
    let first = match timeout(WAIT, down.recv()).await {
        Ok(Some(frame)) => frame,
        Ok(None) => return Err(ApiError::NoLine),
        Err(_) => return Ok(bytes(Bytes::new())),
    };
    let mut body = Vec::new();
    push(&mut body, &first);
    while body.len() < FRAME_LEN_TARGET
        && let Ok(frame) = down.try_recv()
    {
        push(&mut body, &frame);
    }
    Ok(bytes(body.into()))
}

/// What the relay says on a line. Pings and farewells are a socket's.
fn speaking(said: mpsc::Sender<Bytes>) -> impl Sink<Message, Error = Gone> + Send {
    sink::unfold(said, async |said, message: Message| {
        if let Message::Binary(frame) = message {
            said.send(frame).await.map_err(|_| Gone)?;
        }
        Ok(said)
    })
}

/// What it hears there.
fn hearing(heard: mpsc::Receiver<Message>) -> impl Stream<Item = Result<Message, Gone>> + Send {
    stream::unfold(heard, async |mut heard| {
        heard.recv().await.map(|message| (Ok(message), heard))
    })
}

/// Nobody is at the other end of a line.
#[derive(Debug)]
pub(super) struct Gone;

fn push(body: &mut Vec<u8>, frame: &[u8]) {
    let length = u32::try_from(frame.len()).unwrap_or(u32::MAX);
    body.extend_from_slice(&length.to_be_bytes());
    body.extend_from_slice(frame);
}

/// The frames of a body, if it consists of nothing else.
fn split(mut rest: Bytes) -> Option<Vec<Bytes>> {
    let mut frames = Vec::new();
    while !rest.is_empty() {
        let length = u32::from_be_bytes(*rest.first_chunk::<LENGTH_LEN>()?);
        let end = LENGTH_LEN.checked_add(usize::try_from(length).ok()?)?;
        if end > rest.len() {
            return None;
        }
        let mut frame = rest.split_to(end);
        frames.push(frame.split_off(LENGTH_LEN));
    }
    Some(frames)
}

fn bytes(body: Bytes) -> Response {
    let fields = [
        (header::CONTENT_TYPE, FRAMES),
        (header::CACHE_CONTROL, "no-store, no-transform"),
    ];
    (StatusCode::OK, fields, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_whole_frames_or_nothing() {
        let check = |body: &[u8], expected: Option<&[&[u8]]>| {
            let found = split(Bytes::copy_from_slice(body));
            let expected = expected.map(|frames| frames.iter().map(|f| f.to_vec()).collect());
            let found = found.map(|frames| frames.iter().map(|f| f.to_vec()).collect());
            assert_eq!(found, expected as Option<Vec<Vec<u8>>>, "{body:?}");
        };
        check(b"", Some(&[]));
        check(b"\0\0\0\x02ab", Some(&[b"ab"]));
        check(b"\0\0\0\x01a\0\0\0\0\0\0\0\x01b", Some(&[b"a", b"", b"b"]));
        check(b"\0\0\0", None);
        check(b"\0\0\0\x02a", None);
        check(b"\0\0\0\x01ab", None);
        check(b"\xff\xff\xff\xffab", None);
    }
}
