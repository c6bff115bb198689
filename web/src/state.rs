//! What the page knows: its inputs, and nothing that follows from them.

use std::rc::Rc;

use yew::Reducible;

use crate::answer::Fetched;

/// A scenario that comes with the page.
#[derive(Debug, PartialEq, Eq)]
pub struct Example {
    /// Its file, without the ending.
    pub name: &'static str,
    /// What the button says.
    pub label: &'static str,
    /// The scenario.
    pub text: &'static str,
}

macro_rules! example {
    ($name:literal, $label:literal) => {
        Example {
            name: $name,
            label: $label,
            text: include_str!(concat!("../../examples/", $name, ".toml")),
        }
    };
}

/// Every scenario that comes with the page; the first is what it opens with.
pub static EXAMPLES: &[Example] = &[
    example!("smart-meter", "Smart meters"),
    example!("edge-telemetry", "Edge telemetry"),
    example!("ev-charging", "EV charging"),
    example!("fleet-telemetry", "Fleet telemetry"),
    example!("iot-platform", "IoT platform"),
    example!("migration", "Migration"),
    example!("two-regions", "Two regions"),
    example!("whole-bill", "The whole bill"),
    example!("reference-100mib", "Reference, 100 MiB/s"),
];

/// The inputs of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// What is planned.
    pub choice: Choice,
    /// What the user wrote last, kept while an example is shown.
    pub own: Option<String>,
    /// Prices that did not come with the page.
    pub fetched: Rc<Fetched>,
}

/// Which scenario is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// An example, by its place in [`EXAMPLES`].
    Example(usize),
    /// The user's own.
    Own,
}

impl Default for Choice {
    fn default() -> Self {
        Self::Example(0)
    }
}

/// What a user can do.
pub enum Action {
    /// Show a scenario.
    Choose(Choice),
    /// Change the text that is shown.
    Edit(String),
    /// Take a file of the catalogue, or why there is none.
    Take(&'static str, Result<String, String>),
}

impl State {
    /// The scenario that is planned.
    pub fn text(&self) -> &str {
        match self.choice {
            Choice::Example(index) => EXAMPLES[index].text,
            Choice::Own => self.own.as_deref().unwrap_or_default(),
        }
    }

    fn after(&self, action: Action) -> Self {
        let mut after = self.clone();
        match action {
            Action::Choose(choice) => after.choice = choice,
            // Undoing every change leads back to the example, not to a copy of it.
            Action::Edit(text) => match EXAMPLES.iter().position(|example| example.text == text) {
                Some(index) => (after.choice, after.own) = (Choice::Example(index), None),
                None => (after.choice, after.own) = (Choice::Own, Some(text)),
            },
            Action::Take(path, file) => {
                Rc::make_mut(&mut after.fetched).insert(path, file);
            }
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
        assert_eq!(State::default().text(), EXAMPLES[0].text);
    }

    #[test]
    fn an_edit_makes_the_scenario_the_users_own() {
        let edited = State::default().after(Action::Edit("schema = 1".into()));
        assert_eq!(edited.choice, Choice::Own);
        assert_eq!(edited.text(), "schema = 1");
    }

    #[test]
    fn looking_at_an_example_loses_no_edit() {
        let edited = State::default().after(Action::Edit("schema = 1".into()));
        let looking = edited.after(Action::Choose(Choice::Example(2)));
        assert_eq!(looking.text(), EXAMPLES[2].text);
        let back = looking.after(Action::Choose(Choice::Own));
        assert_eq!(back.text(), "schema = 1");
    }

    #[test]
    fn a_file_is_kept_whatever_is_written() {
        let path = "aws/sa-east-1.csv";
        let taken = State::default().after(Action::Take(path, Ok("sku".into())));
        let edited = taken.after(Action::Edit("schema = 1".into()));
        assert_eq!(edited.fetched[path], Ok("sku".to_owned()));
        assert_eq!(taken.text(), EXAMPLES[0].text);
    }

    #[test]
    fn undoing_every_change_leads_back_to_the_example() {
        let edited = State::default().after(Action::Edit("schema = 1".into()));
        let undone = edited.after(Action::Edit(EXAMPLES[0].text.into()));
        assert_eq!(undone, State::default());
    }
}
