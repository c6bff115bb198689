//! The command line: reads files, asks the model, writes what it says. Nothing is computed here but what is shown.
//!
//! Data goes to stdout, messages to stderr. Exit codes: 0 fine, 1 a check failed or nothing can be planned, 2 bad input
//! or usage, or what cannot be read or written.

mod bill;
mod commands;
mod exit;
mod input;
mod output;
mod render;
mod today;

use std::ffi::OsString;
use std::io::{self, Read};

use clap::Parser;
use clap::error::ErrorKind;

pub use commands::command;
use commands::{Arguments, Context};
pub use output::Output;
use render::paint::{Color, Paint};

/// Runs the command as `main` does: arguments (the program's name first) and streams in, exit code out.
///
/// ```
/// let (mut out, mut err) = (Vec::new(), Vec::new());
/// let code = cli::run(["highwater", "check", "-"], &mut "schema = 2".as_bytes(), &mut out, &mut err);
/// assert_eq!(code, 2);
/// assert!(String::from_utf8(err).unwrap().contains("schema 2 is not known"));
/// ```
pub fn run<I>(arguments: I, stdin: &mut dyn Read, out: &mut dyn Output, err: &mut dyn Output) -> u8
where
    I: IntoIterator<Item: Into<OsString> + Clone>,
{
    let given: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let arguments = match Arguments::try_parse_from(&given) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, out, err),
    };
    let color = arguments.color;
    let (paint_out, paint_err) = (Paint::new(color, out), Paint::new(color, err));
    let mut context = Context {
        stdin,
        out,
        err,
        paint_out,
        paint_err,
        common: arguments.common,
        given,
        today: None,
        stale: None,
    };
    let result = commands::run(arguments.verb, &mut context);
    exit::code(result, &mut context)
}

/// Help and version are data, a mistake is a message; `highwater` alone asks for help.
fn usage(error: &clap::Error, out: &mut dyn Output, err: &mut dyn Output) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => say(error, out, exit::FINE),
        _ => say(error, err, exit::BAD_INPUT),
    }
}

fn say(error: &clap::Error, stream: &mut dyn Output, code: u8) -> u8 {
    let rendered = error.render();
    let styled = Paint::new(Color::Auto, stream).is_on();
    let text = if styled { rendered.ansi().to_string() } else { rendered.to_string() };
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => exit::BAD_INPUT,
        _ => code,
    }
}
