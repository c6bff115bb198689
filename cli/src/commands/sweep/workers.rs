//! Points planned by several threads, and written in their order all the same.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

use model::brief::Shelf;
use model::export::sweep as export;
use model::scenario::Draft;
use model::sweep::{self, Sweep};
use model::{Prices, Scenario, View};

/// Points of a steady month that are written at a time: some milliseconds' work.
const STEADY_BLOCK: u64 = 256;

/// Points of a run through time that are written at a time: so much is lost at most by each thread where one is
/// interrupted.
const BLOCK: u64 = 4;

/// Blocks for each thread that may be ready before the one that is written next.
const AHEAD: u64 = 4;

/// What is to be done.
pub(super) struct Work<'a> {
    pub sweep: &'a Sweep,
    pub scenario: &'a Scenario,
    pub draft: &'a Draft,
    pub look_up: &'a (dyn Fn(&Scenario) -> Result<Prices, String> + Sync),
    pub jobs: usize,
}

/// Who may go on, and how far.
struct Gate {
    next: AtomicU64,
    stopped: AtomicBool,
    written: Mutex<u64>,
    moved: Condvar,
}

impl Gate {
    /// Waits until a block may be planned; whether it still should.
    fn admits(&self, block: u64, ahead: u64) -> bool {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        while block >= *written + ahead && !self.stopped.load(Ordering::Relaxed) {
            written = self.moved.wait(written).unwrap_or_else(PoisonError::into_inner);
        }
        !self.stopped.load(Ordering::Relaxed)
    }

    fn written(&self, count: u64) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = count;
        self.moved.notify_all();
    }

    fn stop(&self) {
        // Under the lock, so that nobody is between looking and waiting.
        let _written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        self.stopped.store(true, Ordering::Relaxed);
        self.moved.notify_all();
    }
}

/// Nobody waits for a thread that is gone.
struct StopsAll<'a>(&'a Gate);

impl Drop for StopsAll<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

impl Work<'_> {
    /// Plans points, and hands over rows in their order with the number of points done so far.
    pub(super) fn run(
        &self,
        points: Range<u64>,
        write: &mut dyn FnMut(&str, u64) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let count = points.end.saturating_sub(points.start);
        let size = if matches!(self.sweep.view, View::Steady(_)) { STEADY_BLOCK } else { BLOCK };
        let blocks = count.div_ceil(size);
        let jobs = (self.jobs as u64).min(blocks);
        let gate = Gate {
            next: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
            written: Mutex::new(0),
            moved: Condvar::new(),
        };
        let gate = &gate;
        let (send, received) = mpsc::channel::<(u64, String)>();
        std::thread::scope(|scope| {
            for _ in 0..jobs {
                let (send, points) = (send.clone(), points.clone());
                scope.spawn(move || {
                    let _stops = StopsAll(gate);
                    let mut draft = self.draft.clone();
                    let mut shelf = Shelf::new(self.look_up);
                    loop {
                        let block = gate.next.fetch_add(1, Ordering::Relaxed);
                        if block >= blocks || !gate.admits(block, AHEAD * jobs) {
                            break;
                        }
                        let from = points.start + block * size;
                        let to = (from + size).min(points.end);
                        let text = self.block(from..to, &mut draft, &mut shelf);
                        if send.send((block, text)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(send);
            let done = in_order(&received, gate, &mut |text, block| {
                write(text, ((block + 1) * size).min(count))
            });
            if done.is_err() {
                gate.stop();
            }
            done
        })
    }

    fn block(&self, points: Range<u64>, draft: &mut Draft, shelf: &mut Shelf) -> String {
        let mut text = String::new();
        sweep::points(self.sweep, draft, shelf, points, &mut |index, point| {
            export::rows(self.sweep, self.scenario, index, point, &mut text);
        });
        text
    }
}

/// Hands over blocks in their order as they arrive in any.
fn in_order(
    received: &mpsc::Receiver<(u64, String)>,
    gate: &Gate,
    write: &mut dyn FnMut(&str, u64) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for (block, text) in received {
        early.insert(block, text);
        while let Some(text) = early.remove(&next) {
            write(&text, next)?;
            next += 1;
            gate.written(next);
        }
    }
    Ok(())
}
