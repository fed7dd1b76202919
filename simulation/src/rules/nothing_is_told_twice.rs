//! What happens to a run, its jobs and its steps is told once for each attempt.

use std::collections::BTreeSet;

use return_dispatch::Event;

use crate::story::Story;

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        let mut told = BTreeSet::new();
        for (at, event) in &call.events {
            let what = match event {
                Event::Attempt { .. } => {
                    told.clear();
                    continue;
                }
                Event::Job { name, state, .. } => format!("{name}: {state}"),
                Event::Step {
                    job,
                    name,
                    conclusion,
                    ..
                } => format!("{job}, {name}: {conclusion}"),
                Event::RunWaits { reason } => format!("waits for {reason}"),
                Event::Ended(_) => "ended".to_owned(),
                _ => continue,
            };
            if told.contains(&what) {
                return Err(format!(
                    "call {} tells again at {at:?}: {what}",
                    call.number()
                ));
            }
            told.insert(what);
        }
    }
    Ok(())
}
