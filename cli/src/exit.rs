//! How the command ends, and what it says then.

use std::fmt;
use std::io;

use anyhow::Context as _;

use crate::commands::Context;
use crate::output::{NO_OUTPUT, way_out};
use crate::render::problems;

/// All is well.
pub(crate) const FINE: u8 = 0;
/// A check failed, or nothing can be planned.
pub(crate) const FAILED: u8 = 1;
/// Bad input or usage, or what cannot be read or written.
pub(crate) const BAD_INPUT: u8 = 2;

/// The end of a command whose reason has been told already.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("exit code {0}")]
pub(crate) struct Told(pub u8);

/// A mistake, and the way out of it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Mistake {
    message: String,
    hint: Option<String>,
}

/// A mistake whose way out is clear.
pub(crate) fn mistake(message: impl fmt::Display, hint: impl fmt::Display) -> anyhow::Error {
    Mistake { message: message.to_string(), hint: Some(hint.to_string()) }.into()
}

/// The exit code of a command; tells what has not been told.
pub(crate) fn code(result: anyhow::Result<u8>, context: &mut Context) -> u8 {
    let flushed = context.out.flush().context(NO_OUTPUT);
    match result.and_then(|code| flushed.map(|()| code)) {
        Ok(code) => code,
        Err(error) => told(&error, context),
    }
}

fn told(error: &anyhow::Error, context: &mut Context) -> u8 {
    if let Some(Told(code)) = error.downcast_ref() {
        return *code;
    }
    let broken_pipe = |cause: &(dyn std::error::Error + 'static)| {
        let error = cause.downcast_ref::<io::Error>();
        error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    };
    // Whoever read the output has seen enough.
    if error.chain().any(broken_pipe) {
        return FINE;
    }
    let hint = error.downcast_ref::<Mistake>().and_then(|mistake| mistake.hint.as_deref());
    let stdout = error.to_string() == NO_OUTPUT;
    let hint = hint.or_else(|| way_out(error.downcast_ref().filter(|_| stdout)?));
    let text = problems::plain(&format!("{error:#}"), hint, context.paint_err);
    // Nobody is left to tell when stderr is gone.
    let _ = context.err.write_all(text.as_bytes());
    BAD_INPUT
}
