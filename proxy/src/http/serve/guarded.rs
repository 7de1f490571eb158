//! A body that says when it is over.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use hyper::body::{Body, Frame, SizeHint};

use super::progress::Progress;

/// A body, and what its end means for the connection.
pub(super) struct Guarded<B> {
    body: B,
    end: End,
}

/// Notes the end once, also when the body is dropped before it.
struct End {
    progress: Arc<Progress>,
    noted: Option<fn(&Progress, Instant)>,
}

impl End {
    fn note(&mut self) {
        if let Some(note) = self.noted.take() {
            note(&self.progress, Instant::now());
        }
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.note();
    }
}

impl<B> Guarded<B> {
    /// `body`, at whose end `note` is called.
    pub(super) fn new(body: B, progress: Arc<Progress>, note: fn(&Progress, Instant)) -> Self {
        Self {
            body,
            end: End {
                progress,
                noted: Some(note),
            },
        }
    }
}

impl<B: Body + Unpin> Body for Guarded<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if !matches!(frame, Some(Ok(_))) {
            self.end.note();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
