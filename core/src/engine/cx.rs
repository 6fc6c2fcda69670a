//! What one input causes, collected. Owns the order: one store first, then everything else.

use satchel_wire::{ClientFrame, Millis};
use serde_bytes::ByteBuf;

use crate::{
    api::{Event, Reply},
    io::{Effect, KeyRange, Op, Rng},
};

pub(super) struct Cx<'a> {
    pub now: Millis,
    pub rng: &'a mut dyn Rng,
    ops: Vec<Op>,
    effects: Vec<Effect>,
}

impl<'a> Cx<'a> {
    pub fn new(now: Millis, rng: &'a mut dyn Rng) -> Self {
        Self {
            now,
            rng,
            ops: Vec::new(),
            effects: Vec::new(),
        }
    }

    pub fn put(&mut self, key: String, value: Vec<u8>) {
        self.ops.push(Op::Put {
            key,
            value: ByteBuf::from(value),
        });
    }

    pub fn delete(&mut self, key: String) {
        self.ops.push(Op::Delete { key });
    }

    pub fn clear(&mut self, range: KeyRange) {
        self.ops.push(Op::Clear { range });
    }

    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub fn notify(&mut self, event: Event) {
        self.effect(Effect::Notify {
            event: Box::new(event),
        });
    }

    pub fn reply(&mut self, id: u32, reply: Reply) {
        self.notify(Event::Reply { id, reply });
    }

    pub fn send(&mut self, frame: &ClientFrame) {
        self.effect(Effect::Send {
            bytes: ByteBuf::from(frame.encode()),
        });
    }

    pub fn finish(self) -> Vec<Effect> {
        let store = (!self.ops.is_empty()).then_some(Effect::Store { ops: self.ops });
        store.into_iter().chain(self.effects).collect()
    }
}
