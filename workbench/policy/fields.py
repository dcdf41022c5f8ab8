"""What a rule may ask of each kind of row; ``needs`` is checked against this when a pack loads."""

from collections.abc import Mapping

from workbench.model.policy import Population

#: Name of each field and what it means; a row leaves out what its source cannot say.
FIELDS: Mapping[Population, Mapping[str, str]] = {
    Population.SOURCE: {
        "path": "the source as the auditor sees it",
        "format": "what it was recognised as",
        "protected": "whether it is of a kind that carries protection data",
        "integrity": "PASSED, INDETERMINATE or FAILED",
        "integrity_code": "sub-code, or the empty text",
        "authenticity": "PASSED, INDETERMINATE or FAILED",
        "completeness": "PASSED, INDETERMINATE or FAILED",
        "time": "PASSED, INDETERMINATE or FAILED",
        "records": "how many records it holds",
    },
    Population.RUN: {
        "name": "what people call it",
        "deleted": "whether the store marks it as deleted",
        "state": "started, running, complete, failed, aborted or unknown",
        "ended": "whether it reached an end",
        "user": "who started it, as the store says",
        "params": "parameters by name",
        "tags": "tags by name",
        "seeds": "values of parameters that name a seed or random state",
        "commit": "commit of the code, or the empty text",
        "datasets": "names of the data sets it used",
    },
    Population.MODEL: {
        "name": "what people call it",
        "owner": "who answers for it, or the empty text",
        "tags": "tags by name",
        "versions": "how many versions it has",
    },
    Population.MODEL_VERSION: {
        "model": "the registered model",
        "version": "its number",
        "stage": "the store's own word, or the empty text",
        "in_production": "stage Production; where no stage is used at all, the alias champion",
        "aliases": "aliases that point at it",
        "has_run": "whether it names a run that the store holds",
        "run_state": "state of that run",
        "run_deleted": "whether that run is marked as deleted",
        "run_user": "who started that run",
        "approved_by": "tag approved_by, or the empty text",
        "licence": "tag license or licence, or the empty text",
        "data_licence": "licence of the training data as the run's tag states it",
        "datasets": "names of the data sets that its run used",
        "tags": "tags by name",
        "log_approvers": "who approved it, as the audit log says",
    },
    Population.DATASET: {
        "name": "what people call it",
        "digest": "digest as stated, or the empty text",
        "uri": "where it lies, as stated",
        "used_by": "how many runs used it",
    },
    Population.EDGE: {
        "kind": "the relation",
        "status": "verified, claimed, broken or missing",
        "dangling": "whether an end is described nowhere",
    },
    Population.APPROVAL: {
        "object": "what was approved",
        "approver": "who, as the log says",
        "registrar": "who registered it, as the log says",
        "outcome": "success, failure or unknown",
    },
    Population.DEPLOYMENT: {
        "object": "what was deployed",
        "actor": "who, as the log says",
        "approved_before": "whether an approval of the same object stands before it in the log",
        "approval_intact": "whether the record of that approval is unbroken",
    },
    Population.EVENT: {},
}
