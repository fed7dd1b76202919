//! Which of the runs that show the ID is the one that was dispatched.

use std::time::Duration;

use super::candidate::{Candidate, Candidates, Place};
use super::name_of;
use crate::event::IdentifiedBy;
use crate::github::Run;

/// What is known so far.
#[derive(Debug)]
pub(super) enum Verdict {
    /// This is the run.
    Found(Run, IdentifiedBy),
    /// Several runs show a supplied ID.
    Ambiguous(Vec<Run>),
    /// Not yet; the run that shows the ID, if one does.
    Undecided(Option<String>),
}

impl Verdict {
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Undecided(_))
    }
}

/// A drawn ID was known to nobody before the dispatch. What shows it is the
/// dispatched run, or descends from it: a child may pass the ID on, to the same
/// workflow even, and finish first. The dispatched run is the earliest of them.
///
/// So a run that shows the ID is the one unless an earlier run may have
/// dispatched it: one of whose jobs had begun by then, and which may still turn
/// out to show the ID in the same place. Runs that were merely dispatched in
/// the same moment by others had not begun.
pub(super) fn of_drawn_id(candidates: &Candidates) -> Verdict {
    let mut earlier: Vec<&Candidate> = Vec::new();
    for candidate in candidates.in_order() {
        let Some(place) = &candidate.shows else {
            earlier.push(candidate);
            continue;
        };
        let created = candidate.run.created_at;
        let may_descend = earlier
            .iter()
            .any(|earlier| !earlier.is_past(place) && earlier.may_have_dispatched_at(created));
        return if may_descend {
            Verdict::Undecided(Some(name_of(&candidate.run)))
        } else {
            Verdict::Found(candidate.run.clone(), place.clue())
        };
    }
    Verdict::Undecided(None)
}

/// A supplied ID may be shared by other calls of the same moment. One run that
/// shows it is the one only when no other run of that moment may still show it.
pub(super) fn of_supplied_id(
    candidates: &Candidates,
    waited: Duration,
    settling: Duration,
) -> Verdict {
    let showing: Vec<(&Candidate, &Place)> = candidates
        .in_order()
        .filter_map(|candidate| Some((candidate, candidate.shows.as_ref()?)))
        .collect();
    match showing.as_slice() {
        [] => Verdict::Undecided(None),
        [(candidate, place)] => {
            let settled = waited >= settling
                && candidates
                    .in_order()
                    .filter(|other| other.run.id != candidate.run.id)
                    .filter(|other| is_of_the_moment(candidates, other, settling))
                    .all(|other| other.is_past(place));
            if settled {
                Verdict::Found(candidate.run.clone(), place.clue())
            } else {
                Verdict::Undecided(Some(name_of(&candidate.run)))
            }
        }
        several => Verdict::Ambiguous(several.iter().map(|(c, _)| c.run.clone()).collect()),
    }
}

/// The bound lies before the dispatch by what its request took and some slack
/// (see [`crate::time::earliest_effect`]).
const THE_BOUND_IS_EARLY_BY: Duration = Duration::from_secs(6);

/// Whether a run was created about when the dispatch was sent.
fn is_of_the_moment(candidates: &Candidates, other: &Candidate, settling: Duration) -> bool {
    match (other.run.created_at, candidates.since) {
        (Some(created), Some(since)) => created <= since.later_by(settling + THE_BOUND_IS_EARLY_BY),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::candidate::Source;
    use super::*;
    use crate::json::{FromJson, Object};
    use crate::settings::DistinctId;
    use crate::word::Word;

    const ID: &str = "abc-1";

    fn time(second: u32) -> String {
        format!("2026-01-01T00:00:{second:02}Z")
    }

    /// Runs by ID, second of creation, and status.
    fn listed(runs: &[(u64, u32, &str)]) -> Candidates {
        let runs = runs.iter().map(|(id, created, status)| {
            let (status, title) = match *status {
                "titled" => ("in_progress", format!("Deploy {ID}")),
                "titled otherwise" => ("in_progress", "CI".to_owned()),
                status => (status, "Deploy x".to_owned()),
            };
            let run = json!({
                "id": id, "created_at": time(*created), "status": status, "display_title": title,
            });
            from_json(&run)
        });
        let mut candidates = Candidates::default();
        candidates.update(runs, &word());
        candidates
    }

    fn from_json<T: FromJson>(value: &Value) -> T {
        let json = value.to_string();
        T::from_json(&Object::parse(json.as_bytes()).unwrap()).unwrap()
    }

    fn word() -> Word {
        Word::new(&DistinctId::supplied(ID).unwrap())
    }

    /// A job `build` with one step, and when it began.
    fn job(id: u64, began: u32, status: &str, step: &str, step_status: &str) -> Value {
        let (step_status, conclusion) = match step_status {
            "completed" => (step_status, "success"),
            "skipped" => ("completed", "skipped"),
            _ => (step_status, ""),
        };
        json!([{
            "id": id, "name": "build", "status": status, "started_at": time(began),
            "conclusion": if status == "completed" { "success" } else { "" },
            "steps": [{
                "name": step, "number": 2, "status": step_status, "conclusion": conclusion,
            }],
        }])
    }

    fn read(candidates: &mut Candidates, run: u64, jobs: &Value) {
        let jobs = jobs.as_array().unwrap().iter().map(from_json).collect();
        candidates.read_jobs(run, jobs, &word());
    }

    fn found(verdict: &Verdict) -> Option<u64> {
        match verdict {
            Verdict::Found(run, _) => Some(run.id),
            _ => None,
        }
    }

    #[test]
    fn of_several_runs_that_show_a_drawn_id_the_earliest_is_the_one() {
        let candidates = listed(&[(3, 9, "titled"), (1, 1, "queued"), (2, 5, "titled")]);
        assert_eq!(found(&of_drawn_id(&candidates)), Some(2));
    }

    #[test]
    fn a_run_with_another_kind_of_title_stays_in_question() {
        let mut candidates = listed(&[(1, 1, "titled otherwise"), (2, 5, "titled")]);
        assert_eq!(found(&of_drawn_id(&candidates)), None);
        read(
            &mut candidates,
            1,
            &job(10, 3, "in_progress", "x", "completed"),
        );
        assert_eq!(
            found(&of_drawn_id(&candidates)),
            None,
            "it had begun by then"
        );
        read(
            &mut candidates,
            1,
            &job(10, 6, "in_progress", "x", "completed"),
        );
        assert_eq!(found(&of_drawn_id(&candidates)), Some(2));

        let supplied = |candidates| {
            let waited = Duration::from_mins(1);
            found(&of_supplied_id(candidates, waited, Duration::from_secs(3)))
        };
        let other = listed(&[(1, 1, "titled otherwise"), (2, 5, "titled")]);
        assert_eq!(supplied(&other), None);
        let alike = listed(&[(1, 1, "in_progress"), (2, 5, "titled")]);
        assert_eq!(supplied(&alike), Some(2));
    }

    #[test]
    fn a_run_that_had_not_begun_can_have_dispatched_nothing() {
        let mut candidates = listed(&[(1, 1, "in_progress"), (2, 5, "in_progress")]);
        read(&mut candidates, 2, &job(20, 7, "in_progress", ID, "queued"));
        assert_eq!(
            found(&of_drawn_id(&candidates)),
            None,
            "the first run's jobs are not known"
        );
        read(
            &mut candidates,
            1,
            &job(10, 6, "in_progress", "x", "queued"),
        );
        assert_eq!(found(&of_drawn_id(&candidates)), Some(2));
        read(
            &mut candidates,
            1,
            &job(10, 5, "in_progress", "x", "queued"),
        );
        assert_eq!(
            found(&of_drawn_id(&candidates)),
            None,
            "it had begun by then"
        );
    }

    #[test]
    fn a_run_that_is_past_the_place_without_showing_the_id_is_out_of_question() {
        let mut candidates = listed(&[(1, 1, "in_progress"), (2, 5, "in_progress")]);
        read(
            &mut candidates,
            2,
            &job(20, 7, "in_progress", ID, "in_progress"),
        );
        read(
            &mut candidates,
            1,
            &job(10, 2, "in_progress", "x", "queued"),
        );
        assert_eq!(found(&of_drawn_id(&candidates)), None);
        read(
            &mut candidates,
            1,
            &job(10, 2, "in_progress", "x", "completed"),
        );
        assert_eq!(found(&of_drawn_id(&candidates)), Some(2));
    }

    #[test]
    fn a_run_that_skipped_the_place_stays_in_question() {
        let mut candidates = listed(&[(1, 1, "in_progress"), (2, 5, "in_progress")]);
        read(
            &mut candidates,
            2,
            &job(20, 7, "in_progress", ID, "in_progress"),
        );
        read(
            &mut candidates,
            1,
            &job(10, 2, "in_progress", "x", "skipped"),
        );
        assert_eq!(found(&of_drawn_id(&candidates)), None);

        let mut candidates = listed(&[(1, 1, "in_progress"), (2, 5, "completed")]);
        read(
            &mut candidates,
            2,
            &job(20, 7, "completed", "x", "completed"),
        );
        candidates.read_log(Source::JobLog { run: 2, job: 20 }, Some(true));
        let skipped = json!([
            { "id": 10, "name": "build", "status": "completed", "conclusion": "skipped" },
            { "id": 11, "name": "other", "status": "in_progress", "started_at": time(3) },
        ]);
        read(&mut candidates, 1, &skipped);
        assert_eq!(found(&of_drawn_id(&candidates)), None);
    }

    #[test]
    fn jobs_that_were_read_before_the_latest_list_do_not_count() {
        let mut candidates = listed(&[(1, 1, "in_progress")]);
        read(&mut candidates, 1, &job(10, 9, "queued", "x", "queued"));
        let again = listed(&[(1, 1, "in_progress"), (2, 5, "in_progress")]);
        let runs: Vec<_> = again.in_order().map(|c| c.run.clone()).collect();
        candidates.update(runs.into_iter(), &word());
        read(
            &mut candidates,
            2,
            &job(20, 7, "in_progress", ID, "in_progress"),
        );
        assert_eq!(
            found(&of_drawn_id(&candidates)),
            None,
            "the first may have begun since"
        );
        read(
            &mut candidates,
            1,
            &job(10, 9, "in_progress", "x", "queued"),
        );
        assert_eq!(found(&of_drawn_id(&candidates)), Some(2));
    }

    #[test]
    fn a_run_that_one_list_lacks_is_not_forgotten() {
        let mut candidates = listed(&[(1, 1, "in_progress"), (2, 5, "titled")]);
        candidates.update(std::iter::empty(), &word());
        assert_eq!(candidates.in_order().count(), 2);
        for _ in 0..5 {
            candidates.update(std::iter::empty(), &word());
        }
        let left: Vec<_> = candidates.in_order().map(|c| c.run.id).collect();
        assert_eq!(left, [2], "what shows the ID stays");
    }

    #[test]
    fn a_run_whose_log_is_not_to_be_had_stays_in_question() {
        let mut candidates = listed(&[(1, 1, "completed"), (2, 5, "completed")]);
        read(
            &mut candidates,
            1,
            &job(10, 2, "completed", "x", "completed"),
        );
        read(
            &mut candidates,
            2,
            &job(20, 7, "completed", "x", "completed"),
        );
        candidates.read_log(Source::JobLog { run: 2, job: 20 }, Some(true));
        for _ in 0..100 {
            candidates.read_log(Source::JobLog { run: 1, job: 10 }, None);
            candidates.read_log(Source::Archive { run: 1 }, None);
            assert_eq!(found(&of_drawn_id(&candidates)), None);
        }
        assert!(
            candidates.unread_logs().is_empty(),
            "there is an end to attempts"
        );
        assert!(
            candidates.unread_archives().is_empty(),
            "there is an end to attempts"
        );
        candidates.read_log(Source::Archive { run: 1 }, Some(false));
        assert_eq!(found(&of_drawn_id(&candidates)), Some(2));
    }

    #[test]
    fn a_supplied_id_waits_for_lists_to_settle_and_for_the_others_of_the_moment() {
        let settling = Duration::from_secs(3);
        let verdict = |candidates: &Candidates, waited| {
            of_supplied_id(candidates, Duration::from_secs(waited), settling)
        };
        let candidates = listed(&[(1, 1, "queued"), (2, 5, "titled")]);
        assert_eq!(found(&verdict(&candidates, 2)), None);
        assert_eq!(found(&verdict(&candidates, 3)), Some(2));

        let mut candidates = listed(&[(1, 1, "completed"), (2, 5, "completed")]);
        read(
            &mut candidates,
            1,
            &job(10, 2, "completed", "x", "completed"),
        );
        read(
            &mut candidates,
            2,
            &job(20, 7, "completed", "x", "completed"),
        );
        candidates.read_log(Source::JobLog { run: 1, job: 10 }, Some(true));
        assert_eq!(
            found(&verdict(&candidates, 60)),
            None,
            "the other may show it as well"
        );
        candidates.read_log(Source::JobLog { run: 2, job: 20 }, Some(false));
        assert_eq!(found(&verdict(&candidates, 60)), Some(1));

        let candidates = listed(&[(1, 1, "titled"), (2, 5, "titled")]);
        assert!(matches!(verdict(&candidates, 0), Verdict::Ambiguous(runs) if runs.len() == 2));
    }
}
