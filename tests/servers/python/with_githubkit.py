"""What githubkit makes of the GitHub at argv[1]: one JSON object, for clients.test.js.

It has models of all that GitHub describes, and reading `parsed_data` fails where an answer does not fit them.
"""

import io
import json
import sys
import time
import zipfile

from githubkit import GitHub, TokenAuthStrategy
from githubkit.exception import RequestFailed

AT = {"owner": "octo", "repo": "receiver"}

# Without a cache of its own, and without trying again by itself.
github = GitHub(
    TokenAuthStrategy("ghs_simulated"), base_url=sys.argv[1], http_cache=False, auto_retry=False
)
rest = github.rest("2026-03-10")
actions = rest.actions


def dispatch(workflow, ref="main", **parameters):
    inputs = {"environment": "staging"}
    return actions.create_workflow_dispatch(
        **AT, workflow_id=workflow, ref=ref, inputs=inputs, **parameters
    )


def waited(run):
    while run.status != "completed":
        time.sleep(0.2)
        run = actions.get_workflow_run(**AT, run_id=run.id).parsed_data
    return run


def newest(workflow):
    while True:
        runs = actions.list_workflow_runs(
            **AT, workflow_id=workflow, event="workflow_dispatch", per_page=1
        ).parsed_data.workflow_runs
        if runs:
            return runs[0]
        time.sleep(0.1)


def refused(call):
    try:
        call()
    except RequestFailed as error:
        return [error.response.status_code, error.response.json()["message"]]
    return None


seen = {
    "user": rest.users.get_authenticated().parsed_data.login,
    "branch": rest.repos.get(**AT).parsed_data.default_branch,
    "workflows": [
        workflow.name for workflow in actions.list_repo_workflows(**AT).parsed_data.workflows
    ],
}
seen["named"] = dispatch("deploy.yml").parsed_data.workflow_run_id
run = waited(newest("deploy.yml"))
jobs = actions.list_jobs_for_workflow_run(**AT, run_id=run.id).parsed_data.jobs
seen["run"] = [run.id, run.status, run.conclusion, run.event, run.head_branch, run.run_attempt]
seen["jobs"] = [[job.name, job.conclusion, [step.name for step in job.steps]] for job in jobs]
seen["log"] = actions.download_job_logs_for_workflow_run(**AT, job_id=jobs[0].id).content.decode(
    "utf-8-sig"
)
archive = actions.download_workflow_run_logs(**AT, run_id=run.id).content
seen["archive"] = zipfile.ZipFile(io.BytesIO(archive)).namelist()

dispatch("slow.yml")
slow = newest("slow.yml")
cancelled = actions.cancel_workflow_run(**AT, run_id=slow.id)
seen["cancelled"] = [slow.id, cancelled.status_code, waited(slow).conclusion]
seen["again"] = refused(lambda: actions.cancel_workflow_run(**AT, run_id=slow.id))
seen["missing"] = refused(lambda: actions.get_workflow_run(**AT, run_id=1))
seen["ref"] = refused(lambda: dispatch("deploy.yml", "gone"))
print(json.dumps(seen))
