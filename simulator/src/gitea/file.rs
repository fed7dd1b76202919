//! The file of a workflow, as it would have to be written.

use std::fmt::Write as _;

use crate::workflow::{Job, Workflow};

/// The YAML of a workflow. Strings are quoted as in JSON, which YAML reads too.
pub(crate) fn file_of(workflow: &Workflow) -> String {
    let mut yaml = String::new();
    // Writing to a string does not fail.
    let _ = write(workflow, &mut yaml);
    yaml
}

fn write(workflow: &Workflow, yaml: &mut String) -> std::fmt::Result {
    if let Some(name) = &workflow.name {
        writeln!(yaml, "name: {}", quoted(name))?;
    }
    if let Some(template) = &workflow.run_name {
        writeln!(yaml, "run-name: {}", quoted(template))?;
    }
    if workflow.dispatchable {
        yaml.push_str("on:\n  workflow_dispatch:\n");
        if !workflow.inputs.is_empty() {
            yaml.push_str("    inputs:\n");
        }
        for (name, input) in &workflow.inputs {
            writeln!(yaml, "      {}:", quoted(name))?;
            let kind = if input.options.is_some() {
                "choice"
            } else {
                "string"
            };
            writeln!(yaml, "        type: {kind}")?;
            writeln!(yaml, "        required: {}", input.required)?;
            if let Some(default) = &input.default {
                writeln!(yaml, "        default: {}", quoted(default))?;
            }
            if let Some(options) = &input.options {
                writeln!(yaml, "        options: {}", list(options))?;
            }
        }
    } else {
        yaml.push_str("on: push\n");
    }
    if let Some(concurrency) = &workflow.concurrency {
        writeln!(yaml, "concurrency:")?;
        writeln!(yaml, "  group: {}", quoted(&concurrency.group))?;
        writeln!(
            yaml,
            "  cancel-in-progress: {}",
            concurrency.cancel_in_progress
        )?;
    }
    yaml.push_str("jobs:\n");
    for job in &workflow.jobs {
        write_job(workflow, job, yaml)?;
    }
    Ok(())
}

fn write_job(workflow: &Workflow, job: &Job, yaml: &mut String) -> std::fmt::Result {
    writeln!(yaml, "  {}:", id_of(workflow, &job.name))?;
    writeln!(yaml, "    name: {}", quoted(&job.name))?;
    writeln!(yaml, "    runs-on: ubuntu-latest")?;
    if !job.needs.is_empty() {
        let needs: Vec<_> = job.needs.iter().map(|name| id_of(workflow, name)).collect();
        writeln!(yaml, "    needs: {}", list(&needs))?;
    }
    if !job.matrix.is_empty() {
        writeln!(yaml, "    strategy:\n      matrix:")?;
        writeln!(yaml, "        value: {}", list(&job.matrix))?;
    }
    writeln!(yaml, "    steps:")?;
    for step in &job.steps {
        let does = match &step.run {
            Some(script) => format!("run: {}", quoted(script)),
            None => format!("uses: {}", quoted(crate::plan::ACTION)),
        };
        writeln!(yaml, "      - {does}")?;
        if let Some(name) = &step.name {
            writeln!(yaml, "        name: {}", quoted(name))?;
        }
        if step.always {
            writeln!(yaml, "        if: always()")?;
        }
    }
    Ok(())
}

/// What a job is called in the file: its name, where that may be.
fn id_of(workflow: &Workflow, name: &str) -> String {
    let is_plain = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || matches!(one, '-' | '_'));
    if is_plain {
        return name.to_owned();
    }
    let place = workflow.jobs.iter().position(|job| job.name == name);
    format!("_job_{}", place.unwrap_or_default())
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn list(texts: &[String]) -> String {
    serde_json::json!(texts).to_string()
}
