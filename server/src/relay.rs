//! A whole relay in one thread: sessions, rules and a store, without socket, clock or randomness.
//! The simulator runs this; the network host in [`crate::host`] runs the same parts side by side.

use std::{collections::BTreeMap, sync::Arc};

use satchel_wire::{Millis, Nonce, RelayFrame, RelayKey, SetupToken};

use crate::{
    folds::{Folds, Rosters},
    hub::{Hub, SessionKey},
    places::Places,
    session::{Action, Session},
    signer::Signer,
    store::{Identity, SetupHash, Store, Stored},
};

/// A relay with its store.
///
/// ```
/// use satchel_server::{Delivery, Identity, Relay, SqliteStore};
/// use satchel_wire::{AgencyId, ClientFrame, Incarnation, Millis, Nonce, ProfileId, RelayFrame};
///
/// let store = SqliteStore::open_in_memory()?;
/// let fresh = Identity { seed: [7; 32], incarnation: Incarnation([1; 16]) };
/// let mut relay = Relay::open(store, fresh)?;
/// let (session, first) = relay.connect(Nonce([9; 32]));
/// let Delivery::Frame { to, frame } = first else { panic!("no challenge") };
/// assert_eq!(to, session);
/// assert!(matches!(RelayFrame::decode(&frame), Ok(RelayFrame::Challenge { .. })));
///
/// let (agency, profile, signature) = (AgencyId::ZERO, ProfileId::ZERO, vec![0; 64]);
/// let hello = ClientFrame::Hello { protocol: 1, agency, profile, signature };
/// let deliveries = relay.handle(session, &hello.encode(), Millis(0))?;
/// let Some(Delivery::Frame { frame, .. }) = deliveries.first() else { panic!("no answer") };
/// assert!(matches!(RelayFrame::decode(frame), Ok(RelayFrame::Refused { .. })));
/// # Ok::<(), satchel_server::StoreError>(())
/// ```
pub struct Relay<S> {
    store: S,
    signer: Arc<Signer>,
    folds: Folds,
    rosters: Rosters,
    places: Arc<Places>,
    hub: Hub,
    sessions: BTreeMap<SessionKey, Session>,
    opened: SessionKey,
}

/// What goes out after a message came in, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// One message to one connection.
    Frame {
        /// The connection.
        to: SessionKey,
        /// An encoded [`RelayFrame`].
        frame: Vec<u8>,
    },
    /// The relay closes a connection.
    Close {
        /// The connection.
        of: SessionKey,
    },
}

/// Who the relay is: as stored, or `fresh` on an empty store.
///
/// # Errors
/// What the store says.
pub fn settle_identity<S: Store>(store: &mut S, fresh: Identity) -> Stored<Signer> {
    if let Some(known) = store.read(|read| read.identity())? {
        return Signer::from_identity(known);
    }
    store.write(|write| write.keep_identity(fresh))?;
    Signer::from_identity(fresh)
}

impl<S: Store> Relay<S> {
    /// Starts on a store; `fresh` is who it is if the store is empty.
    ///
    /// # Errors
    /// What the store says.
    pub fn open(mut store: S, fresh: Identity) -> Stored<Self> {
        let signer = Arc::new(settle_identity(&mut store, fresh)?);
        Ok(Self {
            store,
            signer,
            folds: Folds::default(),
            rosters: Rosters::default(),
            places: Arc::default(),
            hub: Hub::default(),
            sessions: BTreeMap::new(),
            opened: 0,
        })
    }

    /// The relay's key.
    pub fn key(&self) -> RelayKey {
        self.signer.key()
    }

    /// Stops; all connections are gone.
    pub fn into_store(self) -> S {
        self.store
    }

    /// The store, to look at.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Opens the permission to found an agency.
    ///
    /// # Errors
    /// What the store says.
    pub fn permit_setup(&mut self, token: SetupToken, now: Millis) -> Stored<()> {
        self.store
            .write(|write| write.keep_setup(SetupHash::from(token), now))
    }

    /// A connection is there; `nonce` has to be its own. Gives what is to be sent on it first.
    pub fn connect(&mut self, nonce: Nonce) -> (SessionKey, Delivery) {
        self.opened += 1;
        let session = Session::new(Arc::clone(&self.signer), Arc::clone(&self.places), nonce);
        let challenge = delivery(self.opened, &session.challenge());
        self.sessions.insert(self.opened, session);
        (self.opened, challenge)
    }

    /// A connection is gone.
    pub fn lost(&mut self, session: SessionKey) {
        self.sessions.remove(&session);
        self.hub.leave(session);
    }

    /// Takes one message and carries out all that follows from it.
    ///
    /// # Errors
    /// What the store says while reading. A failed write is answered with
    /// [`satchel_wire::Refusal::Unavailable`] unless the store is broken.
    pub fn handle(
        &mut self,
        from: SessionKey,
        message: &[u8],
        now: Millis,
    ) -> Stored<Vec<Delivery>> {
        let Some(session) = self.sessions.get_mut(&from) else {
            return Ok(Vec::new());
        };
        let rosters = &self.rosters;
        let actions = self
            .store
            .read(|read| session.handle(message, now, read, rosters))?;
        let mut out = Vec::new();
        for action in actions {
            match action {
                Action::Send(frame) => out.push(delivery(from, &frame)),
                Action::Join(asker) => self.hub.join(from, asker),
                Action::Append(append, answer) => {
                    let folds = &mut self.folds;
                    match self.store.write(|write| append.run(write, folds)) {
                        Ok(mut done) => {
                            if let Some(incarnation) = done.renewed {
                                self.signer.renew(incarnation);
                            }
                            let outcomes = std::mem::take(&mut done.outcomes);
                            out.push(delivery(from, &answer.frame(outcomes)));
                            for (to, streams) in self.hub.committed(from, &done) {
                                let streams = streams.into_iter().collect();
                                out.push(delivery(to, &RelayFrame::Hint { streams }));
                            }
                        }
                        Err(error) => {
                            self.folds.forget();
                            if error.is_fatal() {
                                return Err(error);
                            }
                            out.push(delivery(from, &answer.frame(append.unavailable())));
                        }
                    }
                }
                Action::Pull(mut pull) => {
                    while let Some(frame) = self.store.read(|read| pull.next(read, now))? {
                        out.push(delivery(from, &frame));
                    }
                }
                Action::Close => {
                    self.lost(from);
                    out.push(Delivery::Close { of: from });
                }
            }
        }
        Ok(out)
    }
}

fn delivery(to: SessionKey, frame: &RelayFrame) -> Delivery {
    Delivery::Frame {
        to,
        frame: frame.encode(),
    }
}
