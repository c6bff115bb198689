//! Makes a folder for any static host of the page's files: names that change with what the files hold, a service worker
//! that knows them, and the headers that a host should send.
//!
//! Everything is a function of the files alone, so the same files give the same bytes.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

/// Files by their names, which say where they lie below the site.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What browsers open.
const PAGE: &str = "index.html";

/// What browsers ask for again to see whether there is anything new.
const SERVICE_WORKER: &str = "sw.js";

/// The headers of each path, in the form that Netlify, Cloudflare Pages and our own server read.
pub const HEADERS: &str = "_headers";

/// Digits of a hash in a name: enough that two contents do not meet.
const HASH_DIGITS: usize = 16;

/// What surrounds the name of a file where another refers to it.
const REFERENCES: [(&str, &str); 5] =
    [("\"./", "\""), ("'./", "'"), ("(./", ")"), ("\"", "\""), ("'", "'")];

/// What every answer carries besides the content security policy.
const EVERYWHERE: [(&str, &str); 4] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
         microphone=(), midi=(), payment=(), usb=()",
    ),
];

/// The names may stay as long as the contents do: forever.
const HASHED: &str = "public, max-age=31536000, immutable";

/// Kept, and asked for again each time.
const NAMED: &str = "no-cache";

/// The site's folder, made of the page's files and those of the catalogue.
///
/// # Errors
///
/// When the page or its service worker is not there or not as expected, or when files refer to each other in a circle.
pub fn bundle(mut files: Files, catalog: &Files) -> anyhow::Result<Files> {
    let mut take = |name: &str| {
        let bytes = files.remove(name).with_context(|| format!("there is no `{name}`"))?;
        String::from_utf8(bytes).with_context(|| format!("`{name}` is no text"))
    };
    let (page, service_worker) = (take(PAGE)?, take(SERVICE_WORKER)?);

    let (mut site, names) = hashed(files)?;
    let page = referring(&page, &names);
    let headers = headers(&page, site.keys())?;
    let service_worker = with_files(&service_worker, &page, &site, catalog)?;

    site.extend(catalog.iter().map(|(name, bytes)| (name.clone(), bytes.clone())));
    site.insert(PAGE.to_owned(), page.into_bytes());
    site.insert(SERVICE_WORKER.to_owned(), service_worker.into_bytes());
    site.insert(HEADERS.to_owned(), headers.into_bytes());
    Ok(site)
}

/// Files under names that change with what they hold, and the new name of each.
///
/// A file is named when all that it refers to are, because their names are part of what it holds.
fn hashed(mut waiting: Files) -> anyhow::Result<(Files, BTreeMap<String, String>)> {
    let (mut site, mut names) = (Files::new(), BTreeMap::new());
    while !waiting.is_empty() {
        let mut others = waiting.keys();
        let ready = waiting.iter().find(|(name, bytes)| {
            others.clone().all(|other| other == *name || !refers(bytes, other))
        });
        let Some(name) = ready.map(|(name, _)| name.clone()) else {
            let first = others.next().map_or("", String::as_str);
            bail!("`{first}` and what it refers to refer to each other");
        };
        let bytes = waiting.remove(&name).unwrap_or_default();
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => referring(&text, &names).into_bytes(),
            Err(binary) => binary.into_bytes(),
        };
        let new = with_hash(&name, &bytes);
        site.insert(new.clone(), bytes);
        names.insert(name, new);
    }
    Ok((site, names))
}

fn refers(bytes: &[u8], name: &str) -> bool {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    REFERENCES.iter().any(|(before, after)| text.contains(&format!("{before}{name}{after}")))
}

/// A text whose references are those to the new names.
fn referring(text: &str, names: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for (old, new) in names {
        for (before, after) in REFERENCES {
            text = text.replace(&format!("{before}{old}{after}"), &format!("{before}{new}{after}"));
        }
    }
    text
}

/// `app.js` becomes `app.0123456789abcdef.js`.
fn with_hash(name: &str, bytes: &[u8]) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    format!("{stem}.{}.{extension}", hash([bytes]))
}

/// The first digits of SHA-256.
fn hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        // Where one part ends matters too.
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let mut digits: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    digits.truncate(HASH_DIGITS);
    digits
}

/// The service worker with the files that it keeps, and a version that changes with any file of the site.
fn with_files(text: &str, page: &str, site: &Files, catalog: &Files) -> anyhow::Result<String> {
    let contents = site.iter().chain(catalog);
    let contents = contents.flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_slice()]);
    let version = hash(contents.chain([page.as_bytes()]));
    let names: String = site.keys().map(|name| format!("\n  './{name}',")).collect();
    let text = replaced(text, "VERSION = '';", &format!("VERSION = '{version}';"))?;
    replaced(&text, "FILES = [];", &format!("FILES = [\n  './',{names}\n];"))
}

fn replaced(text: &str, blank: &str, filled: &str) -> anyhow::Result<String> {
    let blanks = text.matches(blank).count();
    if blanks != 1 {
        bail!("`{SERVICE_WORKER}` has {blanks} times `{blank}`, not once");
    }
    Ok(text.replace(blank, filled))
}

/// What a host should send with each file.
///
/// No path has a header twice: hosts would join the values.
fn headers<'a>(page: &str, hashed: impl Iterator<Item = &'a String>) -> anyhow::Result<String> {
    let policy = page
        .split("http-equiv=\"Content-Security-Policy\" content=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .with_context(|| format!("`{PAGE}` has no content security policy"))?;
    // Browsers heed this one in a header only.
    let mut text = format!("/*\n  Content-Security-Policy: {policy}; frame-ancestors 'none'\n");
    for (name, value) in EVERYWHERE {
        text += &format!("  {name}: {value}\n");
    }
    let fixed = ["", PAGE, SERVICE_WORKER, "catalog/*"].map(|path| (path, NAMED));
    let hashed = hashed.map(|name| (name.as_str(), HASHED));
    for (path, caching) in fixed.into_iter().chain(hashed) {
        text += &format!("\n/{path}\n  Cache-Control: {caching}\n");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL_PAGE: &str = include_str!("../../static/index.html");

    const POLICY: &str =
        r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'">"#;

    #[test]
    fn a_name_changes_with_what_the_file_holds_and_refers_to() {
        let before = site("module", "1");
        assert_eq!(before, site("module", "1"), "the same files give the same bytes");

        let after = site("another module", "1");
        for kind in ["app.", "app_bg.", "start."] {
            assert_ne!(name(&before, kind), name(&after, kind));
        }
        assert_eq!(name(&before, "style."), name(&after, "style."));
        assert_ne!(before["sw.js"], after["sw.js"]);
    }

    #[test]
    fn references_follow_the_names() {
        let site = site("module", "1");
        let page = text(&site, "index.html");
        assert!(page.contains(&format!("src=\"./{}\"", name(&site, "start."))), "{page}");
        let start = text(&site, name(&site, "start."));
        assert_eq!(start, format!("import './{}'", name(&site, "app.")));
        let glue = text(&site, name(&site, "app."));
        assert_eq!(glue, format!("new URL('{}', 'app_bg.wasm.old')", name(&site, "app_bg.")));
    }

    #[test]
    fn the_service_worker_knows_every_file_and_changes_with_the_catalogue() {
        let site = site("module", "1");
        let service_worker = text(&site, "sw.js");
        for kind in ["app.", "app_bg.", "start.", "style."] {
            assert!(service_worker.contains(&format!("  './{}',\n", name(&site, kind))));
        }
        assert!(service_worker.contains("  './',\n"));
        assert!(!service_worker.contains("catalog/"), "prices are kept when they are asked for");
        assert_ne!(site["sw.js"], self::site("module", "2")["sw.js"]);
    }

    #[test]
    fn headers_keep_hashed_files_and_ask_again_for_the_others() {
        let site = site("module", "1");
        let headers = text(&site, HEADERS);
        assert!(headers.starts_with(
            "/*\n  Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\n"
        ));
        let hashed = name(&site, "app_bg.");
        assert!(headers.contains(&format!("\n/{hashed}\n  Cache-Control: {HASHED}\n")));
        assert!(headers.contains("\n/sw.js\n  Cache-Control: no-cache\n"));
    }

    #[test]
    fn the_documented_headers_are_those_that_are_written() {
        let documented = include_str!("../../HOSTING.md");
        let written = headers(REAL_PAGE, [].into_iter()).expect("the page has a policy");
        assert!(documented.contains(&format!("```text\n{written}```")), "{written}");
        assert!(documented.contains(&format!("  Cache-Control: {HASHED}\n")));
    }

    #[test]
    fn the_page_needs_nothing_inline_and_nobody_else() {
        let policy = headers(REAL_PAGE, [].into_iter()).expect("the page has a policy");
        for forbidden in ["unsafe-inline", "'unsafe-eval'", "http:", "https:", "*;"] {
            assert!(!policy.contains(forbidden), "{forbidden} in\n{policy}");
        }
        for forbidden in ["<style", " style=", " onload=", " onclick=", "javascript:", "//"] {
            assert!(!REAL_PAGE.contains(forbidden), "{forbidden} in `{PAGE}`");
        }
        let scripts = REAL_PAGE.split("<script").skip(1);
        for attributes in scripts.filter_map(|rest| rest.split('>').next()) {
            assert!(attributes.contains(" src=\"./"), "a script inline: {attributes}");
        }
    }

    #[test]
    fn what_cannot_be_named_is_an_error() {
        let circle = files(&[("a.js", "import './b.js'"), ("b.js", "import './a.js'")]);
        assert!(hashed(circle).is_err());
        assert!(bundle(files(&[("index.html", POLICY)]), &Files::new()).is_err());
        let blank = files(&[("index.html", POLICY), ("sw.js", "VERSION = '';")]);
        assert!(bundle(blank, &Files::new()).is_err(), "there is no place for the files");
    }

    fn site(module: &str, price: &str) -> Files {
        let page = format!("{POLICY}<script src=\"./start.js\"></script>");
        let files = files(&[
            ("index.html", &page),
            ("sw.js", "const VERSION = '';\nconst FILES = [];\n"),
            ("start.js", "import './app.js'"),
            ("app.js", "new URL('app_bg.wasm', 'app_bg.wasm.old')"),
            ("app_bg.wasm", module),
            ("style.css", "body {}"),
        ]);
        let catalog = self::files(&[("catalog/aws/eu-west-1.csv", price)]);
        bundle(files, &catalog).expect("a whole site")
    }

    fn files(files: &[(&str, &str)]) -> Files {
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    fn name<'a>(site: &'a Files, beginning: &str) -> &'a str {
        let mut names = site.keys().filter(|name| name.starts_with(beginning));
        names.next().expect("such a file")
    }

    fn text<'a>(site: &'a Files, name: &str) -> &'a str {
        std::str::from_utf8(&site[name]).expect("text")
    }
}
