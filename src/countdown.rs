//! The proxy's time, carried forward by a clock that nobody can set, and how long is left of it.

use checkout::{Timestamp, digits};

/// How far the wall clock may run away from the monotonic one before the pair is no longer believed, in milliseconds.
pub const DRIFT_MS: i64 = 2_000;

/// What both clocks of this computer showed at one moment, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// `performance.now()`: never set by anybody, but on some systems it stands still while the computer sleeps.
    pub monotonic: i64,
    /// `Date.now()`: set by anybody at any time. Used only to notice that the other one stood still.
    pub wall: i64,
}

/// The proxy's `now`, anchored at a reading of this computer's clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerClock {
    now: Timestamp,
    at: Reading,
    trusted: bool,
}

impl ServerClock {
    /// Anchors the proxy's `now` from an answer that was asked for at monotonic time `sent` and came at `received`.
    ///
    /// The proxy looked at its clock somewhere between the two; the middle is never wrong by more than half of the wait.
    #[must_use]
    pub fn anchored(now: Timestamp, sent: i64, received: Reading) -> Self {
        let wait = received.monotonic.saturating_sub(sent).max(0);
        Self {
            now: now.plus_millis(wait / 2),
            at: received,
            trusted: true,
        }
    }

    /// The proxy's time at `reading`, by the monotonic clock alone.
    #[must_use]
    pub fn now(&self, reading: Reading) -> Timestamp {
        self.now.plus_millis(self.elapsed(reading))
    }

    /// The latest time it can be at the proxy: what decides whether an address may still be shown.
    ///
    /// Trusted, this is [`now`](Self::now). After a suspicion both clocks are heard and the later one wins, so that a
    /// computer that slept past the expiry does not show the address while it waits for the proxy's answer.
    #[must_use]
    pub fn latest(&self, reading: Reading) -> Timestamp {
        let elapsed = self.elapsed(reading);
        if self.trusted {
            return self.now.plus_millis(elapsed);
        }
        self.now
            .plus_millis(elapsed.max(reading.wall.saturating_sub(self.at.wall)))
    }

    /// Whether the two clocks have run apart: the computer slept, or somebody set its clock. Either way: ask the proxy.
    #[must_use]
    pub fn has_drifted(&self, reading: Reading) -> bool {
        let wall = reading.wall.saturating_sub(self.at.wall);
        wall.saturating_sub(self.elapsed(reading)).saturating_abs() > DRIFT_MS
    }

    /// Hears the proxy's `now` in something that nobody asked for, which may have been on its way for long: it can only be later there. So a
    /// count that is ahead of it stays. The two clocks are compared from where they were before, so that a sleep is noticed all the same.
    pub fn hear(&mut self, now: Timestamp, reading: Reading) {
        let ahead = now.millis_since(self.now(reading));
        if self.trusted && ahead > 0 {
            self.now = self.now.plus_millis(ahead);
        }
    }

    /// Stops believing the count until the next [`anchored`](Self::anchored) answer.
    pub fn suspect(&mut self) {
        self.trusted = false;
    }

    /// Whether the count may be shown.
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        self.trusted
    }

    fn elapsed(&self, reading: Reading) -> i64 {
        reading.monotonic.saturating_sub(self.at.monotonic).max(0)
    }
}

/// Answer seconds from `now` to `deadline`, rounded up, so that zero means over; zero too when it is over.
#[must_use]
pub fn seconds_left(deadline: Timestamp, now: Timestamp) -> u32 {
    let left = deadline.millis_since(now).max(0);
    u32::try_from(left.saturating_add(999) / 1_000).unwrap_or(u32::MAX)
}

/// `seconds` the way a clock shows them: `4:07`, `2:59:07`.
#[must_use]
pub fn clock_face(seconds: u32) -> String {
    let mut face = String::new();
    let hours = seconds / 3_600;
    if hours > 0 {
        face.push_str(&digits(hours.into()));
        face.push(':');
        push_two_digits(&mut face, seconds / 60 % 60);
    } else {
        face.push_str(&digits((seconds / 60).into()));
    }
    face.push(':');
    push_two_digits(&mut face, seconds % 60);
    face
}

fn push_two_digits(face: &mut String, number: u32) {
    if number < 10 {
        face.push('0');
    }
    face.push_str(&digits(number.into()));
}

#[cfg(test)]
mod tests;
