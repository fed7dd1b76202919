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
/// dispatched it: one that was not seen untouched when this one was there, and which may still turn
/// out to show the ID in the same place. Runs that were merely dispatched in the same moment by
/// others had not begun.
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
        let may_be_a_child = candidates.may_be_a_child(candidate);
        let may_descend = earlier.iter().any(|earlier| {
            (may_be_a_child || !candidates.seems_older(earlier))
                && !earlier.is_past(place)
                && earlier.may_have_dispatched(candidate)
        });
        return if may_descend {
            Verdict::Undecided(Some(name_of(&candidate.run)))
        } else {
            Verdict::Found(Box::new(candidate.run.clone()), place.clue())
        };
    }
    Verdict::Undecided(None)
}

/// Others that share a supplied ID may dispatch in the same moment, and lists may show their runs
/// first: nothing is decided before so much time has passed.
pub(super) const LONG_LOOK: Duration = Duration::from_mins(2);

/// A supplied ID may be shared by other calls, and theirs may be listed first. One run that shows it
/// is the one only when this call's own, if it is another, would stand in the latest complete list,
/// and no other run that may be this call's may still show the ID, or shows it with secrets masked in it.
pub(super) fn of_supplied_id(candidates: &Candidates, first: Moment, latest: Moment) -> Verdict {
    let showing: Vec<(&Candidate, &Place)> = candidates
        .in_order()
        .filter_map(|candidate| Some((candidate, candidate.shows.as_ref()?)))
        .collect();
    let in_question = || candidates.in_question().map(|one| name_of(&one.run));
    match showing.as_slice() {
        [] => Verdict::Undecided(None),
        [(candidate, place)] if in_question().count() == 1 => {
            let certain_at = own_is_listed_by(candidate, first, latest);
            let settled = !may_be_older(candidates, candidate)
                && candidates.listed_at >= Some(certain_at)
                && candidates
                    .ever_listed()
                    .filter(|other| other.run.id != candidate.run.id)
                    // Ours would have been in that list.
                    .filter(|other| other.absent_at < Some(certain_at))
                    .all(|other| other.is_past(place));
            if settled {
                Verdict::Found(Box::new(candidate.run.clone()), place.clue())
            } else {
                Verdict::Undecided(Some(name_of(&candidate.run)))
            }
        }
        _ => Verdict::Ambiguous(in_question().collect()),
    }
}

/// A run is created no later than this after its dispatch is answered.
pub(super) const CREATED_WITHIN: Duration = Duration::from_secs(5);

/// Whether a run need not be younger than the dispatch, as far as `Date` tells. One that looks older is
/// another call's, or `Date` is ahead; one that looks younger than what the dispatch created is another
/// call's, or `Date` is behind. Either way, which run is this call's is not known.
fn may_be_older(candidates: &Candidates, shown: &Candidate) -> bool {
    let Some(from) = candidates.earliest.dated() else {
        // A Gitea: only runs with later IDs than those before the dispatch are candidates.
        return shown.run.created_at.is_some();
    };
    let Some(until) = candidates.latest_until else {
        return true;
    };
    let Some(created) = shown.run.created_at else {
        // What has started is older than that.
        return shown.run.created_by().is_some_and(|started| started < from);
    };
    created < from || created.earlier_by(CREATED_WITHIN) > until
}

/// When lists have the dispatched run, if it is not this one that shows the ID.
///
/// How far lists lag is not known, but it took this run so long at most to be listed, if it was
/// created after the first dispatch of this call; the one of the latest takes as long.
fn own_is_listed_by(shown: &Candidate, first: Moment, latest: Moment) -> Moment {
    let lag = shown.first_listed - first;
    shown.first_listed.max(latest) + lag + LONG_LOOK
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
            let mut run = json!({
                "id": id, "created_at": time(*created), "status": status, "display_title": title,
            });
            if status == "queued" {
                run["updated_at"] = run["created_at"].clone();
            }
            from_json(&run)
        });
        let mut candidates = Candidates::default();
        candidates.update(runs, &word(), at(0));
        candidates.latest_until = ServerTime::from_rfc3339(&time(0));
        candidates.earliest.learn_date(candidates.latest_until);
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

    /// The verdict on a supplied ID, dispatched at 0, after a list that was asked for at this second.
    fn supplied_at(candidates: &Candidates, second: u64) -> Verdict {
        let mut candidates = candidates.clone();
        candidates.listed_at = Some(at(second));
        of_supplied_id(&candidates, at(0), at(0))
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

    /// The machines that stamp runs differ: this one seems to be older by two minutes and more.
    #[test]
    fn what_comes_late_may_be_a_child_of_what_seems_to_be_older() {
        let shown_at = |second: u64| {
            let mut candidates = Candidates::default();
            candidates.children_from = Some(at(3));
            let run = |id: u64, minute: u32, title: &str| {
                from_json::<Run>(&json!({
                    "id": id, "created_at": format!("2026-01-01T00:{minute:02}:00Z"),
                    "status": "in_progress", "display_title": title,
                }))
            };
            let own = [run(1, 5, "CI")];
            candidates.update(own.clone().into_iter(), &word(), at(0));
            let newest = ServerTime::from_rfc3339("2026-01-01T00:08:00Z").unwrap();
            candidates
                .earliest
                .learn(newest, Duration::from_secs(second));
            let both = own.into_iter().chain([run(2, 8, &format!("Deploy {ID}"))]);
            candidates.update(both, &word(), at(second));
            candidates
        };
        assert_eq!(found(&of_drawn_id(&shown_at(3))), Some(2));
        let mut late = shown_at(4);
        assert_eq!(found(&of_drawn_id(&late)), None);
        let shown = job(10, 7, "in_progress", ID, "in_progress");
        read(&mut late, 1, &shown);
        assert_eq!(found(&of_drawn_id(&late)), Some(1));
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
        // When its job says that it began is by the clock of its runner.
        for began in [3, 9] {
            let begun = job(10, began, "in_progress", "x", "completed");
            read(&mut candidates, 1, &begun);
            assert_eq!(found(&of_drawn_id(&candidates)), None);
        }

        let supplied = |candidates: &Candidates| found(&supplied_at(candidates, 120));
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
        let shown = job(20, 7, "in_progress", ID, "queued");
        for (status, expected) in [("queued", Some(2)), ("in_progress", None)] {
            let mut candidates = listed(&[(1, 1, status), (2, 5, "in_progress")]);
            read(&mut candidates, 2, &shown);
            assert_eq!(found(&of_drawn_id(&candidates)), expected, "{status}");
            // What it does later does not matter.
            let runs: Vec<_> = listed(&[(1, 1, "in_progress"), (2, 5, "in_progress")])
                .in_order()
                .map(|candidate| candidate.run.clone())
                .collect();
            candidates.update(runs.into_iter(), &word(), at(1));
            assert_eq!(found(&of_drawn_id(&candidates)), expected, "{status}");
        }
    }

    #[test]
    fn an_earlier_attempt_may_have_dispatched_what_this_one_cannot_have() {
        let mut candidates = listed(&[(1, 1, "queued"), (2, 5, "in_progress")]);
        read(&mut candidates, 2, &job(20, 7, "in_progress", ID, "queued"));
        let late = job(10, 9, "queued", "x", "queued");
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
        let mut candidates = listed(&[(1, 1, "queued"), (2, 5, "in_progress")]);
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
    fn jobs_that_were_read_before_another_run_was_there_do_not_count() {
        let mut candidates = listed(&[(1, 1, "queued")]);
        read(&mut candidates, 1, &job(10, 9, "queued", "x", "queued"));
        let again = listed(&[(1, 1, "in_progress"), (2, 5, "in_progress")]);
        let runs: Vec<_> = again.in_order().map(|c| c.run.clone()).collect();
        candidates.update(runs.into_iter(), &word(), at(0));
        let shown = job(20, 7, "in_progress", ID, "in_progress");
        read(&mut candidates, 2, &shown);
        assert_eq!(
            found(&of_drawn_id(&candidates)),
            None,
            "the first may have begun since"
        );
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
        let supplied = |candidates: &Candidates| found(&supplied_at(candidates, 120));
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
        let verdict = supplied_at;
        let candidates = listed(&[(1, 1, "queued"), (2, 5, "titled")]);
        assert_eq!(found(&verdict(&candidates, 119)), None);
        assert_eq!(found(&verdict(&candidates, 120)), Some(2));

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
            found(&verdict(&candidates, 120)),
            None,
            "the other may show it as well"
        );
        log(&mut candidates, Source::JobLog { run: 2, job: 20 }, false);
        assert_eq!(found(&verdict(&candidates, 120)), Some(1));

        let candidates = listed(&[(1, 1, "titled"), (2, 5, "titled")]);
        assert!(matches!(verdict(&candidates, 0), Verdict::Ambiguous(runs) if runs.len() == 2));
    }

    #[test]
    fn a_supplied_id_waits_for_the_run_that_lists_would_show_later() {
        let decided_at = |first_listed: u64| {
            let mut candidates = Candidates::default();
            let run: Run = from_json(&json!({
                "id": 2, "created_at": time(5), "status": "in_progress", "display_title": ID,
            }));
            candidates.latest_until = ServerTime::from_rfc3339(&time(5));
            candidates.earliest.learn_date(candidates.latest_until);
            candidates.update([run].into_iter(), &word(), at(first_listed));
            (0..1_000).find(|now| found(&supplied_at(&candidates, *now)).is_some())
        };
        // In any case two minutes, and as long again as this one took to be listed.
        assert_eq!(decided_at(0), Some(120));
        assert_eq!(decided_at(9), Some(138));
    }

    #[test]
    fn a_run_that_need_not_be_younger_than_the_dispatch_is_not_taken_for_a_supplied_id() {
        // Created at 25, and the dispatch was sent and answered then by `Date`.
        let is_found = |sent: Option<u32>, answered: Option<u32>| {
            let mut candidates = listed(&[(2, 25, "titled")]);
            let at = |second: Option<u32>| ServerTime::from_rfc3339(&time(second?));
            candidates.earliest.learn_date(at(sent));
            candidates.latest_until = at(answered);
            found(&supplied_at(&candidates, 500)).is_some()
        };
        assert!(is_found(Some(25), Some(26)));
        assert!(!is_found(Some(26), Some(27)));
        // Nothing that this call dispatched is created so late.
        assert!(is_found(Some(19), Some(20)));
        assert!(!is_found(Some(18), Some(19)));
        assert!(!is_found(Some(25), None));
        assert!(!is_found(None, None));
    }

    #[test]
    fn what_is_listed_much_later_does_not_hold_up_a_supplied_id() {
        let candidates = listed(&[(2, 5, "titled")]);
        let other: Run = from_json(&json!({ "id": 3, "status": "queued", "display_title": "CI" }));
        let both: Vec<_> = candidates
            .in_order()
            .map(|candidate| candidate.run.clone())
            .chain([other])
            .collect();
        // When the latest list was asked for that did not have the other one.
        for (absent_at, expected) in [(None, None), (Some(119), None), (Some(120), Some(2))] {
            let mut candidates = listed(&[(2, 5, "titled")]);
            candidates.listed_at = absent_at.map(at);
            candidates.update(both.iter().cloned(), &word(), at(500));
            let verdict = supplied_at(&candidates, 600);
            assert_eq!(found(&verdict), expected, "{absent_at:?}");
        }
    }
}
