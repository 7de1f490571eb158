//! The reference model: the gateway's invoices and widgets and nothing else, written from the gateway reference.
//!
//! It shares no code with the sandbox. Amounts are whole numbers of the chain's smallest unit, time is milliseconds
//! since the epoch, and everything due is applied in order of time. Where the documentation is silent, the comment says
//! «chosen», and `docs/CALYPSO.md` lists the choice.

mod coin;
mod invoice;
mod widget;

pub(crate) use coin::{COINS, Coin};
pub(crate) use invoice::{Due, Event, Invoice, Reason, Sender, Stage, State, Terms, WrongState};
pub(crate) use widget::{NoChoice, Widget, WidgetState};

/// A widget lives a day unless it says otherwise (§7.3).
const WIDGET_LIFE: i64 = 86_400_000;

/// The gateway of one merchant.
#[derive(Clone, Debug)]
pub(crate) struct Gateway {
    pub(crate) now: i64,
    pub(crate) invoices: Vec<Invoice>,
    pub(crate) widgets: Vec<Widget>,
    /// What one coin costs in the fiat currency, in ten-thousandths; one entry for each of [`COINS`].
    rates: Vec<u128>,
    /// By how many thousandths of its amount an invoice may be overpaid: a setting of the merchant (§7.2).
    tolerance: u128,
}

/// Something that becomes due; its order decides within one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Invoice(Due, usize),
    Widget(usize),
}

impl Gateway {
    pub(crate) fn new(now: i64, rates: Vec<u128>, tolerance: u128) -> Self {
        assert_eq!(rates.len(), COINS.len());
        Self {
            now,
            invoices: Vec::new(),
            widgets: Vec::new(),
            rates,
            tolerance,
        }
    }

    pub(crate) fn rate(&self, coin: &Coin) -> u128 {
        let place = COINS.iter().position(|known| known.code == coin.code);
        self.rates[place.expect("a coin of the model")]
    }

    pub(crate) fn fix_rate(&mut self, coin: usize, rate: u128) {
        self.rates[coin] = rate;
    }

    /// Makes an invoice; `life` replaces the usual one.
    pub(crate) fn create(
        &mut self,
        coin: &'static Coin,
        terms: Terms,
        amount: Option<u128>,
        life: Option<i64>,
    ) -> usize {
        let amount = match terms {
            Terms::SingleFiat { cents } => Some(coin.amount_for(cents, self.rate(coin))),
            _ => amount,
        };
        let mut invoice = Invoice::new(coin, terms, amount, self.now);
        invoice.tolerance = self.tolerance;
        if let Some(life) = life {
            invoice.expiration = Some(self.now + life);
        }
        self.invoices.push(invoice);
        self.invoices.len() - 1
    }

    pub(crate) fn create_widget(
        &mut self,
        coins: Vec<&'static Coin>,
        cents: Option<u128>,
        life: Option<i64>,
    ) {
        self.widgets.push(Widget {
            cents,
            coins,
            expiration: self.now + life.unwrap_or(WIDGET_LIFE),
            state: WidgetState::InProgress,
            invoices: Vec::new(),
        });
    }

    /// The buyer picks a currency. The same one again gives the invoice it gave before, unless that is archived (chosen).
    pub(crate) fn choose(&mut self, widget: usize, coin: &'static Coin) -> Result<usize, NoChoice> {
        self.widgets[widget].offers(coin)?;
        let known = self.widgets[widget].invoices.iter().find(|invoice| {
            let invoice = &self.invoices[**invoice];
            invoice.coin.code == coin.code && invoice.state != State::Archived
        });
        if let Some(known) = known {
            return Ok(*known);
        }
        let Widget {
            cents, expiration, ..
        } = self.widgets[widget];
        let place = match cents {
            Some(cents) => self.create(coin, Terms::SingleFiat { cents }, None, None),
            None => self.create(coin, Terms::UnlimitedLinked, None, None),
        };
        let invoice = &mut self.invoices[place];
        invoice.widget = Some(widget);
        // An invoice lives no longer than its widget (§7.3, inferred).
        invoice.expiration = invoice.expiration.map(|end| end.min(expiration));
        self.widgets[widget].invoices.push(place);
        Ok(place)
    }

    pub(crate) fn deposit(&mut self, invoice: usize, amount: u128, sender: Sender, stage: Stage) {
        self.invoices[invoice].deposit(amount, sender, stage, self.now);
        self.complete_widgets();
    }

    /// Moves a deposit on and says whether it can go that way. To where it is already it goes without any effect (chosen).
    pub(crate) fn advance(&mut self, invoice: usize, deposit: usize, stage: Stage) -> bool {
        let before = self.invoices[invoice].deposits[deposit].stage;
        if before == stage || !before.leads_to(stage) {
            return before == stage;
        }
        self.invoices[invoice].advance(deposit, stage, self.now);
        self.complete_widgets();
        true
    }

    pub(crate) fn return_to_paid(&mut self, invoice: usize) -> Result<(), WrongState> {
        let done = self.invoices[invoice].return_to_paid(self.now);
        self.complete_widgets();
        done
    }

    /// A widget is completed as soon as one of its invoices is PAID (§4.3).
    fn complete_widgets(&mut self) {
        for invoice in &self.invoices {
            if let (State::Paid, Some(widget)) = (invoice.state, invoice.widget) {
                self.widgets[widget].paid();
            }
        }
    }

    /// When something happens by itself the next time.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.agenda().map(|(at, _)| at)
    }

    fn agenda(&self) -> Option<(i64, Happening)> {
        let invoices = self.invoices.iter().enumerate();
        let invoices = invoices.filter_map(|(place, invoice)| {
            let (at, due) = invoice.next_due()?;
            Some((at, Happening::Invoice(due, place)))
        });
        let widgets = self.widgets.iter().enumerate();
        let widgets =
            widgets.filter_map(|(place, widget)| Some((widget.due()?, Happening::Widget(place))));
        invoices.chain(widgets).min()
    }

    /// Lets time pass: whatever becomes due until then happens, in order of time.
    pub(crate) fn wait_until(&mut self, end: i64) {
        while let Some((at, event)) = self.agenda().filter(|(at, _)| *at <= end) {
            self.now = at.max(self.now);
            match event {
                Happening::Invoice(due, place) => {
                    let rate = self.rate(self.invoices[place].coin);
                    self.invoices[place].apply(due, rate, self.now);
                }
                Happening::Widget(place) => self.widgets[place].end(),
            }
        }
        self.now = end;
    }
}
