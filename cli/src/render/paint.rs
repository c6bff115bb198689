//! Colors, when they are wanted.

use crate::output::Output;

/// When to color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Colors text, or leaves it alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint(bool);

/// What a text is, for the eye.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// A heading.
    Strong,
    /// Of less importance.
    Faint,
    /// Good news.
    Good,
    /// Worth a second look.
    Warning,
    /// Bad news.
    Bad,
}

impl Paint {
    /// For a stream.
    pub(crate) fn new(color: Color, stream: &dyn Output) -> Self {
        let wanted = || std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let dumb = || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self(match color {
            Color::Auto => stream.is_terminal() && wanted() && !dumb(),
            Color::Always => true,
            Color::Never => false,
        })
    }

    /// Leaves all text alone.
    pub(crate) const OFF: Self = Self(false);

    /// Whether there is color.
    pub(crate) fn is_on(self) -> bool {
        self.0
    }

    /// A text in its tone.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            _ if !self.0 || text.is_empty() => return text.to_owned(),
            Tone::Plain => return text.to_owned(),
            Tone::Strong => "1",
            Tone::Faint => "2",
            Tone::Good => "32",
            Tone::Warning => "33",
            Tone::Bad => "31",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// A heading.
    pub(crate) fn strong(self, text: &str) -> String {
        self.paint(Tone::Strong, text)
    }

    /// Something of less importance.
    pub(crate) fn faint(self, text: &str) -> String {
        self.paint(Tone::Faint, text)
    }
}
