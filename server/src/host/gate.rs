//! How many sync connections may be open, in all and from one address. Keeps addresses in memory
//! while they are connected, and nowhere else.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

/// Counts connections.
pub(crate) struct Gate {
    max: usize,
    per_address_max: usize,
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    open: Mutex<Open>,
    left: Notify,
}

#[derive(Default)]
struct Open {
    all: usize,
    by_address: BTreeMap<IpAddr, usize>,
}

/// A place inside, until dropped.
pub(crate) struct Pass {
    inner: Arc<Inner>,
    address: IpAddr,
}

impl Gate {
    pub(crate) fn new(max: usize, per_address_max: usize) -> Self {
        Self {
            max,
            per_address_max,
            inner: Arc::default(),
        }
    }

    /// A place for one more connection, if there is one.
    pub(crate) fn enter(&self, address: IpAddr) -> Option<Pass> {
        let address = household(address);
        let mut open = self.inner.lock();
        if open.all >= self.max {
            return None;
        }
        let here = open.by_address.entry(address).or_default();
        if *here >= self.per_address_max {
            return None;
        }
        *here += 1;
        open.all += 1;
        Some(Pass {
            inner: Arc::clone(&self.inner),
            address,
        })
    }

    /// Waits until nobody is inside.
    pub(crate) async fn emptied(&self) {
        loop {
            let left = self.inner.left.notified();
            if self.inner.lock().all == 0 {
                return;
            }
            left.await;
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut open = self.inner.lock();
        open.all = open.all.saturating_sub(1);
        if let Some(here) = open.by_address.get_mut(&self.address) {
            *here = here.saturating_sub(1);
            if *here == 0 {
                open.by_address.remove(&self.address);
            }
        }
        drop(open);
        self.inner.left.notify_waiters();
    }
}

/// One subscriber has a whole IPv6 /64.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_address_and_given_back() {
        let gate = Gate::new(4, 2);
        let at = |text: &str| gate.enter(text.parse().unwrap());
        let one = at("2001:db8::1").unwrap();
        let _two = at("2001:db8::2").unwrap();
        assert!(at("2001:db8::3").is_none(), "the same /64");
        let _three = at("192.0.2.1").unwrap();
        let _four = at("::ffff:192.0.2.1").unwrap();
        assert!(at("198.51.100.1").is_none(), "all are taken");
        drop(one);
        assert!(at("192.0.2.1").is_none(), "that address has two");
        assert!(at("198.51.100.1").is_some());
    }
}
