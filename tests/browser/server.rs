//! The built page on a port of this machine, which can be taken away again.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use super::serve::{self, Request, Site};

/// A server of this process. Dropping it ends it.
pub struct Server {
    address: SocketAddr,
    base: String,
    going: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves a folder below a path, which is empty or `/a/path`.
    pub fn start(folder: PathBuf, base: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("it listens");
        let going = Arc::new(AtomicBool::new(true));
        let site = Site { folder, base: base.to_owned() };
        let asked = Arc::clone(&going);
        let thread = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if !asked.load(Ordering::SeqCst) {
                    return;
                }
                let site = site.clone();
                // A client that hangs up early is no concern of ours.
                thread::spawn(move || drop(answer(&stream, &site)));
            }
        });
        Self { address, base: base.to_owned(), going, thread: Some(thread) }
    }

    /// What the addresses of all files begin with.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        format!("{}{}/", self.origin(), self.base)
    }

    /// Ends the server: from now on nobody answers at its address.
    pub fn stop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.going.store(false, Ordering::SeqCst);
        // It waits for a connection, and looks up when one comes.
        drop(TcpStream::connect(self.address));
        drop(thread.join());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn answer(stream: &TcpStream, site: &Site) -> io::Result<()> {
    match Request::read(stream)? {
        Some(request) => serve::answer(stream, &request, site),
        None => Ok(()),
    }
}
