//! The cheapest way to build one platform, as far as time allows.

use model::optimize::words::{Words, certainty, conflicts, whole, words};
use model::optimize::{Asked, optimize};

use crate::case::Case;
use crate::protocol::{Built, Told};

/// Milliseconds in a second.
const MILLIS: f64 = 1000.0;

/// The best build that is found within so many seconds.
///
/// # Errors
///
/// When there is no such platform.
pub fn told(case: &Case, platform: &str, seconds: u32) -> Result<Told, Told> {
    let mut designs = case.scenario.platforms.iter();
    let design = designs
        .find(|design| design.name == platform)
        .ok_or_else(|| Told::Nothing(format!("there is no platform `{platform}`")))?;
    let end = now() + f64::from(seconds) * MILLIS;
    let mut stop = || now() > end;
    let asked = Asked { seconds: f64::from(seconds), ..Asked::default() };
    let found = optimize(design, &case.scenario, &case.prices, asked, &mut stop);
    let mut built = Built { platform: platform.to_owned(), ..Built::default() };
    match found {
        Ok(answer) => {
            let saved = answer.saved().as_f64()
                / answer.rules.monthly_cost().as_f64().max(f64::MIN_POSITIVE);
            let saved = model::export::figures::percent(saved);
            built.headline = format!(
                "{platform}: ${} a month instead of ${}, {saved} less; {}.",
                whole(&answer.plan),
                whole(&answer.rules),
                certainty(&answer)
            );
            // What is meant for one part of a platform cannot be said of the part alone.
            built.sayable = answer.parts.len() == 1;
            for words in words(&answer) {
                built.lines.push(match words {
                    Words::Part(words) | Words::Sentence(words) => (words, false),
                    Words::Setting { path, value } => {
                        let line = format!("{path} = {value}");
                        built.settings.push((path, value));
                        (line, true)
                    }
                    Words::Commitment(values) => {
                        let lines = values.iter().map(|(key, value)| format!("{key} = {value}"));
                        let line = format!("commitment: {}", lines.collect::<Vec<_>>().join(", "));
                        let own = |(key, value): (&str, String)| (key.to_owned(), value);
                        built.commitments.push(values.into_iter().map(own).collect());
                        (line, true)
                    }
                });
            }
        }
        Err(infeasible) => {
            built.headline = format!("{platform} cannot be planned.");
            let reasons = infeasible.rejection.reasons.iter().map(ToString::to_string);
            let why = reasons.chain(conflicts(&infeasible));
            built.lines = why.map(|sentence| (sentence, false)).collect();
        }
    }
    Ok(Told::Built(Box::new(built)))
}

/// Milliseconds on the browser's clock.
#[cfg(target_arch = "wasm32")]
fn now() -> f64 {
    js_sys::Date::now()
}

/// The same where no browser is: tests run the engine there too.
#[cfg(not(target_arch = "wasm32"))]
fn now() -> f64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.unwrap_or_default().as_secs_f64() * MILLIS
}
