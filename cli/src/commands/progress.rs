//! What a person sees while something takes long: `3 of 9: kafka-st1`, rewritten in place and gone at the end.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use model::horizon::Asked;
use model::units::separated;
use model::{Comparison, View};

use super::Context;
use crate::input::Case;
use crate::output::Output;
use crate::render::text::fit;

/// Whoever waits for less than this needs no word.
const PATIENCE: Duration = Duration::from_millis(300);

/// Columns that a line takes in any terminal.
const NARROW: usize = 60;

/// Bytes between two words on a file: often enough to see it move.
const STRIDE: u64 = 8 << 20;

/// Plans every platform of a case, and tells what prices and facts of it are old; says how far it is where that takes long and a person looks at messages.
pub(crate) fn compared(case: &Case, view: View, asked: Asked, context: &mut Context) -> Comparison {
    let mut progress =
        Progress::new(context.err, case.scenario.platforms.len(), Instant::now() + PATIENCE);
    let mut told = |name: &str| progress.tell(name);
    let comparison = model::comparison::run(&case.scenario, &case.prices, view, asked, &mut told);
    progress.line.clear();
    context.tell_stale(&comparison);
    comparison
}

/// How many values have been looked at, of which nobody knows how many there will be.
pub(crate) struct Looking<'a> {
    line: Line<'a>,
    told: Instant,
}

/// Between two words of what moves fast.
const PACE: Duration = Duration::from_millis(100);

impl<'a> Looking<'a> {
    pub(crate) fn new(out: &'a mut dyn Output) -> Self {
        let now = Instant::now();
        Self { line: Line::new(out, true, now + PATIENCE), told: now }
    }

    pub(crate) fn tell(&mut self, count: usize) {
        if self.told.elapsed() >= PACE {
            self.told = Instant::now();
            self.line.tell(&format!("looked at {count} values"));
        }
    }

    pub(crate) fn done(mut self) {
        self.line.clear();
    }
}

/// How many of several things are begun.
pub(crate) struct Progress<'a> {
    line: Line<'a>,
    count: usize,
    index: usize,
}

impl<'a> Progress<'a> {
    /// Of so many, for whoever waits.
    pub(crate) fn of(out: &'a mut dyn Output, count: usize) -> Self {
        Self::new(out, count, Instant::now() + PATIENCE)
    }

    fn new(out: &'a mut dyn Output, count: usize, quiet_until: Instant) -> Self {
        Self { line: Line::new(out, count > 1, quiet_until), count, index: 0 }
    }

    /// Nothing is left of it.
    pub(crate) fn clear(&mut self) {
        self.line.clear();
    }

    pub(crate) fn tell(&mut self, name: &str) {
        self.index += 1;
        self.line.tell(&format!("{} of {}: {name}", self.index, self.count));
    }
}

/// Things that are many and alike, and how long the rest will take.
pub(crate) struct Counting<'a> {
    line: Line<'a>,
    count: usize,
    begun: Instant,
}

impl<'a> Counting<'a> {
    pub(crate) fn new(out: &'a mut dyn Output, count: usize) -> Self {
        let begun = Instant::now();
        Self { line: Line::new(out, count > 1, begun + PATIENCE), count, begun }
    }

    pub(crate) fn tell(&mut self, done: usize) {
        let passed = self.begun.elapsed().as_secs_f64();
        let rate = done as f64 / passed.max(f64::MIN_POSITIVE);
        let left = (self.count - done.min(self.count)) as f64 / rate.max(f64::MIN_POSITIVE);
        let left = if done > 0 { format!(", {left:.0} s left") } else { String::new() };
        self.line.tell(&format!("{done} of {}, {rate:.0}/s{left}", self.count));
    }

    pub(crate) fn clear(&mut self) {
        self.line.clear();
    }
}

/// Points of a sweep: a bar, how fast it goes, and how long the rest will take.
pub(crate) struct Sweeping<'a> {
    line: Line<'a>,
    count: u64,
    /// Those that an earlier run has done.
    before: u64,
    begun: Instant,
    told: Instant,
}

/// Cells of a bar.
const BAR: u64 = 12;

impl<'a> Sweeping<'a> {
    pub(crate) fn new(out: &'a mut dyn Output, count: u64, before: u64) -> Self {
        let now = Instant::now();
        let line = Line::new(out, true, now + PATIENCE);
        Self { line, count, before, begun: now, told: now }
    }

    pub(crate) fn tell(&mut self, done: u64) {
        if self.told.elapsed() >= PACE {
            self.told = Instant::now();
            let text = bar(done, self.count, self.before, self.begun.elapsed().as_secs_f64());
            self.line.tell(&text);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.line.clear();
    }
}

/// How far points are: `█████░░░░░ 123,456 of 246,912, 12,345/s, 10 s left`.
fn bar(done: u64, count: u64, before: u64, seconds: f64) -> String {
    let cells = (u128::from(done) * u128::from(BAR) / u128::from(count.max(1))) as usize;
    let cells = cells.min(BAR as usize);
    let bar = "█".repeat(cells) + &"░".repeat(BAR as usize - cells);
    let rate = done.saturating_sub(before) as f64 / seconds.max(f64::MIN_POSITIVE);
    let left = count.saturating_sub(done) as f64 / rate.max(f64::MIN_POSITIVE);
    let left = match left {
        _ if rate <= 0.0 => "? left".to_owned(),
        left if left < 120.0 => format!("{left:.0} s left"),
        left if left < 7200.0 => format!("{:.0} min left", left / 60.0),
        left => format!("{:.0} h left", left / 3600.0),
    };
    let number = |number: u64| separated(&number.to_string());
    format!("{bar} {} of {}, {}/s, {left}", number(done), number(count), number(rate as u64))
}

/// A file that is read, and how much of it has been.
pub(crate) struct Reading<'a> {
    inner: &'a mut dyn Read,
    line: Line<'a>,
    name: &'a str,
    size: Option<u64>,
    read: u64,
    told: u64,
}

impl<'a> Reading<'a> {
    /// `size` is in bytes, where known.
    pub(crate) fn new(
        inner: &'a mut dyn Read,
        out: &'a mut dyn Output,
        name: &'a str,
        size: Option<u64>,
    ) -> Self {
        let line = Line::new(out, true, Instant::now() + PATIENCE);
        Self { inner, line, name, size: size.filter(|size| *size > 0), read: 0, told: 0 }
    }
}

impl Read for Reading<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        if self.read - self.told >= STRIDE {
            self.told = self.read;
            let done = self.read / 1_000_000;
            let far = match self.size {
                Some(size) => {
                    let percent = self.read.saturating_mul(100) / size;
                    format!("{percent} % of {} MB", size / 1_000_000)
                }
                None => format!("{done} MB"),
            };
            self.line.tell(&format!("{far}: {}", self.name));
        }
        Ok(read)
    }
}

/// Nothing is left of it, whether or not the file was good.
impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.line.clear();
    }
}

/// A line that is written again and again.
struct Line<'a> {
    out: Option<&'a mut dyn Output>,
    quiet_until: Instant,
    written: bool,
}

impl<'a> Line<'a> {
    fn new(out: &'a mut dyn Output, wanted: bool, quiet_until: Instant) -> Self {
        let wanted = wanted && out.is_terminal();
        Self { out: wanted.then_some(out), quiet_until, written: false }
    }

    fn tell(&mut self, text: &str) {
        if Instant::now() >= self.quiet_until {
            self.write(&fit(text, NARROW));
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
    use std::io::Write;

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
        progress.line.clear();
    }

    #[test]
    fn a_line_is_rewritten_and_cleared() {
        let mut terminal = Terminal(Vec::new());
        check(&mut terminal, &["kafka-gp3", "kafka\x1b[2J"], Duration::ZERO);
        let expected = "\r\x1b[K1 of 2: kafka-gp3\r\x1b[K2 of 2: kafka␛[2J\r\x1b[K";
        assert_eq!(String::from_utf8_lossy(&terminal.0), expected);
    }

    #[test]
    fn a_bar_tells_rate_and_time_left() {
        assert_eq!(bar(0, 10, 0, 1.0), "░░░░░░░░░░░░ 0 of 10, 0/s, ? left");
        assert_eq!(bar(500, 1000, 0, 5.0), "██████░░░░░░ 500 of 1,000, 100/s, 5 s left");
        // What an earlier run did says nothing of how fast this one is.
        assert_eq!(bar(500, 1000, 400, 5.0), "██████░░░░░░ 500 of 1,000, 20/s, 25 s left");
        assert_eq!(bar(1, 100_000, 0, 1.0), "░░░░░░░░░░░░ 1 of 100,000, 1/s, 28 h left");
        assert_eq!(bar(1000, 1000, 0, 1.0), "████████████ 1,000 of 1,000, 1,000/s, 0 s left");
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

    #[test]
    fn a_file_tells_how_much_of_it_is_read() {
        let mut terminal = Terminal(Vec::new());
        let mut zeros = io::repeat(0).take(2 * STRIDE);
        let mut reading = Reading::new(&mut zeros, &mut terminal, "index.json", Some(2 * STRIDE));
        reading.line.quiet_until = Instant::now();
        io::copy(&mut reading, &mut io::sink()).expect("memory can be read");
        drop(reading);
        let told = String::from_utf8_lossy(&terminal.0).into_owned();
        let expected =
            "\r\x1b[K50 % of 16 MB: index.json\r\x1b[K100 % of 16 MB: index.json\r\x1b[K";
        assert_eq!(told, expected);
    }
}
