// What go-github makes of the GitHub at the first argument: one JSON object, for clients.test.js.
package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/google/go-github/v84/github"
)

const owner, name = "octo", "receiver"

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func read(url string) []byte {
	answer := must(http.Get(url))
	defer answer.Body.Close()
	return must(io.ReadAll(answer.Body))
}

func refused(err error) []any {
	var refusal *github.ErrorResponse
	if !errors.As(err, &refusal) {
		panic(err)
	}
	return []any{refusal.Response.StatusCode, refusal.Message}
}

func main() {
	ctx := context.Background()
	client := must(github.NewClient(nil).WithAuthToken("ghs_simulated").WithEnterpriseURLs(os.Args[1], os.Args[1]))
	// WithEnterpriseURLs adds /api/v3 where that is missing.
	client.BaseURL.Path = must(client.BaseURL.Parse(os.Args[1])).Path + "/"
	actions := client.Actions
	seen := map[string]any{}

	user, _, err := client.Users.Get(ctx, "")
	seen["user"] = must(user, err).GetLogin()
	workflows, _, err := actions.ListWorkflows(ctx, owner, name, nil)
	names := []string{}
	for _, workflow := range must(workflows, err).Workflows {
		names = append(names, workflow.GetName())
	}
	seen["workflows"] = names

	dispatch := func(file string, ref string, tells bool) (*github.WorkflowDispatchRunDetails, error) {
		event := github.CreateWorkflowDispatchEventRequest{Ref: ref, Inputs: map[string]any{"environment": "staging"}}
		if tells {
			event.ReturnRunDetails = github.Ptr(true)
		}
		details, _, err := actions.CreateWorkflowDispatchEventByFileName(ctx, owner, name, file, event)
		return details, err
	}
	waited := func(id int64) *github.WorkflowRun {
		for {
			run, _, err := actions.GetWorkflowRunByID(ctx, owner, name, id)
			if must(run, err).GetStatus() == "completed" {
				return run
			}
			time.Sleep(200 * time.Millisecond)
		}
	}
	newest := func(file string) *github.WorkflowRun {
		for {
			runs, _, err := actions.ListWorkflowRunsByFileName(ctx, owner, name, file, &github.ListWorkflowRunsOptions{
				Event:       "workflow_dispatch",
				ListOptions: github.ListOptions{PerPage: 1},
			})
			if found := must(runs, err).WorkflowRuns; len(found) > 0 {
				return found[0]
			}
			time.Sleep(100 * time.Millisecond)
		}
	}

	if tells := os.Args[2] == "tells"; tells {
		seen["named"] = must(dispatch("deploy.yml", "main", tells)).GetWorkflowRunID()
	} else {
		must(dispatch("deploy.yml", "main", tells))
	}
	run := waited(newest("deploy.yml").GetID())
	seen["run"] = []any{run.GetID(), run.GetConclusion(), run.GetEvent(), run.GetHeadBranch(), run.GetRunAttempt()}

	jobs := [][]any{}
	var first int64
	for job, err := range actions.ListWorkflowJobsIter(ctx, owner, name, run.GetID(), nil) {
		steps := []string{}
		for _, step := range must(job, err).Steps {
			steps = append(steps, step.GetName())
		}
		if first == 0 {
			first = job.GetID()
		}
		jobs = append(jobs, []any{job.GetName(), job.GetConclusion(), job.GetRunAttempt(), steps})
	}
	seen["jobs"] = jobs
	log, _, err := actions.GetWorkflowJobLogs(ctx, owner, name, first, 1)
	seen["log"] = string(read(must(log, err).String()))
	archive, _, err := actions.GetWorkflowRunLogs(ctx, owner, name, run.GetID(), 1)
	bytesOf := read(must(archive, err).String())
	files := []string{}
	for _, file := range must(zip.NewReader(bytes.NewReader(bytesOf), int64(len(bytesOf)))).File {
		files = append(files, file.Name)
	}
	seen["archive"] = strings.Join(files, "\n")

	must(dispatch("slow.yml", "main", false))
	slow := newest("slow.yml").GetID()
	answer, err := actions.CancelWorkflowRunByID(ctx, owner, name, slow)
	// go-github returns an error for 202 as well.
	var accepted *github.AcceptedError
	if err != nil && !errors.As(err, &accepted) {
		panic(err)
	}
	seen["cancelled"] = []any{slow, answer.StatusCode, waited(slow).GetConclusion()}
	again, err := actions.CancelWorkflowRunByID(ctx, owner, name, slow)
	seen["again"] = append(refused(err), again.StatusCode)

	_, _, err = actions.GetWorkflowRunByID(ctx, owner, name, 1)
	seen["missing"] = refused(err)
	_, err = dispatch("deploy.yml", "gone", false)
	seen["ref"] = refused(err)
	seen["remaining"] = answer.Rate.Limit
	must(0, json.NewEncoder(os.Stdout).Encode(seen))
}
