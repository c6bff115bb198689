//! Where text goes.

use std::io::{IsTerminal, Stderr, Stdout, Write};

/// A stream that knows whether a person looks at it.
pub trait Output: Write {
    /// Whether it is a terminal.
    fn is_terminal(&self) -> bool;
}

impl Output for Stdout {
    fn is_terminal(&self) -> bool {
        IsTerminal::is_terminal(self)
    }
}

impl Output for Stderr {
    fn is_terminal(&self) -> bool {
        IsTerminal::is_terminal(self)
    }
}

/// What tests read.
impl Output for Vec<u8> {
    fn is_terminal(&self) -> bool {
        false
    }
}
