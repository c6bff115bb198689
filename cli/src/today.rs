//! The day: as somebody says it, or by the clock.

use anyhow::Context as _;
use jiff::Timestamp;
use model::calendar::Date;

use crate::exit::mistake;

/// Seconds since 1970 that stand for now, wherever builds are to be reproducible: a convention of many tools.
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// The moment by the environment, or else by the clock.
pub(crate) fn now() -> anyhow::Result<Timestamp> {
    let Some(text) = std::env::var_os(EPOCH) else { return Ok(Timestamp::now()) };
    let text = text.to_string_lossy();
    let seconds = text.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    seconds
        .with_context(|| format!("`{EPOCH}` is not a number of seconds"))
        .map_err(|error| mistake(error, "set it to seconds since 1970-01-01, or leave it unset"))
}

/// The day of now, in UTC.
pub(crate) fn today() -> anyhow::Result<Date> {
    let day = now()?.strftime("%Y-%m-%d").to_string();
    day.parse().map_err(|_| mistake(format!("`{day}` is out of the calendar"), "set the clock"))
}

/// A day as `--today` takes it.
pub(crate) fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "expected a day such as 2026-11-20".to_owned())
}
