//! A static file server for this machine alone: what a host does with the folder, no more.
//!
//! It sends the headers of the folder's own `_headers` file and compresses, so that what is measured and tested here
//! is what a host would send.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;

/// A browser holds connections open in reserve; none may hold a thread for long.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest request head that is read.
const HEAD_LIMIT: u64 = 16 * 1024;

/// What says which headers go with which path.
const HEADERS: &str = "_headers";

/// A folder below a path of this machine.
#[derive(Clone, Debug)]
pub struct Site {
    /// Where the files lie.
    pub folder: PathBuf,
    /// What their addresses begin with: nothing, or `/a/path`.
    pub base: String,
}

/// Answers a request that has been read.
///
/// # Errors
///
/// When the client is slow or gone.
pub fn answer(mut stream: &TcpStream, request: &Request, site: &Site) -> io::Result<()> {
    let Answer { status, headers, body } = respond(request, site);

    write!(stream, "HTTP/1.1 {status}\r\n")?;
    for (name, value) in &headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    write!(stream, "Content-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    if request.method != "HEAD" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// What is asked for.
pub struct Request {
    /// `GET`, if all is well.
    pub method: String,
    /// The path with what follows it.
    pub target: String,
    gzip: bool,
}

impl Request {
    /// A request whose head has been read to its end; `None` when nothing was asked.
    ///
    /// # Errors
    ///
    /// When the client is slow or gone.
    pub fn read(stream: &TcpStream) -> io::Result<Option<Self>> {
        stream.set_read_timeout(Some(READ_TIMEOUT))?;
        let mut lines = BufReader::new(stream.take(HEAD_LIMIT)).lines();
        let Some(first) = lines.next().transpose()? else { return Ok(None) };
        let mut gzip = false;
        for line in lines {
            let line = line?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            gzip |= line.strip_prefix("accept-encoding:").is_some_and(takes_gzip);
        }
        let mut words = first.split(' ').map(str::to_owned);
        let request = words.next().zip(words.next());
        Ok(request.map(|(method, target)| Self { method, target, gzip }))
    }
}

fn takes_gzip(codings: &str) -> bool {
    codings.split(',').any(|coding| coding.trim() == "gzip")
}

/// What is sent.
struct Answer {
    status: &'static str,
    headers: Vec<(String, String)>,
    body: Arc<Vec<u8>>,
}

impl Answer {
    fn plain(status: &'static str) -> Self {
        let headers = vec![("Content-Type".to_owned(), "text/plain".to_owned())];
        Self { status, headers, body: Arc::new(format!("{status}\n").into_bytes()) }
    }
}

fn respond(request: &Request, site: &Site) -> Answer {
    if request.method != "GET" && request.method != "HEAD" {
        return Answer::plain("405 Method Not Allowed");
    }
    let Some(target) = request.target.strip_prefix(&site.base) else {
        return Answer::plain("404 Not Found");
    };
    if target.is_empty() {
        let mut answer = Answer::plain("308 Permanent Redirect");
        answer.headers.push(("Location".to_owned(), format!("{}/", site.base)));
        return answer;
    }
    let Some(path) = file(&site.folder, target).filter(|path| !path.ends_with(HEADERS)) else {
        return Answer::plain("404 Not Found");
    };
    let compressed = request.gzip && shrinks(&path);
    let Ok(body) = (if compressed { gzip(&path) } else { fs::read(&path).map(Arc::new) }) else {
        return Answer::plain("404 Not Found");
    };

    let mut headers = vec![("Content-Type".to_owned(), media_type(&path).to_owned())];
    if shrinks(&path) {
        headers.push(("Vary".to_owned(), "Accept-Encoding".to_owned()));
    }
    if compressed {
        headers.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
    }
    // A folder without rules is served as well.
    let rules = fs::read_to_string(site.folder.join(HEADERS)).unwrap_or_default();
    headers.extend(ruled(&rules, target.split(['?', '#']).next().unwrap_or_default()));
    Answer { status: "200 OK", headers, body }
}

/// The headers that rules name for a path: those of every block whose path it is, or begins with before a `*`.
fn ruled(rules: &str, path: &str) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    let mut meant = false;
    for line in rules.lines().filter(|line| !line.is_empty()) {
        if line.starts_with('/') {
            meant = match line.strip_suffix('*') {
                Some(beginning) => path.starts_with(beginning),
                None => path == line,
            };
        } else if meant && let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    headers
}

/// A file as it was when it was compressed.
struct Compressed {
    modified: SystemTime,
    body: Arc<Vec<u8>>,
}

/// A file's compressed bytes, made once for as long as it does not change.
fn gzip(path: &Path) -> io::Result<Arc<Vec<u8>>> {
    static MADE: Mutex<BTreeMap<PathBuf, Compressed>> = Mutex::new(BTreeMap::new());
    // A thread that panicked with the lock has at most made a file too few.
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let modified = fs::metadata(path)?.modified()?;
    if let Some(found) = made.get(path).filter(|found| found.modified == modified) {
        return Ok(Arc::clone(&found.body));
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&fs::read(path)?)?;
    let body = Arc::new(encoder.finish()?);
    made.insert(path.to_path_buf(), Compressed { modified, body: Arc::clone(&body) });
    Ok(body)
}

/// Whether compressing is worth it; pictures of pixels are small already.
fn shrinks(path: &Path) -> bool {
    !matches!(media_type(path), "image/png" | "application/octet-stream")
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
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
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

    #[test]
    fn rules_apply_to_their_paths() {
        let rules = "/*\n  A: 1\n  B: x: y\n\n/\n  C: 2\n\n/catalog/*\n  D: 3\n";
        let names = |path: &str| -> String {
            ruled(rules, path).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names("/"), "ABC");
        assert_eq!(names("/app.js"), "AB");
        assert_eq!(names("/catalog/aws/eu-west-1.csv"), "ABD");
        assert_eq!(ruled(rules, "/x")[1], ("B".to_owned(), "x: y".to_owned()));
    }

    #[test]
    fn a_site_stands_below_its_path_alone() {
        let site = Site { folder: PathBuf::from("nowhere"), base: "/a/path".to_owned() };
        let status = |target: &str| {
            let request =
                Request { method: "GET".to_owned(), target: target.to_owned(), gzip: true };
            respond(&request, &site).status
        };
        assert_eq!(status("/a/path"), "308 Permanent Redirect");
        assert_eq!(status("/"), "404 Not Found");
        assert_eq!(status("/a/pathology/"), "404 Not Found");
        assert_eq!(status("/a/path/absent.js"), "404 Not Found");
    }

    #[test]
    fn only_who_asks_for_gzip_gets_it() {
        assert!(takes_gzip(" gzip, deflate, br"));
        assert!(takes_gzip("br,gzip"));
        assert!(!takes_gzip(" br"));
        assert!(!takes_gzip(" gzip;q=0"));
    }

    #[track_caller]
    fn check(target: &str, expected: Option<&str>) {
        assert_eq!(file(Path::new("site"), target), expected.map(PathBuf::from));
    }
}
