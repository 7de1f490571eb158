//! The name of the request on whose behalf something is done, so that each line of the log says it.

use std::fmt;
use std::future::Future;

use tokio::task::JoinHandle;
use tracing::Instrument;
use uuid::Uuid;

/// How long a name from elsewhere may be.
const LONGEST: usize = 64;
/// And how short: a name that says nothing tells no two requests apart.
const SHORTEST: usize = 8;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// A request's name: 8 to 64 of `A-Z a-z 0-9 . _ -`, so that it can stand in any line and any header as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestId {
    bytes: [u8; LONGEST],
    length: usize,
}

impl RequestId {
    /// A new one, which nobody else has: 32 hexadecimal digits.
    pub(crate) fn new() -> Self {
        let mut digits = Uuid::encode_buffer();
        let id = Uuid::new_v4().simple().encode_lower(&mut digits);
        Self::of(id.as_bytes())
    }

    /// The name that a proxy in front has given; `None` where it has not the form of one.
    pub(crate) fn given(text: &[u8]) -> Option<Self> {
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
        let fits = (SHORTEST..=LONGEST).contains(&text.len()) && text.iter().all(is_plain);
        fits.then(|| Self::of(text))
    }

    fn of(text: &[u8]) -> Self {
        let mut bytes = [0; LONGEST];
        bytes[..text.len()].copy_from_slice(text);
        Self {
            bytes,
            length: text.len(),
        }
    }

    /// It as text.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).expect("made of ASCII")
    }

    /// The one on whose behalf this task works; `None` for what the proxy does by itself.
    pub(crate) fn current() -> Option<Self> {
        CURRENT.try_with(|id| *id).ok()
    }

    /// Does the work on behalf of this request.
    pub(crate) fn during<F: Future>(self, work: F) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(self, work)
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Work that is done on behalf of the same request as the work that asks for it, and within the same span, wherever it is run.
pub(crate) fn carried<T>(work: impl Future<Output = T> + Send) -> impl Future<Output = T> + Send {
    let (id, work) = (RequestId::current(), work.in_current_span());
    async move {
        match id {
            Some(id) => id.during(work).await,
            None => work.await,
        }
    }
}

/// Starts such work as a task.
pub(crate) fn spawn<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<T> {
    tokio::spawn(carried(work))
}

#[cfg(test)]
mod tests {
    use super::{RequestId, spawn};

    #[test]
    fn a_name_from_elsewhere_is_plain_or_none() {
        for good in ["01234567", "a.b_c-D9", &"x".repeat(64)] {
            let id = RequestId::given(good.as_bytes());
            assert_eq!(id.expect("a name").as_str(), good);
        }
        let long = "x".repeat(65);
        for bad in [
            "",
            "short",
            &long,
            "has a blank",
            "line\nbreak",
            "\u{1b}[31mred!",
            "a\"b,c:d{}",
            "ünicode-x",
        ] {
            assert_eq!(RequestId::given(bad.as_bytes()), None, "{bad:?}");
        }
        assert_ne!(RequestId::new(), RequestId::new());
        assert_eq!(RequestId::new().as_str().len(), 32);
    }

    #[tokio::test]
    async fn a_task_works_for_the_request_that_began_it() {
        assert_eq!(RequestId::current(), None);
        let id = RequestId::new();
        let seen = id.during(async {
            let task = spawn(async { RequestId::current() });
            task.await.expect("it does not panic")
        });
        assert_eq!(seen.await, Some(id));
        assert_eq!(
            spawn(async { RequestId::current() }).await.expect("none"),
            None
        );
    }
}
