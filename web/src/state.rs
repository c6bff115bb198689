//! What the page knows: its inputs, and nothing that follows from them.

use std::rc::Rc;

use yew::Reducible;

use crate::link::Linked;
use page_engine::examples::EXAMPLES;
use page_engine::protocol::Shown;

/// The inputs of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The scenario that is planned.
    pub text: Rc<str>,
    /// The example that it started from.
    pub from: Option<&'static str>,
    /// What the user wrote last, kept while an example is shown.
    pub own: Option<Rc<str>>,
    /// How figures are shown.
    pub shown: Shown,
    /// Why a link or a file was not taken.
    pub refused: Option<String>,
    /// What else the last change did.
    pub note: Option<String>,
}

impl Default for State {
    fn default() -> Self {
        let first = &EXAMPLES[0];
        Self {
            text: first.text.into(),
            from: Some(first.name),
            own: None,
            shown: Shown::default(),
            refused: None,
            note: None,
        }
    }
}

/// What a user can do.
pub enum Action {
    /// Start from an example, by its place.
    Start(usize),
    /// Go back to what was written before an example was looked at.
    Own,
    /// Change the text.
    Write(String),
    /// Show figures in other units.
    Show(Shown),
    /// Take what a link says.
    Follow(Linked),
    /// Take a file's text.
    Open(String),
    /// Say why something was not taken.
    Refuse(String),
    /// Say what else the last change did.
    Note(String),
}

impl State {
    /// Whether the text is an example's own.
    pub fn example(&self) -> Option<usize> {
        EXAMPLES.iter().position(|example| *example.text == *self.text)
    }

    /// What a link to it says.
    pub fn linked(&self) -> Linked {
        Linked { text: self.text.to_string(), from: self.from, shown: self.shown }
    }

    /// The inputs after something was done.
    pub fn after(&self, action: Action) -> Self {
        let mut after = Self { refused: None, note: None, ..self.clone() };
        match action {
            Action::Start(index) => {
                if self.example().is_none() {
                    after.own = Some(self.text.clone());
                }
                let example = &EXAMPLES[index];
                (after.text, after.from) = (example.text.into(), Some(example.name));
            }
            Action::Own => {
                if let Some(own) = after.own.take() {
                    after.text = own;
                }
            }
            Action::Write(text) => {
                after.text = text.into();
                after.own = None;
            }
            Action::Show(shown) => after.shown = shown,
            Action::Follow(linked) => {
                after.text = linked.text.into();
                (after.from, after.shown) = (linked.from, linked.shown);
            }
            Action::Open(text) => {
                (after.text, after.own, after.from) = (text.into(), None, None);
            }
            Action::Refuse(why) => after.refused = Some(why),
            Action::Note(what) => after.note = Some(what),
        }
        after
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(self.after(action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_opens_with_the_first_example() {
        assert_eq!(State::default().example(), Some(0));
    }

    #[test]
    fn looking_at_an_example_loses_no_edit() {
        let edited = State::default().after(Action::Write("schema = 1".into()));
        assert_eq!(edited.example(), None);
        let looking = edited.after(Action::Start(2)).after(Action::Start(3));
        assert_eq!(looking.example(), Some(3));
        assert_eq!(&*looking.after(Action::Own).text, "schema = 1");
    }

    #[test]
    fn undoing_every_change_leads_back_to_the_example() {
        let edited = State::default().after(Action::Write("schema = 1".into()));
        assert_eq!(edited.after(Action::Write(EXAMPLES[0].text.into())), State::default());
    }

    #[test]
    fn what_was_refused_is_said_until_the_next_step() {
        let refused = State::default().after(Action::Refuse("too long".into()));
        assert_eq!(refused.refused.as_deref(), Some("too long"));
        assert_eq!(refused.text, State::default().text);
        assert_eq!(refused.after(Action::Start(1)).refused, None);
    }
}
