//! The conversation over plain requests: the same answers as on a socket, and an end where it must.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

use satchel_wire::{ClientFrame, Outcome, RelayFrame, Roster, Scope, StreamId};

use crate::{
    common::{Agency, Signer, envelopes, hello},
    process::{Client, Process},
};

/// The status and body of one request.
fn post(address: SocketAddr, body: &[u8]) -> (u16, Vec<u8>) {
    let mut socket = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        socket,
        "POST /line HTTP/1.1\r\nHost: relay\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    )
    .unwrap();
    // Whoever says too much is answered before it is done.
    let _ = socket.write_all(body);
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let body = answer.split_off(end.unwrap() + 4);
    let head = String::from_utf8(answer).unwrap();
    if head.starts_with("HTTP/1.1 200") {
        let head = head.to_ascii_lowercase();
        assert!(head.contains("\r\ncontent-type: application/vnd.satchel.frames\r\n"));
        assert!(head.contains("\r\ncache-control: no-store"));
    }
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body)
}

/// A device that may not open a socket.
struct Line {
    address: SocketAddr,
    token: Vec<u8>,
    challenge: RelayFrame,
    heard: Vec<RelayFrame>,
}

impl Line {
    fn open(address: SocketAddr) -> Self {
        let (status, token) = post(address, b"");
        assert_eq!((status, token.len()), (200, 16));
        let mut line = Self {
            address,
            token,
            challenge: RelayFrame::Welcome,
            heard: Vec::new(),
        };
        line.challenge = line.hear();
        line
    }

    fn say(&self, frames: &[ClientFrame]) -> (u16, Vec<u8>) {
        let mut body = self.token.clone();
        for frame in frames {
            let frame = frame.encode();
            body.extend_from_slice(&(frame.len() as u32).to_be_bytes());
            body.extend_from_slice(&frame);
        }
        post(self.address, &body)
    }

    fn tell(&self, frames: &[ClientFrame]) {
        assert_eq!(self.say(frames), (200, Vec::new()));
    }

    fn hear(&mut self) -> RelayFrame {
        while self.heard.is_empty() {
            let (status, body) = self.say(&[]);
            assert_eq!(status, 200);
            let mut rest = &body[..];
            while let Some((length, after)) = rest.split_first_chunk() {
                let (frame, after) = after.split_at(u32::from_be_bytes(*length) as usize);
                self.heard.push(RelayFrame::decode(frame).unwrap());
                rest = after;
            }
        }
        self.heard.remove(0)
    }

    fn ask(&mut self, frame: ClientFrame) -> RelayFrame {
        self.tell(&[frame]);
        self.hear()
    }

    fn sign_in(address: SocketAddr, agency: &Agency, signer: &Signer) -> Self {
        let mut line = Self::open(address);
        let proof = hello(&line.challenge, agency.id, signer);
        assert_eq!(line.ask(proof), RelayFrame::Welcome);
        line
    }
}

fn told(frame: &RelayFrame) -> &[StreamId] {
    match frame {
        RelayFrame::Hint { streams } => streams,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_without_sockets_meets_one_with() {
    let dir = tempfile::tempdir().unwrap();
    let mut process = Process::start(&dir.path().join("satchel.db"), true);
    let link = process.link.clone().unwrap();
    let agency = Agency::new("a", link.relay);
    let mut founder = Line::open(process.address);
    let RelayFrame::Enrolled { outcomes } = founder.ask(agency.enroll(Some(link.token))) else {
        panic!("not enrolled")
    };
    assert!(outcomes.iter().all(|o| matches!(o, Outcome::Stored(_))));

    let mut admin = Line::sign_in(process.address, &agency, &agency.admin);
    let items = envelopes(&[agency.certify_worker()]);
    let RelayFrame::Pushed { id: 1, outcomes } = admin.ask(ClientFrame::Push { id: 1, items })
    else {
        panic!("not pushed")
    };
    assert!(matches!(outcomes[..], [Outcome::Stored(_)]));
    let mut worker = Client::sign_in(process.address, agency.id, &agency.worker)
        .await
        .unwrap();

    // What one brings the other is told of, in both directions.
    let members = [agency.admin.id(), agency.worker.id()];
    let (stream, case, begin) = agency.begin(&agency.admin, "case", &members);
    let items = envelopes(&[begin]);
    admin.tell(&[ClientFrame::Push { id: 2, items }]);
    let log = Roster::log(agency.id);
    let hint = loop {
        let frame = worker.any().await.unwrap();
        if told(&frame) != [log] {
            break frame;
        }
    };
    assert_eq!(told(&hint), [stream]);
    assert!(matches!(admin.hear(), RelayFrame::Pushed { id: 2, .. }));
    let mut chain = agency.worker.chain(agency.id, stream, "w");
    let written = chain.write(case, b"work");
    worker.push(1, envelopes(&[written])).await.unwrap();
    assert_eq!(told(&admin.hear()), [stream]);

    // Several frames in one body; a pull's frames as they come.
    let scope = Scope::All(satchel_wire::Cursors::default());
    admin.tell(&[
        ClientFrame::Pull {
            id: 3,
            scope: scope.clone(),
        },
        ClientFrame::Pull { id: 4, scope },
    ]);
    for id in [3, 4] {
        while !matches!(admin.hear(), RelayFrame::Checkpoint { id: of, .. } if of == id) {}
    }

    assert!(
        process.terminate().success(),
        "a line keeps no relay from stopping"
    );
}

#[test]
fn a_line_ends_as_a_socket_does_and_what_is_no_line_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let process = Process::start(&dir.path().join("satchel.db"), true);
    let agency = Agency::new("a", process.link.clone().unwrap().relay);
    let at = process.address;

    assert_eq!(post(at, &[0; 16]).0, 410, "never opened");
    assert_eq!(post(at, &[0; 15]).0, 400, "no token");
    assert_eq!(post(at, &vec![0; 1024 * 1024]).0, 413, "too long");

    let mut line = Line::open(at);
    let torn = [&line.token[..], b"\0\0\0\x09torn"].concat();
    assert_eq!(post(at, &torn).0, 400);
    let stranger = Signer::new("stranger");
    let proof = hello(&line.challenge, agency.id, &stranger);
    let answer = line.ask(proof);
    assert!(matches!(answer, RelayFrame::Refused { .. }), "{answer:?}");
    assert_eq!(line.say(&[]).0, 410, "refused, and so over");
}
