//! Work that is numbered, on all cores: what comes of it is in the order of its numbers, whoever did it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::{Context, progress};

/// Does so much by its numbers, each thread with a state of its own; says how far it is where that takes long and a person
/// looks at messages.
pub(crate) fn in_order<S, T: Send>(
    count: usize,
    context: &mut Context,
    start: &(dyn Fn() -> S + Sync),
    work: &(dyn Fn(&mut S, usize) -> T + Sync),
) -> Vec<T> {
    /// Often enough to see it move.
    const TELL: Duration = Duration::from_millis(100);
    let workers = thread::available_parallelism().map_or(1, usize::from).min(count);
    let next = AtomicUsize::new(0);
    let mut line = progress::Counting::new(context.err, count);
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let run = || {
            let mut state = start();
            let mut list = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    return list;
                }
                list.push((index, work(&mut state, index)));
            }
        };
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(run)).collect();
        while handles.iter().any(|handle| !handle.is_finished()) {
            line.tell(next.load(Ordering::Relaxed).min(count));
            thread::sleep(TELL.min(Duration::from_millis(5 + 5 * count as u64)));
        }
        // A worker that panics is a fault of ours, and is told as one.
        handles
            .into_iter()
            .flat_map(|handle| {
                handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    line.clear();
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, one)| one).collect()
}
