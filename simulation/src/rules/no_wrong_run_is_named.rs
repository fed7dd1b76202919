//! A run that a call names is one that this very call created: the earliest of its own that has
//! not been deleted.

use crate::story::Story;

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        let Ok(identified) = &call.result else {
            continue;
        };
        let (number, named) = (call.number(), identified.run_id);
        if !story.runs_of(call).any(|run| run.id == named) {
            let whose = story.runs.iter().find(|run| run.id == named);
            return Err(format!(
                "call {number} names run {named}, which it did not create: {whose:?}"
            ));
        }
        let earlier = story.runs_of(call).find(|run| {
            run.id < named && run.deleted_at.is_none_or(|deleted| deleted > call.ended)
        });
        if let Some(earlier) = earlier {
            return Err(format!(
                "call {number} names its run {named}, but its run {} is earlier",
                earlier.id
            ));
        }
    }
    Ok(())
}
