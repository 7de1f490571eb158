//! What a page is about to show, as the widget writes it (`src/claim.rs`): the checkout's id, the network's place in the table, the token's
//! contract, the address, the amount, and the moments of repricing and end in milliseconds since 1970. Each is a line, and what is not
//! there an empty one.

use crate::base64::decode;
use crate::parts::Parts;
use crate::payload::Payload;
use crate::room::LONGEST;
use checkout::NETWORKS;

/// The names by which other programs know the networks, in the order of the table.
const NAMES: [&str; NETWORKS.len()] = {
    let mut names = [""; NETWORKS.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = NETWORKS[place].caip2();
        place += 1;
    }
    names
};

/// Whether an encoded payload is the facts of an invoice that say what the lines say.
pub(crate) fn is_in(payload: &[u8], checkout: &[u8], lines: Parts<'_>) -> bool {
    let mut bytes = [0; LONGEST];
    let decoded = decode(payload, &mut bytes);
    decoded.is_some_and(|payload| says(payload, checkout, lines).is_some())
}

/// Of the lines there have to be as many as said above: what is signed comes from a stranger, who could have written lines of his own into it.
fn says(payload: &[u8], checkout: &[u8], mut lines: Parts<'_>) -> Option<()> {
    let mut line = || lines.next();
    let (network, token, address) = (line()?, line()?, line()?);
    let (amount, reprice_at, expires_at) = (line()?, line()?, line()?);
    if line().is_some() {
        return None;
    }
    let mut rest = Payload(payload);
    rest.takes(br#"{"v":1,"store":"#)?;
    rest.passes_text()?;
    rest.takes_member(br#","checkout":"#, checkout)?;
    rest.takes(br#","invoice":"#)?;
    if rest.takes(b"null").is_none() {
        rest.passes_text()?;
    }
    let name = NAMES.get(usize::try_from(number(network)?).ok()?)?;
    rest.takes_member(br#","network":"#, name.as_bytes())?;
    rest.takes_member(br#","token":"#, token)?;
    rest.takes_member(br#","address":"#, address)?;
    rest.takes_member(br#","amount":"#, amount)?;
    rest.takes(br#","repriceAt":"#)?;
    takes_moment(&mut rest, reprice_at)?;
    rest.takes(br#","expiresAt":"#)?;
    takes_moment(&mut rest, expires_at)?;
    rest.takes(b"}")?;
    rest.0.is_empty().then_some(())
}

fn takes_moment(rest: &mut Payload<'_>, millis: &[u8]) -> Option<()> {
    if millis.is_empty() {
        return rest.takes_value(b"");
    }
    let is_same = moment(rest.passes_text()?)? == number(millis)?;
    is_same.then_some(())
}

/// The milliseconds from 1970 to a moment as a proxy writes it, `2026-11-21T08:25:00Z` or with three digits of milliseconds. Nothing is signed
/// that is written otherwise.
fn moment(text: &[u8]) -> Option<i64> {
    const DAYS_TO_1970: i64 = 719_468;
    let part = |at: usize, length: usize| number(text.get(at..at + length)?);
    // Years are counted from March, so that a leap day is the last of its year.
    let months = part(0, 4)? * 12 + part(5, 2)? - 3;
    let (year, month) = (months / 12, months % 12);
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = year * 365 + leap_days + (153 * month + 2) / 5 + part(8, 2)? - 1 - DAYS_TO_1970;
    let seconds = ((days * 24 + part(11, 2)?) * 60 + part(14, 2)?) * 60 + part(17, 2)?;
    Some(seconds * 1000 + part(20, 3).unwrap_or(0))
}

/// A number of at most fifteen digits.
fn number(digits: &[u8]) -> Option<i64> {
    if !matches!(digits.len(), 1..=15) {
        return None;
    }
    let mut number = 0;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some(number)
}
