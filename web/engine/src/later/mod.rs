//! What somebody asks for: files, futures, where platforms cross, which defaults decide, the cheapest build.

mod breakeven;
mod files;
mod futures;
mod optimized;
mod sensitivity;

use crate::case::Cases;
use crate::protocol::{Ask, Later, Reply, Told, What};

pub use files::json;

/// Answers questions, and remembers the futures that were run last.
#[derive(Default)]
pub struct Engine {
    cases: Cases,
    running: Option<futures::Running>,
}

impl Engine {
    /// The answer to one question.
    pub fn reply(&mut self, Ask { id, text, what }: Ask) -> Reply {
        let told = match what {
            What::Later(later) => self.told(&text, later).unwrap_or_else(|told| told),
            What::Prices { path, file } => {
                self.cases.take(path, file);
                self.running = None;
                Told::Taken
            }
            _ => Told::Nothing("the page's first module answers that".to_owned()),
        };
        Reply { id, told }
    }

    fn told(&mut self, text: &str, what: Later) -> Result<Told, Told> {
        let case = self.cases.case(text)?;
        Ok(match what {
            Later::Futures { steady } => {
                let running = match self.running.take() {
                    Some(running) if running.are_of(text, steady) => running,
                    _ => futures::Running::new(case, steady)?,
                };
                Told::Futures(Box::new(self.running.insert(running).next()))
            }
            Later::BreakEven { path, from, to, between, steady, width } => {
                breakeven::told(&case, (&path, &from, &to), &between, steady, width)?
            }
            Later::Sure => sensitivity::told(&case)?,
            // The cheapest build may buy commitments.
            Later::Build { platform, seconds } => match self.cases.unasked(&case) {
                Some(path) => Told::Awaits(path),
                None => optimized::told(&case, &platform, seconds)?,
            },
            Later::FuturesFile { steady, csv } => {
                let running = self.running.as_ref();
                let running = running.filter(|running| running.are_of(text, steady));
                let file = running.and_then(|running| running.file(csv));
                let file = file.ok_or_else(|| Told::Nothing("run the futures first".to_owned()))?;
                Told::File(Box::new(file))
            }
            Later::File { kind, platform, today } => {
                let today = today.and_then(|today| today.parse().ok());
                Told::File(Box::new(files::file(&case, kind, platform.as_deref(), today)?))
            }
        })
    }
}
