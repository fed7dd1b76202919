//! What can be asked for in GraphQL.

use serde_json::json;

use super::{Arrival, GitHub};
use crate::{
    answer::{Answer, Problem},
    graphql::{self, Node, Root},
    limit::Balance,
    scenario::{Repository, Token},
};

impl GitHub {
    pub(super) fn answer_graphql(&mut self, arrival: &Arrival<'_>) -> Answer {
        let Arrival { request, now, .. } = *arrival;
        let token = match self.token(request, now) {
            Ok(token) => token,
            Err(problem) => return problem.answer(&self.profile, "graphql"),
        };
        let second = self.clock.unix_seconds(now);
        let counts = self.profile.counts_requests;
        let limit = counts.then(|| self.question_limits.count(&token, second));
        let answer = if limit.is_some_and(Balance::is_exceeded) {
            // No error by its status: see
            // https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
            let message = format!("API rate limit exceeded for user {}.", token.actor);
            let error = json!({ "type": "RATE_LIMITED", "message": message });
            Answer::json(200, &json!({ "errors": [error] }))
        } else {
            let asker = Asker {
                github: self,
                token: &token,
            };
            match graphql::answer(&request.body, &asker) {
                Some(answer) => Answer::json(200, &answer),
                None => Problem::new(400, "Problems parsing JSON").answer(&self.profile, "graphql"),
            }
        };
        match limit {
            Some(limit) => limit.write(answer),
            None => answer,
        }
    }
}

struct Asker<'a> {
    github: &'a GitHub,
    token: &'a Token,
}

impl Asker<'_> {
    /// Each ID is that of the REST API's payload, where it is called `node_id`.
    fn person(&self, kind: &'static str, login: &str) -> Node {
        let user = self.github.payloads.user(login);
        let id = Node::Leaf(user["node_id"].clone());
        Node::Object(kind, vec![("id", id), ("login", Node::leaf(login))])
    }

    fn node(&self, index: usize, repository: &Repository) -> Node {
        let payload = self.github.payloads.repository(index);
        let known = |field: &str| Node::Leaf(payload[field].clone());
        let permission = if self.token.can_write {
            "WRITE"
        } else {
            "READ"
        };
        let branch = Node::leaf(repository.default_branch.as_str());
        let none = Node::leaf(Vec::<serde_json::Value>::new());
        Node::Object(
            "Repository",
            vec![
                ("id", known("node_id")),
                ("name", known("name")),
                ("nameWithOwner", known("full_name")),
                ("owner", self.person("RepositoryOwner", &repository.owner)),
                ("description", known("description")),
                ("hasIssuesEnabled", known("has_issues")),
                ("hasWikiEnabled", known("has_wiki")),
                ("viewerPermission", Node::leaf(permission)),
                (
                    "defaultBranchRef",
                    Node::Object("Ref", vec![("name", branch)]),
                ),
                // It is no fork, and pull requests into it are not simulated.
                ("parent", Node::leaf(())),
                ("mergeCommitAllowed", Node::leaf(true)),
                ("rebaseMergeAllowed", Node::leaf(true)),
                ("squashMergeAllowed", Node::leaf(true)),
                (
                    "pullRequests",
                    Node::Object(
                        "PullRequestConnection",
                        vec![("totalCount", Node::leaf(0)), ("nodes", none)],
                    ),
                ),
            ],
        )
    }
}

impl Root for Asker<'_> {
    fn viewer(&self) -> Node {
        self.person("User", &self.token.actor)
    }

    fn repository(&self, owner: &str, name: &str) -> Option<Node> {
        let index = self.github.find_repository(owner, name, self.token)?;
        let repository = &self.github.scenario.repositories[index];
        Some(self.node(index, repository))
    }
}
