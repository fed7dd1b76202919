"""What PyGithub makes of the GitHub at argv[1]: one JSON object, for clients.test.js."""

import json
import sys
import time
import urllib.request

from github import Auth, Github, GithubException


def waited(run):
    while run.status != "completed":
        time.sleep(0.2)
        run.update()
    return run


def refused(call):
    try:
        call()
    except GithubException as error:
        return [error.status, error.data["message"]]
    return None


github = Github(base_url=sys.argv[1], auth=Auth.Token("ghs_simulated"), per_page=2)
repository = github.get_repo("octo/receiver")
deploy = repository.get_workflow("deploy.yml")
seen = {
    "user": github.get_user().login,
    "branch": repository.default_branch,
    "workflow": [deploy.name, deploy.state],
    "workflows": [workflow.name for workflow in repository.get_workflows()],
    "dispatched": deploy.create_dispatch("main", {"environment": "staging"}),
}
if sys.argv[2] == "tells":
    told = deploy.create_dispatch("main", {"environment": "told"}, return_run_details=True)
    seen["told"] = told.id

while deploy.get_runs().totalCount == 0:
    time.sleep(0.1)
run = waited([run for run in deploy.get_runs()][-1])
jobs = list(run.jobs())
seen["run"] = [run.id, run.status, run.conclusion, run.event, run.head_branch]
seen["jobs"] = [[job.name, job.conclusion] for job in jobs]
seen["logs_url"] = run.logs_url
# The link alone is enough, and must be: the store refuses the token.
with urllib.request.urlopen(jobs[0].logs_url()) as log:
    seen["log"] = log.read().decode("utf-8-sig")

repository.get_workflow("slow.yml").create_dispatch("main")
while not [run for run in repository.get_workflow_runs() if run.path.endswith("slow.yml")]:
    time.sleep(0.1)
slow = next(run for run in repository.get_workflow_runs() if run.path.endswith("slow.yml"))
seen["cancelled"] = [slow.id, slow.cancel(), waited(slow).conclusion]
seen["runs"] = [run.id for run in repository.get_workflow_runs()]

seen["missing"] = refused(lambda: repository.get_workflow_run(1))
seen["ref"] = refused(lambda: deploy.create_dispatch("gone", throw=True))
print(json.dumps(seen))
