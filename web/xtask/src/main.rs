//! Builds the page and runs every check: `cargo xtask test`, `web`, `serve`; makes large price lists, `offer`.

mod checks;
mod offer;
mod serve;
mod site;
mod tools;
mod weight;

use std::env;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

Commands:
  test             install what is missing, build the page, run every check
  web              build the page into `dist/`
  serve [--port N] serve `dist/` on this machine (default port 8080)
  offer FILE MB    write a made-up AWS offer file of so many megabytes, JSON or, where FILE ends so, CSV";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> anyhow::Result<()> {
    match arguments {
        ["test"] => checks::run(),
        ["web"] => site::build(),
        ["serve"] => serve_site(8080),
        ["serve", "--port", port] => {
            serve_site(port.parse().with_context(|| format!("`{port}` is not a port"))?)
        }
        ["offer", file, megabytes] => {
            let megabytes: u64 =
                megabytes.parse().with_context(|| format!("`{megabytes}` is no number of MB"))?;
            let form = if file.ends_with(".csv") { offer::Form::Csv } else { offer::Form::Json };
            offer::write(Path::new(file), megabytes.saturating_mul(1_000_000), form)
        }
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("cannot run `{}`\n\n{USAGE}", arguments.join(" ")),
    }
}

fn serve_site(port: u16) -> anyhow::Result<()> {
    let site = site::dist();
    if !site.join("index.html").is_file() {
        bail!("there is no page in `dist/`; build it with `cargo xtask web`");
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("cannot listen on port {port}"))?;
    println!("http://{}/ (stop with Ctrl-C)", listener.local_addr()?);
    serve::serve(&listener, &site);
    Ok(())
}

/// The top of the repository.
fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.ancestors().nth(2).expect("this crate lies two folders deep").to_path_buf()
}
