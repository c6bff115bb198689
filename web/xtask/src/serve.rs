//! A static file server for this machine alone: enough for the page, no more.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread;
use std::time::Duration;

/// A browser holds connections open in reserve; none may hold a thread for long.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest request head that is read.
const HEAD_LIMIT: u64 = 16 * 1024;

/// Answers requests for the files below `site` until the listener fails.
pub fn serve(listener: &TcpListener, site: &Path) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else { return };
        let site = site.to_path_buf();
        // A client that hangs up early is no concern of ours.
        thread::spawn(move || drop(answer(&stream, &site)));
    }
}

fn answer(mut stream: &TcpStream, site: &Path) -> io::Result<()> {
    stream.set_read_timeout(Some(READ_TIMEOUT))?;
    let Some((method, target)) = request(stream)? else { return Ok(()) };

    let (status, media_type, body) = if method != "GET" && method != "HEAD" {
        ("405 Method Not Allowed", "text/plain", b"only GET and HEAD\n".to_vec())
    } else if let Some(path) = file(site, &target)
        && let Ok(body) = fs::read(&path)
    {
        ("200 OK", media_type(&path), body)
    } else {
        ("404 Not Found", "text/plain", b"not found\n".to_vec())
    };

    write!(
        stream,
        "HTTP/1.1 {status}\r\n\
         Content-Type: {media_type}\r\n\
         Content-Length: {length}\r\n\
         Cache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Connection: close\r\n\r\n",
        length = body.len()
    )?;
    if method != "HEAD" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// Method and target of a request whose head has been read to its end.
fn request(stream: &TcpStream) -> io::Result<Option<(String, String)>> {
    let mut lines = BufReader::new(stream.take(HEAD_LIMIT)).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(None) };
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let mut words = first.split(' ');
    let request = words.next().zip(words.next());
    Ok(request.map(|(method, target)| (method.to_owned(), target.to_owned())))
}

/// The file that a request target names, unless it leads out of the site.
fn file(site: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    // Our files need no escapes, so a target with one names none of them.
    if !inside || path.contains(['%', '\\', '\0']) {
        return None;
    }
    let name = if path.is_empty() { "index.html" } else { path };
    Some(site.join(name))
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json" | "webmanifest") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("csv") => "text/csv; charset=utf-8",
        Some("toml" | "txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_names_a_file_of_the_site() {
        check("/", Some("site/index.html"));
        check("/app.js", Some("site/app.js"));
        check("/app_bg.wasm?v=1", Some("site/app_bg.wasm"));
        check("/sub/page.html", Some("site/sub/page.html"));
    }

    #[test]
    fn no_target_leads_out_of_the_site() {
        check("/../Cargo.toml", None);
        check("/a/../../Cargo.toml", None);
        check("//etc/passwd", None);
        check("/%2e%2e/Cargo.toml", None);
        check("/..\\Cargo.toml", None);
        check("Cargo.toml", None);
        check("http://elsewhere/", None);
    }

    #[track_caller]
    fn check(target: &str, expected: Option<&str>) {
        assert_eq!(file(Path::new("site"), target), expected.map(PathBuf::from));
    }
}
