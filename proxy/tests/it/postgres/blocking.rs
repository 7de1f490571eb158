//! Waiting for something that needs nothing of the test's runtime: that one may be on its way out.

use super::database::on_a_runtime;

/// Does something on a thread and a runtime of its own, and waits for it.
pub(super) fn blocking<T, W, F>(work: W) -> T
where
    W: FnOnce() -> F + Send + 'static,
    F: Future<Output = T>,
    T: Send + 'static,
{
    let doing = std::thread::spawn(move || on_a_runtime(work));
    doing.join().unwrap()
}
