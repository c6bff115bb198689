//! The built page on a port of this machine, which can fall silent.

use std::io;
use std::mem;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::serve::{self, Request, Site};

/// A server of this process. Dropping it ends it.
pub struct Server {
    address: SocketAddr,
    base: String,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

/// What the server's threads share.
#[derive(Default)]
struct State {
    ending: AtomicBool,
    silent: AtomicBool,
    /// Targets of the requests since somebody asked for them.
    heard: Mutex<Vec<String>>,
}

impl Server {
    /// Serves a folder below a path, which is empty or `/a/path`.
    pub fn start(folder: PathBuf, base: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("it listens");
        let site = Site { folder, base: base.to_owned() };
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let thread = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.ending.load(Ordering::SeqCst) {
                    return;
                }
                let (site, shared) = (site.clone(), Arc::clone(&shared));
                // A client that hangs up early is no concern of ours.
                thread::spawn(move || drop(shared.answer(&stream, &site)));
            }
        });
        Self { address, base: base.to_owned(), state, thread: Some(thread) }
    }

    /// What the addresses of all files begin with.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        format!("{}{}/", self.origin(), self.base)
    }

    /// Addresses asked for since the last call.
    pub fn requests(&self) -> Vec<String> {
        let origin = self.origin();
        let targets = mem::take(&mut *self.state.heard());
        targets.into_iter().map(|target| format!("{origin}{target}")).collect()
    }

    /// Hangs up on everyone, or answers again.
    pub fn be_silent(&self, silent: bool) {
        self.state.silent.store(silent, Ordering::SeqCst);
    }
}

impl State {
    fn answer(&self, stream: &TcpStream, site: &Site) -> io::Result<()> {
        if self.silent.load(Ordering::SeqCst) {
            return Ok(());
        }
        let Some(request) = Request::read(stream)? else { return Ok(()) };
        self.heard().push(request.target.clone());
        serve::answer(stream, &request, site)
    }

    fn heard(&self) -> MutexGuard<'_, Vec<String>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.ending.store(true, Ordering::SeqCst);
        // It waits for a connection, and looks up when one comes.
        drop(TcpStream::connect(self.address));
        drop(self.thread.take().map(JoinHandle::join));
    }
}
