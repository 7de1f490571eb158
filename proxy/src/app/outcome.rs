//! What comes of work that several may wait for together.

/// What became of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadOutcome {
    /// The gateway gave no usable answer.
    Failed,
    /// The gateway was not asked: it may not be asked more often just now.
    NotNow,
    /// Somebody else had read it within the pace, so it was not read.
    Fresh,
    /// It was read, and what is stored is what the gateway says.
    Unchanged,
    /// It was read, and what is stored has changed.
    Changed,
}

impl ReadOutcome {
    /// Whether what is known now is what the gateway says.
    pub(crate) fn is_read(self) -> bool {
        !matches!(self, Self::Failed | Self::NotNow)
    }
}

/// What came of a flight that belongs to a checkout and a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// The checkout shows the currency.
    Shown,
    /// An old attempt was looked up, and nothing was chosen.
    Settled,
}

/// What came of one go at the invoice of a checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// The checkout shows it.
    Shown,
    /// What it was decided on has changed: it is to be decided anew.
    Anew,
    /// Another proxy on the same database is making it.
    Others,
}

/// What looking an old attempt up has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    /// Its invoice is stored.
    Found,
    /// It has none, and it is given up.
    GivenUp,
    /// The gateway has none yet, and may still make it.
    Open,
    /// Another proxy on the same database has it in hand, or has settled it.
    Elsewhere,
}
