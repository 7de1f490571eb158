//! Strangers decide how many requests are refused; they must not decide how much is written into the log.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use checkout::RefusalCode;

use crate::lock::lock;

/// Lines about refusals of one code in a window; further ones are counted.
const LINES: u32 = 20;
/// How long a window is.
const WINDOW: Duration = Duration::from_secs(60);

/// Which refusals get a line of their own.
#[derive(Default)]
pub(super) struct QuietLog(Mutex<HashMap<RefusalCode, Window>>);

struct Window {
    begun: Instant,
    refused: u32,
}

impl QuietLog {
    /// Whether a refusal with this code gets a line. At the end of a window one line says how many got none.
    pub(super) fn admits(&self, code: &RefusalCode, now: Instant) -> bool {
        let mut windows = lock(&self.0);
        windows.retain(|code, window| {
            let is_over = now.saturating_duration_since(window.begun) >= WINDOW;
            if is_over && window.refused > LINES {
                let more = window.refused - LINES;
                tracing::warn!(
                    code = code.as_str(),
                    more,
                    within_s = WINDOW.as_secs(),
                    "more requests were refused than are written down"
                );
            }
            !is_over
        });
        let window = windows.entry(code.clone()).or_insert(Window {
            begun: now,
            refused: 0,
        });
        window.refused = window.refused.saturating_add(1);
        window.refused <= LINES
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use checkout::RefusalCode;

    use super::{LINES, QuietLog, WINDOW};

    #[test]
    fn so_many_lines_per_code_and_window() {
        let (log, start) = (QuietLog::default(), Instant::now());
        let lines = |code: &RefusalCode, at| (0..1000).filter(|_| log.admits(code, at)).count();
        let most = usize::try_from(LINES).unwrap();
        assert_eq!(lines(&RefusalCode::MerchantKeyWrong, start), most);
        assert_eq!(lines(&RefusalCode::NotFound, start), most);
        assert_eq!(lines(&RefusalCode::NotFound, start + WINDOW / 2), 0);
        assert_eq!(lines(&RefusalCode::NotFound, start + WINDOW), most);
    }
}
