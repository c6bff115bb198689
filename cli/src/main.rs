//! The `highwater` command.

use std::io::{stderr, stdin, stdout};

fn main() -> std::process::ExitCode {
    cli::run(std::env::args_os(), &mut stdin(), &mut stdout(), &mut stderr()).into()
}
