//! Counters for the operator, as Prometheus reads them. Owns the invariant that no label or value
//! names an agency, a stream, a profile or an address.

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use satchel_wire::{Outcome, Refusal};

/// Upper bounds of the commit histogram's buckets, in milliseconds.
const COMMIT_MS: [u64; 8] = [1, 2, 5, 10, 25, 100, 500, 2_000];

/// One number that only grows, or a level.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// One more.
    pub fn up(&self) {
        self.add(1);
    }

    /// So many more.
    pub fn add(&self, by: u64) {
        self.0.fetch_add(by, Relaxed);
    }

    /// One less.
    pub fn down(&self) {
        self.0.fetch_sub(1, Relaxed);
    }

    fn set(&self, to: u64) {
        self.0.store(to, Relaxed);
    }

    fn read(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

macro_rules! metrics {
    ($($(#[$doc:meta])* $name:ident: $kind:literal, $metric:literal, $help:literal;)*) => {
        /// All counters of one process.
        #[derive(Debug, Default)]
        pub struct Metrics {
            $($(#[$doc])* #[doc = $help] pub $name: Count,)*
            commits: [Count; COMMIT_MS.len()],
            commits_all: Count,
            commits_us: Count,
        }

        impl Metrics {
            fn plain(&self) -> impl Iterator<Item = (&'static str, &'static str, &'static str, u64)> {
                [$(($metric, $kind, $help, self.$name.read()),)*].into_iter()
            }
        }
    };
}

metrics! {
    connections: "gauge", "satchel_connections", "Open sync connections.";
    connections_refused: "counter", "satchel_connections_refused_total", "Connections over a limit.";
    ready: "gauge", "satchel_connections_ready", "Sync connections that have authenticated.";
    auth_failed: "counter", "satchel_auth_failed_total", "Connections refused or timed out before they were authenticated.";
    slow_closed: "counter", "satchel_slow_readers_closed_total", "Connections closed because they did not read.";
    frames_in: "counter", "satchel_frames_received_total", "Frames received.";
    frames_out: "counter", "satchel_frames_sent_total", "Frames sent.";
    bytes_in: "counter", "satchel_bytes_received_total", "Bytes of frames received.";
    bytes_out: "counter", "satchel_bytes_sent_total", "Bytes of frames sent.";
    hints: "counter", "satchel_hints_total", "Streams hinted at, before hints are put together.";
    stored: "counter", "satchel_items_stored_total", "Items pushed and stored, now or before.";
    refused: "counter", "satchel_items_refused_total", "Items pushed and refused.";
    unavailable: "counter", "satchel_items_unavailable_total", "Items not taken because the store could not.";
    queued: "gauge", "satchel_writer_queue", "Pushes that wait for the writer.";
    wal_len: "gauge", "satchel_wal_bytes", "Length of SQLite's write-ahead log after the last commit.";
}

impl Metrics {
    /// A transaction is on disk.
    pub fn committed(&self, took: Duration, wal_len: u64) {
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        for (bound, bucket) in COMMIT_MS.iter().zip(&self.commits) {
            if ms < *bound {
                bucket.up();
            }
        }
        self.commits_all.up();
        self.commits_us
            .add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        self.wal_len.set(wal_len);
    }

    /// What became of a push.
    pub fn answered(&self, outcomes: &[Outcome]) {
        for outcome in outcomes {
            match outcome {
                Outcome::Stored(_) | Outcome::Kept | Outcome::Counted(_) => self.stored.up(),
                Outcome::Refused(Refusal::Unavailable) => self.unavailable.up(),
                Outcome::Refused(_) => self.refused.up(),
            }
        }
    }

    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for (name, kind, help, value) in self.plain() {
            // Writing into a String cannot fail.
            let _ = write!(
                text,
                "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n"
            );
        }
        let name = "satchel_commit_seconds";
        let _ = writeln!(
            text,
            "# HELP {name} Time of a group commit.\n# TYPE {name} histogram"
        );
        for (bound, bucket) in COMMIT_MS.iter().zip(&self.commits) {
            let seconds = Duration::from_millis(*bound).as_secs_f64();
            let _ = writeln!(text, "{name}_bucket{{le=\"{seconds}\"}} {}", bucket.read());
        }
        let all = self.commits_all.read();
        let sum = Duration::from_micros(self.commits_us.read()).as_secs_f64();
        let _ = write!(
            text,
            "{name}_bucket{{le=\"+Inf\"}} {all}\n{name}_sum {sum}\n{name}_count {all}\n"
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_upwards() {
        let metrics = Metrics::default();
        metrics.committed(Duration::from_millis(3), 7);
        metrics.committed(Duration::from_secs(9), 8);
        let text = metrics.render();
        for line in [
            "satchel_wal_bytes 8",
            "satchel_commit_seconds_bucket{le=\"0.002\"} 0",
            "satchel_commit_seconds_bucket{le=\"0.005\"} 1",
            "satchel_commit_seconds_bucket{le=\"2\"} 1",
            "satchel_commit_seconds_bucket{le=\"+Inf\"} 2",
            "satchel_commit_seconds_sum 9.003",
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "{line} is not in\n{text}"
            );
        }
    }
}
