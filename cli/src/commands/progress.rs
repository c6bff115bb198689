//! What a person sees while platforms are planned: `3 of 9: kafka-st1`, rewritten in place and gone at the end.

use std::time::{Duration, Instant};

use model::horizon::Asked;
use model::{Comparison, View};

use super::Context;
use crate::input::Case;
use crate::output::Output;
use crate::render::text::fit;

/// Whoever waits for less than this needs no word.
const PATIENCE: Duration = Duration::from_millis(300);

/// Columns that a line takes in any terminal.
const NARROW: usize = 60;

/// Plans every platform of a case; says how far it is where that takes long and a person looks at messages.
pub(crate) fn compared(case: &Case, view: View, asked: Asked, context: &mut Context) -> Comparison {
    let mut progress =
        Progress::new(context.err, case.scenario.platforms.len(), Instant::now() + PATIENCE);
    let mut told = |name: &str| progress.tell(name);
    let comparison = model::comparison::run(&case.scenario, &case.prices, view, asked, &mut told);
    progress.clear();
    comparison
}

/// A line that is written again and again.
struct Progress<'a> {
    out: Option<&'a mut dyn Output>,
    count: usize,
    index: usize,
    quiet_until: Instant,
    written: bool,
}

impl<'a> Progress<'a> {
    fn new(out: &'a mut dyn Output, count: usize, quiet_until: Instant) -> Self {
        let wanted = count > 1 && out.is_terminal();
        Self { out: wanted.then_some(out), count, index: 0, quiet_until, written: false }
    }

    fn tell(&mut self, name: &str) {
        self.index += 1;
        if Instant::now() >= self.quiet_until {
            self.write(&fit(&format!("{} of {}: {name}", self.index, self.count), NARROW));
        }
    }

    fn clear(&mut self) {
        if self.written {
            self.write("");
        }
    }

    /// Over what was there. Progress that cannot be shown is no reason to stop.
    fn write(&mut self, text: &str) {
        if let Some(out) = &mut self.out {
            let _ = write!(out, "\r\x1b[K{text}");
            let _ = out.flush();
            self.written = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use super::*;

    struct Terminal(Vec<u8>);

    impl Write for Terminal {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Output for Terminal {
        fn is_terminal(&self) -> bool {
            true
        }
    }

    #[track_caller]
    fn check(out: &mut dyn Output, names: &[&str], patience: Duration) {
        let mut progress = Progress::new(out, names.len(), Instant::now() + patience);
        names.iter().for_each(|name| progress.tell(name));
        progress.clear();
    }

    #[test]
    fn a_line_is_rewritten_and_cleared() {
        let mut terminal = Terminal(Vec::new());
        check(&mut terminal, &["kafka-gp3", "kafka\x1b[2J"], Duration::ZERO);
        let expected = "\r\x1b[K1 of 2: kafka-gp3\r\x1b[K2 of 2: kafka␛[2J\r\x1b[K";
        assert_eq!(String::from_utf8_lossy(&terminal.0), expected);
    }

    #[test]
    fn nothing_is_told_to_files_of_one_platform_or_too_soon() {
        let mut file = Vec::new();
        check(&mut file, &["a", "b"], Duration::ZERO);
        assert!(file.is_empty());
        let mut terminal = Terminal(Vec::new());
        check(&mut terminal, &["a"], Duration::ZERO);
        check(&mut terminal, &["a", "b"], Duration::from_secs(3600));
        assert!(terminal.0.is_empty());
    }
}
