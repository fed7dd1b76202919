//! Which of the runs that show the ID is the one that was dispatched.

use std::time::Duration;

use super::candidate::{Candidate, Candidates, Place};
use super::name_of;
use crate::event::IdentifiedBy;
use crate::github::Run;
use crate::time::Moment;

/// What is known so far.
#[derive(Debug)]
pub(super) enum Verdict {
    /// This is the run.
    Found(Box<Run>, IdentifiedBy),
    /// Several runs show a supplied ID: these.
    Ambiguous(Vec<String>),
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
    // What is not listed any more, deleted for example, stays in question.
    for candidate in candidates.ever_listed() {
        let Some(place) = &candidate.shows else {
            if !candidate.is_anothers {
                earlier.push(candidate);
            }
            continue;
        };
        let created = candidate.run.created_by();
        let may_descend = earlier
            .iter()
            .any(|earlier| !earlier.is_past(place) && earlier.may_have_dispatched_at(created));
        return if may_descend {
            Verdict::Undecided(Some(name_of(&candidate.run)))
        } else {
            Verdict::Found(Box::new(candidate.run.clone()), place.clue())
        };
    }
    Verdict::Undecided(None)
}

/// How much later than a run of the same moment lists may show another.
const LISTS_LAG_BY: Duration = Duration::from_secs(1);

/// Others that share a supplied ID may dispatch so much later: nothing is
/// decided before, and what is created later is none of the moment.
const SETTLING: Duration = Duration::from_secs(3);

/// A supplied ID may be shared by other calls of the same moment, and theirs
/// may be listed first. One run that shows it is the one only when this call's
/// own would stand in the latest list, asked for at `listed`, and no other run of
/// the moment may still show the ID.
pub(super) fn of_supplied_id(candidates: &Candidates, sent: Moment, listed: Moment) -> Verdict {
    let showing: Vec<(&Candidate, &Place)> = candidates
        .in_order()
        .filter_map(|candidate| Some((candidate, candidate.shows.as_ref()?)))
        .collect();
    match showing.as_slice() {
        [] => Verdict::Undecided(None),
        [(candidate, place)] => {
            let settled = listed >= sent + SETTLING
                && would_all_be_listed(candidates, candidate, sent, listed)
                && candidates
                    .ever_listed()
                    .filter(|other| other.run.id != candidate.run.id)
                    .filter(|other| is_of_the_moment(candidates, other))
                    .all(|other| other.is_past(place));
            if settled {
                Verdict::Found(Box::new(candidate.run.clone()), place.clue())
            } else {
                Verdict::Undecided(Some(name_of(&candidate.run)))
            }
        }
        several => Verdict::Ambiguous(several.iter().map(|(c, _)| name_of(&c.run)).collect()),
    }
}

/// Whether a list of that moment has the dispatched run, if it is not this one. It
/// was created by the time of its dispatch's answer, and lists lag about as much
/// for one as for the other. Of a run without a date it is not known how much that was: the
/// longer it took to be listed, the longer another may take.
fn would_all_be_listed(
    candidates: &Candidates,
    shown: &Candidate,
    sent: Moment,
    listed: Moment,
) -> bool {
    let Some(created) = shown.run.created_at else {
        return listed >= shown.first_listed + (shown.first_listed - sent) + LISTS_LAG_BY;
    };
    let is_possible = candidates.latest_from.is_none_or(|from| created >= from);
    let later_by = candidates
        .latest_until
        .map_or(Duration::ZERO, |until| until.since(created));
    is_possible && listed >= shown.first_listed + later_by + LISTS_LAG_BY
}

/// Whether a run was created about when the dispatch was sent.
fn is_of_the_moment(candidates: &Candidates, other: &Candidate) -> bool {
    match (other.run.created_at, candidates.latest_until) {
        (Some(created), Some(until)) => created <= until.later_by(SETTLING),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::candidate::{LogReading, Source};
    use super::*;
    use crate::github::Server;
    use crate::json::read as from_json;
    use crate::settings::{DistinctId, Software};
    use crate::time::ServerTime;
    use crate::word::Word;

    const ID: &str = "abc-1";

    fn time(second: u32) -> String {
        format!("2026-01-01T00:00:{second:02}Z")
    }

    fn at(second: u64) -> Moment {
        Moment::from_zero(Duration::from_secs(second))
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
        candidates.update(runs, &word(), at(0));
        candidates
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

    fn log(candidates: &mut Candidates, source: Source, shows: bool) {
        candidates.read_log(source, LogReading::Searched(shows), Moment::default());
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

        let supplied = |candidates: &Candidates| found(&of_supplied_id(candidates, at(0), at(60)));
        let other = listed(&[(1, 1, "titled otherwise"), (2, 5, "titled")]);
        assert_eq!(supplied(&other), None);
        let alike = listed(&[(1, 1, "in_progress"), (2, 5, "titled")]);
        assert_eq!(supplied(&alike), Some(2));
    }

    #[test]
    fn a_title_that_may_be_a_commits_message_proves_nothing_of_another_commit() {
        let verdict = |commits: [Option<&str>; 2]| {
            let runs = [("Deploy x", commits[0]), ("Deploy abc-1", commits[1])];
            let runs = (1..).zip(runs).map(|(id, (title, commit))| {
                from_json(&json!({
                    "id": id, "status": "in_progress", "display_title": title,
                    "head_sha": commit, "started_at": time(1),
                }))
            });
            let mut candidates = Candidates::new(Server::new(Software::Gitea).family());
            candidates.update(runs, &word(), at(0));
            found(&of_drawn_id(&candidates))
        };
        assert_eq!(verdict([Some("a"), Some("a")]), Some(2));
        assert_eq!(verdict([Some("a"), Some("b")]), None);
        assert_eq!(verdict([None, None]), None);
    }

    #[test]
    fn what_is_another_calls_is_neither_in_question_nor_read() {
        let mut candidates = listed(&[(1, 1, "titled otherwise"), (2, 5, "titled")]);
        assert_eq!(found(&of_drawn_id(&candidates)), None);
        assert_eq!(candidates.unread_jobs(), [Source::Jobs { run: 1 }]);
        candidates.leave_out(|_, candidate| candidate.run.id == 1);
        assert_eq!(found(&of_drawn_id(&candidates)), Some(2));
        assert_eq!(candidates.unread_jobs(), []);
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
    fn an_earlier_attempt_may_have_dispatched_what_this_one_cannot_have() {
        let mut candidates = listed(&[(1, 1, "in_progress"), (2, 5, "in_progress")]);
        read(&mut candidates, 2, &job(20, 7, "in_progress", ID, "queued"));
        let late = job(10, 9, "in_progress", "x", "queued");
        read(&mut candidates, 1, &late);
        assert_eq!(found(&of_drawn_id(&candidates)), Some(2));
        let again: Vec<Run> = candidates
            .in_order()
            .map(|candidate| Run {
                run_attempt: Some(if candidate.run.id == 1 { 2 } else { 1 }),
                ..candidate.run.clone()
            })
            .collect();
        candidates.update(again.into_iter(), &word(), at(0));
        read(&mut candidates, 2, &job(20, 7, "in_progress", ID, "queued"));
        read(&mut candidates, 1, &late);
        assert_eq!(found(&of_drawn_id(&candidates)), None);

        // The list may be older than its jobs.
        let mut candidates = listed(&[(1, 1, "in_progress"), (2, 5, "in_progress")]);
        read(&mut candidates, 2, &job(20, 7, "in_progress", ID, "queued"));
        let mut of_the_next = late;
        of_the_next[0]["run_attempt"] = json!(2);
        read(&mut candidates, 1, &of_the_next);
        assert_eq!(found(&of_drawn_id(&candidates)), None);
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
        log(&mut candidates, Source::JobLog { run: 2, job: 20 }, true);
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
        candidates.update(runs.into_iter(), &word(), at(0));
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
        candidates.update(std::iter::empty(), &word(), at(0));
        assert_eq!(candidates.in_order().count(), 2);
        for _ in 0..5 {
            candidates.update(std::iter::empty(), &word(), at(0));
        }
        let left: Vec<_> = candidates.in_order().map(|c| c.run.id).collect();
        assert_eq!(left, [2], "what shows the ID stays");
    }

    #[test]
    fn a_run_that_is_gone_before_it_was_searched_stays_in_question() {
        let mut candidates = listed(&[(1, 1, "in_progress"), (2, 5, "in_progress")]);
        read(
            &mut candidates,
            1,
            &job(10, 2, "in_progress", "x", "queued"),
        );
        let supplied = |candidates: &Candidates| found(&of_supplied_id(candidates, at(0), at(60)));
        let runs: Vec<_> = candidates.in_order().map(|c| c.run.clone()).collect();
        for _ in 0..5 {
            candidates.update(runs[1..].iter().cloned(), &word(), at(0));
        }
        read(
            &mut candidates,
            2,
            &job(20, 7, "in_progress", ID, "in_progress"),
        );
        assert_eq!(found(&of_drawn_id(&candidates)), None);
        assert_eq!(supplied(&candidates), None);
    }

    #[test]
    fn a_run_that_was_queued_when_it_was_last_listed_stays_in_question() {
        let begun = listed(&[(2, 5, "in_progress")]);
        let runs: Vec<_> = begun.in_order().map(|c| c.run.clone()).collect();
        let shown = job(20, 7, "in_progress", ID, "in_progress");
        let queued = job(10, 9, "queued", "x", "queued");
        for was_read in [false, true] {
            let mut candidates = listed(&[(1, 1, "queued")]);
            if was_read {
                read(&mut candidates, 1, &queued);
            }
            candidates.update(runs.iter().cloned(), &word(), at(1));
            read(&mut candidates, 2, &shown);
            assert_eq!(found(&of_drawn_id(&candidates)), None);
            assert_eq!(candidates.unread_jobs(), [Source::Jobs { run: 1 }]);
            read(&mut candidates, 1, &queued);
            assert_eq!(found(&of_drawn_id(&candidates)), Some(2));
        }
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
        log(&mut candidates, Source::JobLog { run: 2, job: 20 }, true);
        let (own, archive) = (
            Source::JobLog { run: 1, job: 10 },
            Source::Archive { run: 1, jobs: 1 },
        );
        for second in [0, 1, 20] {
            assert_eq!(candidates.unread_logs(at(second)), [own]);
            candidates.read_log(own, LogReading::Failed(Duration::ZERO), at(second));
            assert!(
                candidates.unread_logs(at(second)).is_empty(),
                "not again at once"
            );
            assert_eq!(candidates.unread_archives(at(second)), [archive]);
            assert_eq!(found(&of_drawn_id(&candidates)), None);
        }
        assert!(
            candidates.unread_logs(at(29)).is_empty(),
            "ever more slowly"
        );
        assert_eq!(candidates.unread_logs(at(30)), [own]);
        let asked = LogReading::Failed(Duration::from_mins(1));
        candidates.read_log(own, asked, at(30));
        assert!(candidates.unread_logs(at(89)).is_empty());
        candidates.read_log(own, LogReading::Gone, at(90));
        assert!(candidates.unread_logs(at(1_000)).is_empty());
        assert_eq!(found(&of_drawn_id(&candidates)), None);
        log(&mut candidates, archive, false);
        assert_eq!(found(&of_drawn_id(&candidates)), Some(2));
    }

    #[test]
    fn a_supplied_id_waits_for_lists_to_settle_and_for_the_others_of_the_moment() {
        let verdict =
            |candidates: &Candidates, waited| of_supplied_id(candidates, at(0), at(waited));
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
        log(&mut candidates, Source::JobLog { run: 1, job: 10 }, true);
        assert_eq!(
            found(&verdict(&candidates, 60)),
            None,
            "the other may show it as well"
        );
        log(&mut candidates, Source::JobLog { run: 2, job: 20 }, false);
        assert_eq!(found(&verdict(&candidates, 60)), Some(1));

        let candidates = listed(&[(1, 1, "titled"), (2, 5, "titled")]);
        assert!(matches!(verdict(&candidates, 0), Verdict::Ambiguous(runs) if runs.len() == 2));
    }

    #[test]
    fn a_supplied_id_waits_for_the_run_that_lists_would_show_later() {
        let server = |second| ServerTime::from_rfc3339(&time(second));
        let mut candidates = listed(&[(2, 5, "titled")]);
        candidates.latest_from = server(3);
        candidates.latest_until = server(9);
        // Ours may be created 4 s later than this one, which was listed at 0.
        let verdict =
            |candidates: &Candidates, now| found(&of_supplied_id(candidates, at(0), at(now)));
        assert_eq!(verdict(&candidates, 4), None);
        assert_eq!(verdict(&candidates, 5), Some(2));
        // It is older than the dispatch.
        candidates.latest_from = server(6);
        assert_eq!(verdict(&candidates, 60), None);
    }

    #[test]
    fn where_nothing_is_dated_a_supplied_id_waits_for_as_long_again_as_it_took_to_be_listed() {
        let run: Run = from_json(&json!({"id": 2, "status": "queued", "display_title": "abc-1"}));
        let mut candidates = Candidates::new(Server::new(Software::Gitea).family());
        candidates.update([run].into_iter(), &word(), at(9));
        let verdict = |now| found(&of_supplied_id(&candidates, at(0), at(now)));
        assert_eq!(verdict(18), None);
        assert_eq!(verdict(19), Some(2));
    }
}
