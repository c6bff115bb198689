//! Builds the page and the command, and runs every check. `USAGE` says what else.

mod arrange;
mod bundle;
mod checks;
mod fuzz;
mod inventory;
mod lighthouse;
mod offer;
mod release;
mod sbom;
mod serve;
mod site;
mod tools;
mod weight;

use std::env;
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, bail};

use self::serve::{Request, Site};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

Commands:
  test             install what is missing, build the page, run every check
  tools            install what is missing
  web [--any-weight]
                   build the page into `dist/`, and see whether it is light enough
  release          build the command as it is published, the same bytes in any folder
  reproducible [binary | page]
                   build both in two folders, or one of them, and compare what comes out
  sbom FOLDER      write what the command and the page are made of, as CycloneDX
  inventory        compare what runs while we are compiled with the list in `.ci/inventory.csv`
  serve [--port N] [--base /PATH] [--no-build]
                   build the page and serve it on this machine, on port 8080 and below `/` if nothing else is said
  fuzz [--runs N] [--minutes N] [TARGET...]
                   look for input that breaks something: each target for ten minutes if nothing else is said
  lighthouse       build the page and print Lighthouse's marks for it
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
        ["tools"] => checks::install().map(drop),
        ["web"] => site::build(),
        ["web", "--any-weight"] => site::make(),
        ["release"] => release::build().map(drop),
        ["reproducible", what @ ..] => release::reproducible(what),
        ["sbom", folder] => sbom::write(Path::new(folder)),
        ["inventory"] => inventory::check(),
        ["serve", options @ ..] => serve_site(ServeOptions::read(options)?),
        ["fuzz", options @ ..] => fuzz::run(&fuzz::Options::read(options)?),
        ["lighthouse"] => lighthouse::run(),
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

/// How the page is served.
#[derive(Debug, PartialEq, Eq)]
struct ServeOptions {
    port: u16,
    base: String,
    build: bool,
}

impl ServeOptions {
    fn read(arguments: &[&str]) -> anyhow::Result<Self> {
        let mut options = Self { port: 8080, base: String::new(), build: true };
        let mut arguments = arguments.iter();
        while let Some(&option) = arguments.next() {
            let mut value =
                || arguments.next().with_context(|| format!("`{option}` needs a value"));
            match option {
                "--port" => {
                    let port = value()?;
                    options.port =
                        port.parse().with_context(|| format!("`{port}` is not a port"))?;
                }
                "--base" => options.base = base(value()?)?,
                "--no-build" => options.build = false,
                _ => bail!("`serve` has no `{option}`\n\n{USAGE}"),
            }
        }
        Ok(options)
    }
}

/// A path that addresses may begin with, without its last slash.
fn base(path: &str) -> anyhow::Result<String> {
    let path = path.trim_end_matches('/');
    let inner = path.strip_prefix('/').unwrap_or_default();
    let plain = |part: &str| {
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.~".contains(letter);
        part.chars().all(allowed) && !part.trim_matches('.').is_empty()
    };
    if !path.is_empty() && !inner.split('/').all(plain) {
        bail!("`{path}` is not a path such as `/sub/path`");
    }
    Ok(path.to_owned())
}

fn serve_site(options: ServeOptions) -> anyhow::Result<()> {
    let ServeOptions { port, base, build } = options;
    if build {
        site::build()?;
    }
    let folder = site::dist();
    if !folder.join("index.html").is_file() {
        bail!("there is no page in `dist/`; build it with `cargo xtask web`");
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("cannot listen on port {port}"))?;
    println!("http://{}{base}/ (stop with Ctrl-C)", listener.local_addr()?);
    answer_all(&listener, &Site { folder, base });
    Ok(())
}

/// Answers requests for the files of a site until the listener fails.
fn answer_all(listener: &TcpListener, site: &Site) {
    for stream in listener.incoming().map_while(Result::ok) {
        let site = site.clone();
        // A client that hangs up early is no concern of ours.
        thread::spawn(move || drop(answer(&stream, &site)));
    }
}

fn answer(stream: &TcpStream, site: &Site) -> io::Result<()> {
    match Request::read(stream)? {
        Some(request) => serve::answer(stream, &request, site),
        None => Ok(()),
    }
}

/// Another copy of the repository to work in, for [`release::reproducible`].
const ROOT: &str = "XTASK_ROOT";

/// The top of the repository.
fn root() -> PathBuf {
    if let Some(root) = env::var_os(ROOT) {
        return root.into();
    }
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.ancestors().nth(2).expect("this crate lies two folders deep").to_path_buf()
}

/// Where cargo puts what it makes.
fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_serve_come_in_any_order() {
        let options = ServeOptions::read(&["--no-build", "--base", "/sub/path/", "--port", "80"]);
        let expected = ServeOptions { port: 80, base: "/sub/path".to_owned(), build: false };
        assert_eq!(options.expect("good options"), expected);
        assert_eq!(base("/").expect("the top"), "");
    }

    #[test]
    fn wrong_options_are_refused() {
        for wrong in [
            &["--port"][..],
            &["--port", "high"],
            &["--base", "sub"],
            &["--base", "/a//b"],
            &["--base", "/../a"],
            &["--nobuild"],
        ] {
            assert!(ServeOptions::read(wrong).is_err(), "{wrong:?}");
        }
    }
}
